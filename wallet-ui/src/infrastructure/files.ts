/** Files that a person saves and chooses. */

/** Offers the bytes as a download. */
export function saveFile(name: string, bytes: Uint8Array): void {
  const url = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download has begun by the next turn.
  setTimeout(() => URL.revokeObjectURL(url), 0)
}

export const MOST_FILE_BYTES = 16 * 1024 * 1024

/** The bytes of a chosen file; null when it is too large for anything this wallet reads. */
export async function readFile(file: File): Promise<Uint8Array | null> {
  return file.size > MOST_FILE_BYTES ? null : new Uint8Array(await file.arrayBuffer())
}
