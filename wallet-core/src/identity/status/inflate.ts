/** Decompression that stops: no list makes more of itself than its reader allows. @module */
import { CredentialRefused } from '../credential/errors.ts'

/** Uncompressed: four million entries of a byte, thirty-two million of a bit. */
export const MOST_LIST_BYTES = 4 << 20

/**
 * The byte at `place` of what `compressed` holds, or null when it is shorter. No more is unpacked than is needed.
 * @param format `gzip` (RFC 1952), or `deflate`: zlib (RFC 1950)
 * @param least bytes; null too when there are fewer of them
 * @throws {CredentialRefused} STATUS: not compressed so, or `place` lies beyond {@link MOST_LIST_BYTES}
 */
export async function byteOf(
  compressed: Uint8Array,
  format: 'gzip' | 'deflate',
  place: number,
  least = 0,
): Promise<number | null> {
  if (place >= MOST_LIST_BYTES)
    throw new CredentialRefused('STATUS', 'its place in the list is beyond what is read here')
  const stream = new Blob([new Uint8Array(compressed)]).stream().pipeThrough(new DecompressionStream(format))
  const reader = stream.getReader()
  let read = 0
  let found: number | null = null
  try {
    while (found === null || read < least) {
      const { done, value } = await reader.read()
      if (done) return null
      found ??= value[place - read] ?? null
      read += value.length
    }
    return found
  } catch (cause) {
    throw new CredentialRefused('STATUS', 'the list is not compressed as it says', cause)
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
