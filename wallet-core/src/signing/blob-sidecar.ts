/** Blobs that travel beside a transaction (EIP-4844), with one proof each or, since EIP-7594, one for each cell. */
import type { Hex } from '@glowworm/light-client'
import { fromHex } from '@glowworm/light-client/data/hex'
import type { RlpItem } from '@glowworm/light-client/data/rlp'
import type { Engines } from '@glowworm/wasm-core'
import { WalletError } from '../errors.ts'

export interface BlobSidecar {
  /** 131,072 bytes each. */
  readonly blobs: readonly Hex[]
  /** 48 bytes, one for each blob. */
  readonly commitments: readonly Hex[]
  /** 48 bytes, one for each blob, or 128 for each: which of the two, says their number. Nodes verify them. */
  readonly proofs: readonly Hex[]
}

const BLOB_BYTES = 131_072
const POINT_BYTES = 48
/** Cells of an extended blob (CELLS_PER_EXT_BLOB). */
const CELLS = 128
/** What one transaction may carry, whatever a fork allows in a block. */
const MOST_BLOBS = 16
/** VERSIONED_HASH_VERSION_KZG */
const VERSION_KZG = 1
/** Wrapper version of EIP-7594. */
const CELL_PROOFS = Uint8Array.of(1)

/** One for each blob: 0x01 ‖ sha256(commitment)[1:]. @throws {InvalidBlobs} */
export function versionedHashesOf(sidecar: BlobSidecar, hashes: Engines['hashes']): Uint8Array[] {
  countsFit(sidecar)
  return sidecar.commitments.map((commitment) => {
    const hash = hashes.sha256(fromHex(commitment, 'commitment', POINT_BYTES))
    hash[0] = VERSION_KZG
    return hash
  })
}

/** What follows the transaction in the form that nodes take. @throws {InvalidBlobs} */
export function sidecarItems(sidecar: BlobSidecar): RlpItem[] {
  countsFit(sidecar)
  const { blobs, commitments, proofs } = sidecar
  const lists = [
    blobs.map((blob) => fromHex(blob, 'blob', BLOB_BYTES)),
    commitments.map((commitment) => fromHex(commitment, 'commitment', POINT_BYTES)),
    proofs.map((proof) => fromHex(proof, 'proof', POINT_BYTES)),
  ]
  return proofs.length === blobs.length ? lists : [CELL_PROOFS, ...lists]
}

function countsFit({ blobs, commitments, proofs }: BlobSidecar): void {
  if (blobs.length === 0 || blobs.length > MOST_BLOBS)
    throw new InvalidBlobs(`expected 1 to ${MOST_BLOBS} blobs, got ${blobs.length}`)
  if (commitments.length !== blobs.length)
    throw new InvalidBlobs(`${blobs.length} blobs need as many commitments, got ${commitments.length}`)
  if (proofs.length !== blobs.length && proofs.length !== CELLS * blobs.length)
    throw new InvalidBlobs(`expected one proof or ${CELLS} for each of ${blobs.length} blobs, got ${proofs.length}`)
}

export class InvalidBlobs extends WalletError {
  constructor(reason: string) {
    super(
      { name: 'Signing.InvalidBlobs', code: 'INVALID_BLOBS', kind: 'usage' },
      `These blobs cannot be sent: ${reason}.`,
    )
  }
}
