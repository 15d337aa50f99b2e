/**
 * Web3 Secret Storage, version 3: a key under a password, by scrypt or PBKDF2, AES-128-CTR, and a Keccak-256 MAC over
 * the second half of the derived key and the ciphertext (ethereum.org, "Web3 Secret Storage Definition").
 * @module
 */
import type { Engines } from '@glowworm/wasm-core'
import { scryptAsync } from '@noble/hashes/scrypt.js'
import { addressOf } from '../accounts/address.ts'
import type { ImportCiphers } from '../ports.ts'
import { ImportTooCostly, InvalidImport, WrongImportPassword } from './errors.ts'
import { type Fields, fieldsOf, parseJson } from './json.ts'
import { checkKey } from './private-key.ts'

/** Geth writes n 2¹⁸, r 8, p 1: 256 MiB. Parity and others write 10240 to 262144 rounds of PBKDF2. */
export const KEYSTORE_BOUNDS = {
  n: 2 ** 20,
  r: 64,
  p: 64,
  /** 128 · n · r, bytes */
  memory: 2 ** 30,
  /** n · r · p */
  work: 2 ** 24,
  /** rounds of PBKDF2 */
  c: 10_000_000,
} as const

/** The 32-byte secret key, which the caller wipes. @throws {InvalidImport} {@link WrongImportPassword} {@link ImportTooCostly} */
export async function readKeystore(
  file: Uint8Array,
  password: Uint8Array,
  engines: Pick<Engines, 'hashes' | 'secp256k1'>,
  ciphers: ImportCiphers,
): Promise<Uint8Array> {
  const top = fieldsOf('keystore', parseJson('keystore', file), 'the file')
  const version = Number(top.optional('version'))
  if (version !== 3) throw new InvalidImport('keystore', 'its version is not 3')
  const crypto = top.object('crypto')
  if (crypto.text('cipher') !== 'aes-128-ctr') throw new InvalidImport('keystore', 'its cipher is not aes-128-ctr')
  const iv = crypto.object('cipherparams').hexBytes('iv', 16)
  const ciphertext = crypto.hexBytes('ciphertext', 32)
  const mac = crypto.hexBytes('mac', 32)
  const derived = await derive(crypto, password, ciphers)
  try {
    const macked = new Uint8Array(16 + ciphertext.length)
    macked.set(derived.subarray(16, 32))
    macked.set(ciphertext, 16)
    const expected = engines.hashes.keccak256(macked)
    macked.fill(0)
    if (expected.some((byte, i) => byte !== mac[i])) throw new WrongImportPassword('keystore')
    const key = await ciphers.aesCtr(derived.subarray(0, 16), iv, ciphertext)
    try {
      checkKey('keystore', key, engines)
      checkAddress(top, key, engines)
    } catch (error) {
      key.fill(0)
      throw error
    }
    return key
  } finally {
    derived.fill(0)
  }
}

async function derive(crypto: Fields, password: Uint8Array, ciphers: ImportCiphers): Promise<Uint8Array> {
  const parameters = crypto.object('kdfparams')
  const salt = parameters.hexBytes('salt', null)
  if (parameters.optional('dklen') !== 32) throw new InvalidImport('keystore', 'dklen is not 32')
  switch (crypto.text('kdf').toLowerCase()) {
    case 'scrypt': {
      const n = parameters.cost('n', KEYSTORE_BOUNDS.n)
      const r = parameters.cost('r', KEYSTORE_BOUNDS.r)
      const p = parameters.cost('p', KEYSTORE_BOUNDS.p)
      if (n < 2 || (n & (n - 1)) !== 0) throw new InvalidImport('keystore', 'n is not a power of two')
      checkMost('memory in bytes', 128 * n * r, KEYSTORE_BOUNDS.memory)
      checkMost('work', n * r * p, KEYSTORE_BOUNDS.work)
      return scryptAsync(password, salt, { N: n, r, p, dkLen: 32, maxmem: KEYSTORE_BOUNDS.memory + 2 ** 20 })
    }
    case 'pbkdf2':
      if (parameters.text('prf') !== 'hmac-sha256') throw new InvalidImport('keystore', 'prf is not hmac-sha256')
      return ciphers.pbkdf2Sha256(password, salt, parameters.cost('c', KEYSTORE_BOUNDS.c), 32)
    default:
      throw new InvalidImport('keystore', 'its kdf is neither scrypt nor pbkdf2')
  }
}

function checkMost(name: string, value: number, most: number): void {
  if (value > most) throw new ImportTooCostly(name, value, most)
}

/** The file says whose key it is; many leave it out. */
function checkAddress(
  top: Fields,
  key: Uint8Array,
  { hashes, secp256k1 }: Pick<Engines, 'hashes' | 'secp256k1'>,
): void {
  const stated = top.optional('address')
  if (typeof stated !== 'string' || stated === '') return
  const own = addressOf(secp256k1.publicKey(key), hashes.keccak256)
  if (stated.toLowerCase().replace(/^0x/, '') !== own.slice(2))
    throw new InvalidImport('keystore', 'its address does not belong to its key')
}
