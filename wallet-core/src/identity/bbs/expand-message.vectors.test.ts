/** RFC 9380, appendix K. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import { describeVectors, vectorJson } from '../../../test/vectors.ts'
import { expandMessageXmd, expandMessageXof } from './expand-message.ts'

interface Vectors {
  readonly DST: string
  readonly tests: readonly { readonly len_in_bytes: string; readonly msg: string; readonly uniform_bytes: string }[]
}

describeVectors('expand_message', () => {
  test.each([
    ['expand_message_xmd_SHA256_256', expandMessageXmd],
    ['expand_message_xof_SHAKE256_36', expandMessageXof],
  ])('%s', (file, expandMessage) => {
    const { DST, tests } = vectorJson<Vectors>(`hash-to-curve/${file}.json`)
    for (const { len_in_bytes, msg, uniform_bytes } of tests) {
      const message = utf8ToBytes(msg)
      const parts = [message.subarray(0, 2), message.subarray(2)]
      expect(bytesToHex(expandMessage(parts, dstOf(DST), Number(len_in_bytes)))).toBe(uniform_bytes)
    }
    expect(tests.length).toBeGreaterThan(8)
  })
})

/** A longer one than 255 bytes is hashed first (§5.3.3); no ciphersuite of BBS has one. */
function dstOf(text: string): Uint8Array {
  const dst = utf8ToBytes(text)
  return dst.length <= 255 ? dst : sha256(concatBytes(utf8ToBytes('H2C-OVERSIZE-DST-'), dst))
}
