/** The JSON of the `data` that a stored answer holds. */
export async function storedText(bytes: Uint8Array): Promise<string> {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()
}
