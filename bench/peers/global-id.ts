/** As Loadline's: `<type>:<key>` in base64url. */
export function encodeId(type: string, key: string): string {
  return Buffer.from(`${type}:${key}`).toString('base64url')
}

export function decodeId(id: string): { readonly type: string; readonly key: string } {
  const [type = '', key = ''] = Buffer.from(id, 'base64url').toString('utf8').split(':')
  return { type, key }
}
