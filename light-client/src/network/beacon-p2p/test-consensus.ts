/** Nodes, evidence and liars for the tests of this folder; loopback only. */

import { quic } from '@chainsafe/libp2p-quic'
import { loadHeadlessEngines } from '@glowworm/wasm-core/load-headless-engines'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { GossipSub } from '@libp2p/gossipsub'
import { identify } from '@libp2p/identify'
import { mplex } from '@libp2p/mplex'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { createLibp2p } from 'libp2p'
import { platformClock } from '../../infrastructure/clock.ts'
import { lightClientTypes } from '../../ledgers/ethereum/data.ts'
import { FORK_RULES, forkAtSlot, slotAt, withDigest } from '../../ledgers/ethereum/forks.ts'
import { type NetworkProfile, parseProfile } from '../../ledgers/ethereum/profile.ts'
import { joinUpdates } from '../../ledgers/ethereum/wire.ts'
import type { PeerRequest } from '../../ledgers/ledger-evidence.ts'
import { type EvidenceSource, NotAvailable } from '../evidence-source.ts'
import type { Connection, Libp2p, Stream } from '../libp2p/node-types.ts'
import { type ConsensusNode, type ConsensusNodeOptions, createConsensusNode } from './consensus-node.ts'
import { consensusGossip } from './join-gossip.ts'
import { STATUS_V1, STATUS_V2, Status, StatusV2 } from './methods.ts'
import { localStatus } from './node-state.ts'
import { encodeChunk } from './ssz-snappy.ts'

export const { hashes } = await loadHeadlessEngines()

/** Electra now, Fulu and a change of blob parameters in reach of a test's clock. */
export const PROFILE: NetworkProfile = parseProfile({
  name: 'test',
  family: 'ethereum',
  chainId: 1337,
  preset: 'minimal',
  secondsPerSlot: 2,
  genesis: { time: Math.floor(Date.now() / 1000) - 2 * 200, validatorsRoot: `0x${'c4'.repeat(32)}` },
  forks: [
    { name: 'altair', epoch: 0, version: '0x01000001' },
    { name: 'electra', epoch: 0, version: '0x05000001' },
    { name: 'fulu', epoch: 100_000, version: '0x06000001' },
  ],
  blobSchedule: [{ epoch: 100_004, maxBlobs: 15 }],
})

export const currentSlot = () => slotAt(PROFILE, Date.now())

const attested = <T extends { attested_header: { beacon: object } }>(value: T, slot: number): T => ({
  ...value,
  attested_header: { ...value.attested_header, beacon: { ...value.attested_header.beacon, slot } },
  signature_slot: slot + 1,
})

/** Well-formed, correctly labelled, and proving nothing. `mark` makes them different. */
export function madeUpdate(
  kind: 'updates' | 'finality_update' | 'optimistic_update',
  slot: number,
  mark = 0,
  profile = PROFILE,
): Uint8Array {
  const types = lightClientTypes(profile.preset, FORK_RULES[forkAtSlot(profile, slot).name].format)
  const marked = <T extends { sync_aggregate: object }>(value: T): T => ({
    ...value,
    sync_aggregate: { ...value.sync_aggregate, sync_committee_signature: new Uint8Array(96).fill(mark) },
  })
  const ssz =
    kind === 'updates'
      ? types.LightClientUpdate.serialize(marked(attested(types.LightClientUpdate.zero(), slot)))
      : kind === 'finality_update'
        ? types.LightClientFinalityUpdate.serialize(marked(attested(types.LightClientFinalityUpdate.zero(), slot)))
        : types.LightClientOptimisticUpdate.serialize(marked(attested(types.LightClientOptimisticUpdate.zero(), slot)))
  return withDigest(profile, slot, ssz, hashes)
}

export function madeBootstrap(slot: number): Uint8Array {
  const type = lightClientTypes(PROFILE.preset, 'electra').LightClientBootstrap
  const zero = type.zero()
  const value = { ...zero, header: { ...zero.header, beacon: { ...zero.header.beacon, slot } } }
  return withDigest(PROFILE, slot, type.serialize(value), hashes)
}

export const ROOT = `0x${'11'.repeat(32)}` as const

/** Two periods, one bootstrap, one update of each kind. */
export function madeEvidence(): EvidenceSource {
  const description = { id: 'made', carrier: 'file', words: 'the test' } as const
  const answer = (request: PeerRequest): Uint8Array => {
    switch (request.type) {
      case 'bootstrap':
        if (request.root === ROOT) return madeBootstrap(8)
        break
      case 'updates': {
        const periods = [0, 1].filter((p) => p >= request.startPeriod && p < request.startPeriod + request.count)
        if (periods.length > 0) return joinUpdates(periods.map((period) => madeUpdate('updates', period * 64 + 5)))
        break
      }
      case 'finality_update':
      case 'optimistic_update':
        return madeUpdate(request.type, 150)
    }
    throw new NotAvailable('the test', request.type)
  }
  return {
    description,
    serves: () => true,
    request: async (request) => ({ bytes: answer(request), from: description }),
    close: async () => {},
  }
}

/** A node as the product makes it, listening on loopback unless told otherwise. */
export function startConsensusNode(given: Partial<ConsensusNodeOptions> = {}): Promise<ConsensusNode> {
  return createConsensusNode({
    profile: PROFILE,
    hashes,
    clock: platformClock,
    peers: [],
    listen: { host: '127.0.0.1', tcpPort: 0 },
    verified: madeEvidence(),
    validate: async () => 'accept',
    ...given,
  })
}

export type Behaviour = (stream: Stream, connection: Connection) => Promise<void>

export interface Stranger {
  readonly node: Libp2p
  readonly pubsub: GossipSub
  readonly address: string
}

/**
 * A libp2p node of which the test writes every byte. It speaks mplex only, as old consensus nodes do, and gives an
 * honest status unless the test says otherwise.
 */
export async function startStranger(
  methods: Readonly<Record<string, Behaviour>> = {},
  transport: 'tcp' | 'quic' = 'tcp',
): Promise<Stranger> {
  const node = await createLibp2p({
    privateKey: await generateKeyPair('secp256k1'),
    addresses: { listen: [transport === 'tcp' ? '/ip4/127.0.0.1/tcp/0' : '/ip4/127.0.0.1/udp/0/quic-v1'] },
    transports: [transport === 'tcp' ? tcp() : quic()],
    connectionEncrypters: [noise()],
    streamMuxers: [mplex({ disconnectThreshold: 1000 })],
    connectionGater: { denyDialMultiaddr: () => false },
    services: { identify: identify(), pubsub: consensusGossip(PROFILE, hashes) },
  })
  const honest: Record<string, Behaviour> = {
    [STATUS_V1]: answering(() => encodeChunk(Status.serialize(localStatus(PROFILE, Date.now(), hashes)))),
    [STATUS_V2]: answering(() => encodeChunk(StatusV2.serialize(localStatus(PROFILE, Date.now(), hashes)))),
  }
  for (const [protocol, behaviour] of Object.entries({ ...honest, ...methods }))
    await node.handle(protocol, async (stream, connection) => {
      await behaviour(stream, connection).catch((error) => stream.abort(error))
    })
  return { node, pubsub: node.services.pubsub as GossipSub, address: node.getMultiaddrs()[0]!.toString() }
}

/** Writes the bytes given and ends the stream. */
export function answering(bytes: () => Uint8Array): Behaviour {
  return async (stream) => {
    stream.send(bytes())
    await new Promise((resolve) => setTimeout(resolve, 50))
    await stream.close()
  }
}
