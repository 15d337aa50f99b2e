import { nobleEngines } from '@glowworm/wasm-core'
import { getCreateAddress } from 'ethers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toHex } from '../../../data/hex.ts'
import { createdAddress } from './receipt.ts'

const engines = nobleEngines()

test('addresses of created contracts are those of ethers', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 20, maxLength: 20 }),
      fc.bigInt({ min: 0n, max: 2n ** 53n }),
      (from, nonce) => {
        const expected = getCreateAddress({ from: toHex(from), nonce }).toLowerCase()
        expect(createdAddress(toHex(from), nonce, engines)).toBe(expected)
      },
    ),
  )
})
