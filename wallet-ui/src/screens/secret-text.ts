/** Lends the UTF-8 bytes of the NFKC form of a password and wipes them afterwards: the same keys, the same bytes everywhere. */
export async function withBytes<T>(text: string, use: (bytes: Uint8Array) => Promise<T>): Promise<T> {
  const bytes = new TextEncoder().encode(text.normalize('NFKC'))
  try {
    return await use(bytes)
  } finally {
    bytes.fill(0)
  }
}
