import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import type { Secret } from '../../vault/secrets.ts'
import { verifySignature } from '../jose/algorithms.ts'
import { holderKeys, holderSigner, pathOf, withHolderKey } from './holder-keys.ts'
import { withP256Key } from './slip10.ts'

const keyAt = (seed: string, path: readonly number[]) => withP256Key(hexToBytes(seed), path, bytesToHex)

test('SLIP-10, test vector 1 for nist256p1', () => {
  const seed = '000102030405060708090a0b0c0d0e0f'
  expect(keyAt(seed, [])).toBe('612091aaa12e22dd2abef664f8a01a82cae99ad7441b7ef8110424915c268bc2')
  expect(keyAt(seed, [0])).toBe('6939694369114c67917a182c59ddb8cafc3004e63ca5d3b84403ba8613debc0c')
})

test('SLIP-13: the path of its example', () => {
  expect(pathOf({ party: 'https://satoshi@bitcoin.org/login', number: 0 })).toEqual(
    [13, 2637750992, 2845082444, 3761103859, 4005495825].map((part, i) => (i === 0 ? part : part & 0x7fffffff)),
  )
})

test('another party, another number, another secret: another key; the phrase alone leads to it', async () => {
  const phrase: Secret = { kind: 'phrase', entropy: new Uint8Array(16).fill(7), passphrase: new Uint8Array(0) }
  const single: Secret = { kind: 'private-key', key: new Uint8Array(32).fill(7) }
  const seed: Secret = { kind: 'seed', seed: new Uint8Array(32).fill(7) }
  const secrets = [phrase, single, seed, { ...phrase, passphrase: Uint8Array.of(1) }]
  const places = [0, 1, 3].flatMap((secret) =>
    ['a', 'b'].flatMap((party) => [0, 1].map((number) => ({ secret, party, number }))),
  )
  const keys = places.map((place) => withHolderKey(secrets, place, bytesToHex))
  expect(new Set(keys).size).toBe(keys.length)
  expect(places.map((place) => withHolderKey(secrets, place, bytesToHex))).toEqual(keys)
  expect(() => withHolderKey(secrets, { secret: 9, party: 'a', number: 0 }, bytesToHex)).toThrow('not there')
  let lent = new Uint8Array()
  withHolderKey(secrets, places[0]!, (key) => {
    lent = key as Uint8Array<ArrayBuffer>
  })
  expect(lent.every((byte) => byte === 0)).toBe(true)
  const signer = await holderSigner(
    places[0]!,
    holderKeys(async (use) => use(secrets)),
  )
  const message = Uint8Array.of(1, 2, 3)
  expect(verifySignature('ES256', signer.publicJwk, message, await signer.sign(message))).toBe(true)
})
