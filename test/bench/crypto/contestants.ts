import { type Engines, loadEngines, nobleEngines } from '@glowworm/wasm-core'
import { readWasmFile } from '@glowworm/wasm-core/infrastructure/wasm-files'
import { loadBls12381Groups } from '@glowworm/wasm-core/load-bls12381-groups'
import { loadEd25519 } from '@glowworm/wasm-core/load-ed25519'
import { nobleEd25519 } from '@glowworm/wasm-core/noble/ed25519'
import type { Bls12381Groups, Ed25519, Secp256k1 } from '@glowworm/wasm-core/slots'
import { unverifiedSigner } from '@glowworm/wasm-core/wasm/secp256k1-unverified'
import { loadPeers, type Peers } from '../peers/peers.mjs'
import { randomBytes } from './inputs.ts'

/** Everybody who takes part. */
export interface Contestants {
  readonly ours: Engines & {
    readonly ed25519: Ed25519
    readonly groups: Bls12381Groups
    /** `secp256k1.sign` without the verification that follows. */
    readonly signUnverified: Secp256k1['sign']
  }
  readonly noble: Engines & { readonly ed25519: Ed25519 }
  readonly peers: Peers
}

/** @throws {Error} where WebAssembly is refused: there is nothing to compare. */
export async function loadContestants(): Promise<Contestants> {
  const [engines, ed25519, groups, signUnverified, peers] = await Promise.all([
    loadEngines(),
    loadEd25519(),
    loadBls12381Groups(),
    readWasmFile('secp256k1').then((bytes) => unverifiedSigner(bytes, { bytes: randomBytes })),
    loadPeers(),
  ])
  if (engines.kind !== 'wasm') throw new Error('WebAssembly was refused: there is nothing to compare')
  return {
    ours: { ...engines, ed25519, groups, signUnverified },
    noble: { ...nobleEngines(), ed25519: nobleEd25519 },
    peers,
  }
}
