/** Signs data packs (docs/data-packs.md) for tests and for whoever keeps a list. @module */
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'

/** A key that everybody knows: for test networks only. */
export const DEV_PACK_SEED: Uint8Array = sha256(new TextEncoder().encode('glowworm devnet data packs'))

export interface PackPayload {
  readonly kind: string
  readonly version: number
  /** ms since the epoch */
  readonly issuedAt: number
  readonly expiresAt: number
  readonly entries: readonly unknown[]
}

/** Of a 32-byte seed, as network profiles name it. */
export const packKeyOf = (seed: Uint8Array): `0x${string}` =>
  `0x${Buffer.from(ed25519.getPublicKey(seed)).toString('hex')}`

/** What the payload says is the wallet's to check: tests sign nonsense too. */
export function signPack(payload: PackPayload, seed: Uint8Array = DEV_PACK_SEED): Uint8Array {
  const magic = Buffer.from('GWPACK1\n')
  const content = Buffer.from(JSON.stringify(payload))
  const signature = ed25519.sign(Buffer.concat([magic, content]), seed)
  return new Uint8Array(Buffer.concat([magic, signature, content]))
}
