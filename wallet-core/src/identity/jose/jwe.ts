/**
 * Compact JWE with ECDH-ES on P-256 (RFC 7518 §4.6, direct key agreement) and AES-GCM: answers that only a verifier reads. Only
 * encrypting; the key that is agreed on is wiped.
 * @module
 */
import { p256 } from '@noble/curves/nist.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { base64urlnopad } from '@scure/base'
import type { Aead } from '../../ports.ts'
import { ecJwk, readPublicJwk } from '../did/jwk.ts'
import { ExchangeFailed } from '../exchange/errors.ts'
import { sec1Of } from './algorithms.ts'

/** Bytes of the key, by `enc`. */
const ENCRYPTIONS = { A128GCM: 16, A256GCM: 32 } as const
export const JWE_ENCRYPTIONS = Object.keys(ENCRYPTIONS)
const TAG_BYTES = 16

export interface Recipient {
  readonly jwk: unknown
  readonly kid: string | undefined
  readonly enc: string
  /** As they stand in the header: base64url. */
  readonly apu: string | undefined
  readonly apv: string | undefined
}

/** @throws {ExchangeFailed} for a key or an encryption that is not known here @throws {InvalidKey} */
export async function encryptJwe(
  text: string,
  { jwk, kid, enc, apu, apv }: Recipient,
  { random, aead }: { readonly random: { bytes(length: number): Uint8Array }; readonly aead: Aead },
): Promise<string> {
  const { use: _use, alg: _alg, kid: _kid, ...bare } = jwk as Record<string, unknown>
  const recipient = readPublicJwk('the key of the answer', bare)
  if (recipient.crv !== 'P-256' || !Object.hasOwn(ENCRYPTIONS, enc)) {
    throw new ExchangeFailed('the verifier', 'it asks for encryption that is not known here')
  }
  const ephemeral = p256.utils.randomSecretKey(random.bytes(48))
  const shared = p256.getSharedSecret(ephemeral, sec1Of(recipient))
  const key = concatKdf(shared.subarray(1), enc, ENCRYPTIONS[enc as keyof typeof ENCRYPTIONS], apu, apv)
  try {
    const epk = ecJwk('P-256', p256.getPublicKey(ephemeral))
    const header = { alg: 'ECDH-ES', enc, kid, apu, apv, epk }
    const encodedHeader = base64urlnopad.encode(bytesOf(JSON.stringify(header)))
    const iv = random.bytes(12)
    const sealed = await aead.seal(key, iv, bytesOf(text), bytesOf(encodedHeader))
    const parts = [iv, sealed.subarray(0, -TAG_BYTES), sealed.subarray(-TAG_BYTES)].map((part) =>
      base64urlnopad.encode(part),
    )
    return `${encodedHeader}..${parts.join('.')}`
  } finally {
    for (const secret of [ephemeral, shared, key]) secret.fill(0)
  }
}

/** NIST SP 800-56A §5.8.1 with SHA-256, in one round: no key here is longer than a hash. */
function concatKdf(z: Uint8Array, enc: string, length: number, apu = '', apv = ''): Uint8Array {
  const withLength = (bytes: Uint8Array) => concatBytes(number(bytes.length), bytes)
  const info = [bytesOf(enc), base64urlnopad.decode(apu), base64urlnopad.decode(apv)].map(withLength)
  return sha256(concatBytes(number(1), z, ...info, number(8 * length))).subarray(0, length)
}

function number(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
