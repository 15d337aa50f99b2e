import { toHex } from '@glowworm/light-client/data/hex'
import { nobleEngines } from '@glowworm/wasm-core'
import { personalSign } from '@metamask/eth-sig-util'
import { hashMessage as ethersHash, SigningKey } from 'ethers'
import fc from 'fast-check'
import { hashMessage } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { personalMessageDigest, readableText } from './personal-message.ts'
import { signatureText } from './signable.ts'

const engines = nobleEngines()

test('digest and signature are those of viem, ethers and eth-sig-util', async () => {
  const key = new Uint8Array(32).fill(0x17)
  const account = privateKeyToAccount(toHex(key))
  const signer = new SigningKey(key)
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (message) => {
      const raw = toHex(message)
      expect(toHex(personalMessageDigest(message, engines.hashes.keccak256))).toBe(hashMessage({ raw }))
      const ours = signatureText(engines.secp256k1.sign(personalMessageDigest(message, engines.hashes.keccak256), key))
      expect(ours).toBe(await account.signMessage({ message: { raw } }))
      expect(ours).toBe(signer.sign(ethersHash(message)).serialized)
      expect(ours).toBe(personalSign({ privateKey: Buffer.from(key), data: raw }))
    }),
    { numRuns: 1_000 },
  )
})

test('only what reads as it is written counts as text', () => {
  const text = (value: string) => readableText(new TextEncoder().encode(value))
  for (const fine of ['', 'hello', 'two\nlines\tand a tab\r\n', 'Grüße, 你好, שלום, 👋🏽'])
    expect(text(fine)).toBe(fine)
  for (const trick of ['a\u0000b', 'a\rb', '\u001b[2J', 'pay \u202e001', '\u2066x', '\ufeffx', 'a\u200fb', '\u0085'])
    expect(text(trick)).toBeNull()
  expect(readableText(Uint8Array.of(0xff, 0xfe))).toBeNull()
  expect(readableText(Uint8Array.of(0xc0, 0x80))).toBeNull()
})
