/** The snappy codec of the consensus network's wire against an independent implementation. */
import { toHex } from '@glowworm/light-client/data/hex'
import { decodeSnappyBlock, encodeSnappyBlock } from '@glowworm/light-client/network/beacon-p2p/snappy-block'
import fc from 'fast-check'
import { compress, uncompress } from 'snappyjs'
import { expect, it } from 'vitest'

/** Bytes with repetitions far and near, as SSZ has them, and random ones. */
const content = fc.oneof(
  fc.uint8Array({ maxLength: 70_000 }),
  fc
    .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 3000 })), {
      maxLength: 9,
    })
    .map((runs) => Uint8Array.from(runs.flatMap(([run, times]) => Array.from(run, (byte) => byte ^ (times & 3))))),
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 140_000 }))
    .map(([run, length]) => Uint8Array.from({ length }, (_, i) => run[i % run.length]!)),
)

it('each reads what the other wrote', () => {
  fc.assert(
    fc.property(content, (bytes) => {
      expect(toHex(uncompress(encodeSnappyBlock(bytes)))).toBe(toHex(bytes))
      expect(toHex(decodeSnappyBlock(compress(bytes), bytes.length))).toBe(toHex(bytes))
    }),
    { numRuns: 100 },
  )
})
