/** Ethereum keys under a BIP-39 seed: m/44'/60'/0'/0/index (BIP-32, BIP-44, SLIP-44 coin 60). */
import { toHex } from '@glowworm/light-client/data/hex'
import type { Engines } from '@glowworm/wasm-core'
import { HARDENED_OFFSET, HDKey } from '@scure/bip32'
import { WalletError } from '../errors.ts'
import type { AccountRecord } from '../vault/content.ts'
import type { Secret } from '../vault/secrets.ts'
import { addressOf } from './address.ts'
import { seedOf } from './phrase.ts'

export const pathOf = (index: number): string => `m/44'/60'/0'/0/${index}`

/**
 * Lends the 32-byte secret key to `use`: of a phrase or seed the one at `index`, of an imported key (index null) itself.
 * The key, the seed and every step between are wiped afterwards. @throws {InvalidIndex}
 */
export function withSecretKey<T>(
  secret: Secret,
  index: number | null,
  sha256: (data: Uint8Array) => Uint8Array,
  use: (secretKey: Uint8Array) => T,
): T {
  if ((secret.kind === 'private-key') !== (index === null)) throw new InvalidIndex(index)
  if (secret.kind === 'private-key' || index === null) return lend((secret as { key: Uint8Array }).key.slice(), use)
  if (!Number.isSafeInteger(index) || index < 0 || index >= HARDENED_OFFSET) throw new InvalidIndex(index)
  const seed = secret.kind === 'phrase' ? seedOf(secret.entropy, sha256, secret.passphrase) : secret.seed.slice()
  const steps: HDKey[] = []
  try {
    let key = HDKey.fromMasterSeed(seed)
    steps.push(key)
    for (const child of [44 + HARDENED_OFFSET, 60 + HARDENED_OFFSET, HARDENED_OFFSET, 0, index]) {
      key = key.deriveChild(child)
      steps.push(key)
    }
    const secretKey = key.privateKey
    if (secretKey === null) throw new InvalidIndex(index)
    return lend(secretKey, use)
  } finally {
    seed.fill(0)
    for (const step of steps) step.wipePrivateData()
  }
}

function lend<T>(secretKey: Uint8Array, use: (secretKey: Uint8Array) => T): T {
  try {
    return use(secretKey)
  } finally {
    secretKey.fill(0)
  }
}

/** The public face of the account at `index` of the vault's secret number `place`; of an imported key, null. */
export function deriveAccount(
  secret: Secret,
  place: number,
  index: number | null,
  name: string,
  engines: Pick<Engines, 'hashes' | 'secp256k1'>,
): AccountRecord {
  return withSecretKey(secret, index, engines.hashes.sha256, (secretKey) => {
    const publicKey = engines.secp256k1.publicKey(secretKey)
    return {
      id: accountId(place, index),
      name,
      key: index === null ? { kind: 'imported', secret: place } : { kind: 'derived', secret: place, index },
      address: addressOf(publicKey, engines.hashes.keccak256),
      publicKey: toHex(compress(publicKey)),
      hidden: false,
      site: null,
    }
  })
}

/** `eth-<index>` of the first secret, as it has always been; `eth-<secret>-<index>` or `eth-<secret>-key` of others. */
function accountId(place: number, index: number | null): string {
  return place === 0 && index !== null ? `eth-${index}` : `eth-${place}-${index ?? 'key'}`
}

/** SEC 1 §2.3.3: 65 bytes uncompressed to 33 compressed. */
export function compress(publicKey: Uint8Array): Uint8Array {
  const compressed = publicKey.slice(0, 33)
  compressed[0] = 2 + (publicKey[64]! & 1)
  return compressed
}

export class InvalidIndex extends WalletError {
  constructor(index: number | null) {
    super(
      { name: 'Accounts.InvalidIndex', code: 'INVALID_INDEX', kind: 'usage' },
      `There is no account number ${index}: expected a whole number below 2³¹.`,
    )
  }
}
