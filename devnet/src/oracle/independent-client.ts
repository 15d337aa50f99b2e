/**
 * A light client for tests that shares nothing with the code that builds the chain but Lodestar's types for hashing:
 * spec constants are written out, branches are folded by hand, signatures are checked by blst key by key.
 * @module
 */
import { createHash } from 'node:crypto'
import { fastAggregateVerify, PublicKey, Signature } from '@chainsafe/blst'
import type { CommitteeJson, HeaderJson, LightClientJson } from '../liar/answers.ts'
import { ssz } from '../lodestar.ts'

/** An object with all the fields an update or a bootstrap can have; callers read those it has. */
export type LightClientObject = Required<LightClientJson>
type Fork = 'capella' | 'deneb' | 'electra' | 'fulu' | 'gloas'

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex.slice(2), 'hex'))
const hex = (value: Uint8Array) => `0x${Buffer.from(value).toString('hex')}`
const hash = (...parts: Uint8Array[]) => {
  const sha = createHash('sha256')
  for (const part of parts) sha.update(part)
  return new Uint8Array(sha.digest())
}

/** is_valid_merkle_branch at a generalized index. */
export function foldsTo(leaf: Uint8Array, branch: string[], gindex: number, root: string): boolean {
  const depth = Math.floor(Math.log2(gindex))
  if (branch.length !== depth) return false
  let value = leaf
  branch.forEach((sibling, i) => {
    value = (gindex >> i) & 1 ? hash(bytes(sibling), value) : hash(value, bytes(sibling))
  })
  return hex(value) === root
}

const GINDEX: Record<Fork, { finalized: number; current: number; next: number }> = {
  capella: { finalized: 105, current: 54, next: 55 },
  deneb: { finalized: 105, current: 54, next: 55 },
  electra: { finalized: 169, current: 86, next: 87 },
  fulu: { finalized: 169, current: 86, next: 87 },
  gloas: { finalized: 735, current: 2945, next: 2946 },
}
const VERSION: Record<Fork, string> = {
  capella: '0x03000001',
  deneb: '0x04000001',
  electra: '0x05000001',
  fulu: '0x06000001',
  gloas: '0x07000001',
}

export interface ClientNetwork {
  readonly genesisValidatorsRoot: string
  readonly forkAt: (epoch: number) => Fork
}

export const beaconRoot = (header: Pick<HeaderJson, 'beacon'>) =>
  hex(ssz.phase0.BeaconBlockHeader.hashTreeRoot(ssz.phase0.BeaconBlockHeader.fromJson(header.beacon)))

/** is_valid_light_client_header, with the payload header type of the header's own slot. */
export function headerIsValid({ forkAt }: ClientNetwork, header: HeaderJson): boolean {
  const fork = forkAt(Math.floor(Number(header.beacon.slot) / 8))
  const { capella, deneb } = ssz
  if (header.execution_block_hash !== undefined) {
    // Gloas' layout, also for headers of earlier slots: those are shorter and padded in front.
    const gindex = fork === 'gloas' ? 2856 : fork === 'capella' ? 412 : 812
    const padding = 11 - Math.floor(Math.log2(gindex))
    const isPadded = header.execution_branch.slice(0, padding).every((node) => /^0x0{64}$/.test(node))
    const branch = header.execution_branch.slice(padding)
    return isPadded && foldsTo(bytes(header.execution_block_hash), branch, gindex, header.beacon.body_root)
  }
  const leaf =
    fork === 'capella'
      ? capella.ExecutionPayloadHeader.hashTreeRoot(capella.ExecutionPayloadHeader.fromJson(header.execution))
      : deneb.ExecutionPayloadHeader.hashTreeRoot(deneb.ExecutionPayloadHeader.fromJson(header.execution))
  return foldsTo(leaf, header.execution_branch, 25, header.beacon.body_root)
}

const committeeRoot = (committee: CommitteeJson) =>
  ssz.altair.SyncCommittee.hashTreeRoot(ssz.altair.SyncCommittee.fromJson(committee))

export function bootstrapIsValid(network: ClientNetwork, bootstrap: LightClientObject, root: string): boolean {
  const { header } = bootstrap
  const { current } = GINDEX[network.forkAt(Math.floor(Number(header.beacon.slot) / 8))]
  return (
    headerIsValid(network, header) &&
    beaconRoot(header) === root &&
    foldsTo(
      committeeRoot(bootstrap.current_sync_committee),
      bootstrap.current_sync_committee_branch,
      current,
      header.beacon.state_root,
    )
  )
}

/** Everything about an update that needs no store. Parts an update does not carry are not looked at. */
export function updateIsValid(network: ClientNetwork, update: LightClientObject, committee: CommitteeJson): boolean {
  const { attested_header: attested, finalized_header: finalized, next_sync_committee: next } = update
  const fork = network.forkAt(Math.floor(Number(attested.beacon.slot) / 8))
  const stateRoot = attested.beacon.state_root
  if (!(Number(update.signature_slot) > Number(attested.beacon.slot))) return false
  if (!headerIsValid(network, attested)) return false
  if (finalized) {
    if (!headerIsValid(network, finalized)) return false
    const leaf = bytes(beaconRoot(finalized))
    if (!foldsTo(leaf, update.finality_branch, GINDEX[fork].finalized, stateRoot)) return false
  }
  if (next && !foldsTo(committeeRoot(next), update.next_sync_committee_branch, GINDEX[fork].next, stateRoot))
    return false
  return signatureIsValid(network, update, committee)
}

export function signatureIsValid(network: ClientNetwork, update: LightClientObject, committee: CommitteeJson): boolean {
  const bits = bytes(update.sync_aggregate.sync_committee_bits)
  const keys = committee.pubkeys.filter((_, i) => ((bits[i >> 3] ?? 0) >> (i & 7)) & 1)
  const version = new Uint8Array(32)
  version.set(bytes(VERSION[network.forkAt(Math.floor((Number(update.signature_slot) - 1) / 8))]))
  const forkRoot = hash(version, bytes(network.genesisValidatorsRoot))
  const domain = Buffer.concat([Buffer.from([7, 0, 0, 0]), forkRoot.subarray(0, 28)])
  const root = hash(bytes(beaconRoot(update.attested_header)), domain)
  const signature = Signature.fromBytes(bytes(update.sync_aggregate.sync_committee_signature), true)
  return fastAggregateVerify(
    root,
    keys.map((key) => PublicKey.fromBytes(bytes(key), true)),
    signature,
  )
}
