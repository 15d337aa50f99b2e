import { p256 } from '@noble/curves/nist.js'
import { base64urlnopad } from '@scure/base'
import { compactDecrypt, importJWK } from 'jose'
import { expect, test } from 'vitest'
import { webAead, webRandom } from '../../infrastructure/web-crypto.ts'
import { ecJwk } from '../did/jwk.ts'
import { encryptJwe } from './jwe.ts'

const secretKey = new Uint8Array(32).fill(3)
const jwk = ecJwk('P-256', p256.getPublicKey(secretKey))
const ports = { random: webRandom, aead: webAead }
const party = (text: string) => base64urlnopad.encode(new TextEncoder().encode(text))

test.each([
  ['A128GCM', undefined, undefined],
  ['A256GCM', party('wallet'), party('the nonce')],
] as const)('%s: jose opens it, and nothing that was changed', async (enc, apu, apv) => {
  const text = 'what only a verifier reads: ü'
  const jwe = await encryptJwe(
    text,
    { jwk: { ...jwk, use: 'enc', alg: 'ECDH-ES', kid: 'k' }, kid: 'k', enc, apu, apv },
    ports,
  )
  const key = await importJWK({ ...jwk, d: base64urlnopad.encode(secretKey) }, 'ECDH-ES')
  const { plaintext, protectedHeader } = await compactDecrypt(jwe, key)
  expect(new TextDecoder().decode(plaintext)).toBe(text)
  expect(protectedHeader).toMatchObject({ alg: 'ECDH-ES', enc, kid: 'k' })
  const parts = jwe.split('.')
  for (const [i, part] of parts.entries()) {
    if (part === '') continue
    const changed = `${part.startsWith('A') ? 'B' : 'A'}${part.slice(1)}`
    await expect(compactDecrypt(parts.with(i, changed).join('.'), key)).rejects.toThrow()
  }
})

test('another curve, another encryption: refused', async () => {
  const ask = (more: object, enc = 'A128GCM') =>
    encryptJwe('x', { jwk: { ...jwk, ...more }, kid: undefined, enc, apu: undefined, apv: undefined }, ports)
  await expect(ask({}, 'A128CBC-HS256')).rejects.toMatchObject({ code: 'EXCHANGE_FAILED' })
  await expect(ask({ x: jwk.x.replace(/./, 'A') })).rejects.toMatchObject({ code: 'INVALID_KEY' })
  await expect(ask({ d: jwk.x })).rejects.toMatchObject({ code: 'INVALID_KEY' })
})
