import { createSecretKey, type KeyObject } from 'node:crypto'
import type { EncrypterFactory } from '../node-types.ts'

/** The part of noise that is wrapped: `k` goes to OpenSSL for records of some length. */
type RecordCipher = (
  text: { readonly byteLength: number },
  nonce: Uint8Array,
  ad: Uint8Array,
  k: unknown,
  dst?: Uint8Array,
) => unknown
interface Noise {
  readonly crypto?: { encrypt?: RecordCipher; decrypt?: RecordCipher }
}

/** Bytes below which noise has ciphers of its own, which take nothing but bytes for a key (its `crypto/index.ts`). */
const OWN_CIPHER_BELOW = 1200

/**
 * An encrypter, in Node, that makes its keys known to OpenSSL once for each connection.
 *
 * Fault (@libp2p/noise 17.0.3, `crypto/index.ts`): it hands Node the bytes of a key with each record, and Node (24.21)
 * makes a key object of them each time: 35 µs, three times what the encryption itself takes. Nothing but speed depends
 * on it: an encrypter of another kind is left as it is. Goes when upstream keeps the key object.
 */
export function withKeptKeys(factory: EncrypterFactory): EncrypterFactory {
  return (components) => {
    const encrypter = factory(components)
    const { crypto } = encrypter as Noise
    if (typeof crypto?.encrypt !== 'function' || typeof crypto.decrypt !== 'function') return encrypter
    crypto.encrypt = keepingKeys(crypto.encrypt)
    crypto.decrypt = keepingKeys(crypto.decrypt)
    return encrypter
  }
}

function keepingKeys(cipher: RecordCipher): RecordCipher {
  const kept = new WeakMap<Uint8Array, KeyObject>()
  return (text, nonce, ad, k, dst) => {
    if (text.byteLength < OWN_CIPHER_BELOW || !(k instanceof Uint8Array)) return cipher(text, nonce, ad, k, dst)
    const key = kept.get(k) ?? createSecretKey(k)
    kept.set(k, key)
    return cipher(text, nonce, ad, key, dst)
  }
}
