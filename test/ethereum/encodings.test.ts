/** RLP and ordered tries against @ethereumjs, base fees against anvil's rule as ethers states it. */

import { createMPT } from '@ethereumjs/mpt'
import { RLP } from '@ethereumjs/rlp'
import { toHex } from '@glowworm/light-client/data/hex'
import { decode, encode, RlpError, type RlpItem } from '@glowworm/light-client/data/rlp'
import { orderedTrieRoot } from '@glowworm/light-client/data/trie-root'
import { nextBaseFee } from '@glowworm/light-client/ledgers/ethereum/base-fee'
import { nobleEngines } from '@glowworm/wasm-core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeVectors, vectorJson } from '../vectors.ts'

const { hashes } = nobleEngines()
const item = fc.letrec<{ item: RlpItem; leaf: Uint8Array }>((tie) => ({
  leaf: fc.uint8Array({ maxLength: 70 }),
  item: fc.oneof({ maxDepth: 5 }, tie('leaf'), fc.array(tie('item'), { maxLength: 6 })),
})).item

describe('RLP', () => {
  it('encodes and decodes as @ethereumjs/rlp does', () => {
    fc.assert(
      fc.property(item, (value) => {
        const bytes = encode(value)
        expect(toHex(bytes)).toBe(toHex(RLP.encode(value as never)))
        expect(encode(decode(bytes))).toEqual(bytes)
      }),
    )
  })

  it('accepts a byte string only if it encodes to it again', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), (bytes) => {
        let value: RlpItem
        try {
          value = decode(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(RlpError)
          return
        }
        expect(toHex(encode(value))).toBe(toHex(bytes))
      }),
      { numRuns: 2000 },
    )
  })
})

describeVectors('RLP of the ethers vectors', () => {
  it('agrees case by case', () => {
    const cases = vectorJson<{ name: string; encoded: string; decoded: unknown }[]>('wallet/ethers/rlp.json.gz')
    expect(cases.length).toBeGreaterThan(50)
    const fromJson = (value: unknown): RlpItem =>
      Array.isArray(value) ? value.map(fromJson) : new Uint8Array(Buffer.from(String(value).slice(2), 'hex'))
    for (const { name, encoded, decoded } of cases) expect(toHex(encode(fromJson(decoded))), name).toBe(encoded)
  })
})

describe('the root of an ordered list', () => {
  it('is that of a trie built by @ethereumjs/mpt, for every length around the branching points', async () => {
    for (const length of [0, 1, 2, 16, 17, 127, 128, 129, 255, 256, 300]) {
      const values = Array.from({ length }, (_, i) =>
        Uint8Array.from({ length: 1 + ((i * 37) % 90) }, (_, j) => (i + j) % 255 || 1),
      )
      const trie = await createMPT()
      for (const [i, value] of values.entries()) await trie.put(RLP.encode(i), value)
      expect(toHex(orderedTrieRoot(values, hashes)), `${length} values`).toBe(toHex(trie.root()))
    }
  })
})

describe('the next base fee', () => {
  it.each([
    // parent gas used, expected change (EIP-1559): at the target none, full one eighth up, empty one eighth down
    [15_000_000n, 1_000_000_000n, 1_000_000_000n],
    [30_000_000n, 1_000_000_000n, 1_125_000_000n],
    [0n, 1_000_000_000n, 875_000_000n],
    [15_000_001n, 7n, 8n],
    [0n, 7n, 7n],
  ])('after %d gas at %d wei is %d wei', (gasUsed, baseFeePerGas, expected) => {
    expect(nextBaseFee({ gasUsed, baseFeePerGas, gasLimit: 30_000_000n })).toBe(expected)
  })
})
