/** A global id in SQL. What PostgreSQL breaks into lines of 76 is put together; padding is left out. */
export function globalId(type: string, key: string): string {
  return `translate(encode(convert_to('${type}:' || ${key}, 'UTF8'), 'base64'), E'+/=\\n', '-_')`
}
