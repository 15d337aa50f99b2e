/**
 * A chain of committee updates as a fork schedule and a preset would make them, signed with known keys: the parts of
 * state and body that light clients see are real, everything else in those trees is random.
 */
import { toHex } from '@glowworm/light-client/data/hex'
import {
  BeaconBlockHeader,
  CapellaExecutionPayloadHeader,
  DenebExecutionPayloadHeader,
  type LightClientHeader,
  type LightClientUpdate,
  lightClientTypes,
  type SyncCommittee,
} from '@glowworm/light-client/ledgers/ethereum/data'
import { forkAtSlot, rulesAtSlot, slotsPerPeriod, withDigest } from '@glowworm/light-client/ledgers/ethereum/forks'
import {
  FORK_NAMES,
  type ForkActivation,
  type ForkName,
  type NetworkProfile,
  type Preset,
} from '@glowworm/light-client/ledgers/ethereum/profile'
import { syncCommitteeSigningRoot } from '@glowworm/light-client/ledgers/ethereum/sync-protocol/signature'
import { nobleEngines } from '@glowworm/wasm-core'
import { bls12_381 } from '@noble/curves/bls12-381.js'

const engines = nobleEngines()
const { hashes, merkle } = engines
const ORDER = bls12_381.fields.Fr.ORDER
const DST = 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_'

/** How the update of a period is made. Slots count from the start of the period. */
export interface PeriodPlan {
  readonly finalized: number
  readonly attested: number
  readonly signature: number
  /** Seats that do not sign. */
  readonly absent: readonly number[]
  /** The slot whose fork version the signers take, where they should not take that before the signature. */
  readonly versionSlot?: number
}

export interface SignedChain {
  readonly profile: NetworkProfile
  readonly checkpoint: `0x${string}`
  /** Answer to `bootstrap`, of a block in period 0. */
  readonly bootstrap: Uint8Array
  /** For each period its update: digest ‖ SSZ. */
  readonly updates: readonly Uint8Array[]
  /** Another update of a period, signed as well. */
  updateOf(period: number, plan: PeriodPlan): LightClientUpdate
  /** Keys of the committee of a period. */
  keysOf(period: number): Uint8Array
  /** Milliseconds at which all of it lies in the past. */
  readonly now: number
}

export function signedChain(options: {
  readonly preset: Preset
  readonly forks: readonly { name: ForkName; epoch: number }[]
  readonly periods: readonly PeriodPlan[]
  /** Chains with another name have other keys and blocks. */
  readonly name?: string
}): SignedChain {
  const { preset, name = 'one' } = options
  const random = stream(name)
  const profile: NetworkProfile = {
    name: `signed-${name}`,
    family: 'ethereum',
    chainId: 7,
    symbol: 'ETH',
    preset,
    secondsPerSlot: 6,
    genesis: { time: 1_600_000_000, validatorsRoot: `0x${'2a'.repeat(32)}` },
    forks: options.forks.map(
      ({ name: fork, epoch }): ForkActivation => ({
        name: fork,
        epoch,
        version: `0x0${FORK_NAMES.indexOf(fork) + 1}000001`,
      }),
    ),
    blobSchedule: [],
    maxCheckpointAgeDays: 10_000,
    sources: { beacon: [], execution: [], peers: [] },
  }
  const size = preset.SYNC_COMMITTEE_SIZE
  const secrets = Array.from({ length: 32 }, () => BigInt(toHex(random())) % ORDER)
  const keys = secrets.map((secret) => bls12_381.G1.Point.BASE.multiply(secret).toBytes(true))
  const committees = new Map<number, { seats: number[]; committee: SyncCommittee }>()
  const committeeAt = (period: number) => {
    const known = committees.get(period)
    if (known) return known
    const seats = Array.from({ length: size }, () => random()[0]! % secrets.length)
    const pubkeys = new Uint8Array(size * 48)
    for (const [seat, member] of seats.entries()) pubkeys.set(keys[member]!, seat * 48)
    const sum = seats.reduce((total, member) => total + secrets[member]!, 0n) % ORDER
    const made = {
      seats,
      committee: { pubkeys, aggregate_pubkey: bls12_381.G1.Point.BASE.multiply(sum).toBytes(true) },
    }
    committees.set(period, made)
    return made
  }
  const rootOf = (committee: SyncCommittee) =>
    lightClientTypes(preset, 'altair').SyncCommittee.hashTreeRoot(committee, merkle)

  /** A header at a slot, in the layout of another's fork, over a state with the given nodes. */
  function headerAt(slot: number, layoutSlot: number, state_root: Uint8Array): LightClientHeader {
    const fork = forkAtSlot(profile, slot).name
    const { format } = rulesAtSlot(profile, layoutSlot)
    const { execution, ...zero } = lightClientTypes(preset, format).LightClientHeader.zero()
    const isAfter = (target: ForkName) => FORK_NAMES.indexOf(fork) >= FORK_NAMES.indexOf(target)
    const beacon = { slot, proposer_index: BigInt(slot % 97), parent_root: random(), state_root, body_root: random() }
    if (!isAfter('capella') || format === 'altair') return { ...zero, ...(execution ? { execution } : {}), beacon }
    const filled = execution && { ...execution, state_root: random(), block_hash: random(), block_number: BigInt(slot) }
    const block_hash = random()
    const [leaf, gindex] = filled
      ? [
          isAfter('deneb')
            ? DenebExecutionPayloadHeader.hashTreeRoot({ blob_gas_used: 0n, excess_blob_gas: 0n, ...filled }, merkle)
            : CapellaExecutionPayloadHeader.hashTreeRoot(filled, merkle),
          25,
        ]
      : [block_hash, isAfter('gloas') ? 2856 : isAfter('deneb') ? 812 : 412]
    const body = sparseTree(new Map([[gindex, leaf]]), random)
    const length = zero.execution_branch!.length
    const branch = body.branch(gindex)
    const padding = Array.from({ length: length - branch.length }, () => new Uint8Array(32))
    return {
      beacon: { ...beacon, body_root: body.root },
      ...(filled ? { execution: filled } : { execution_block_hash: block_hash }),
      execution_branch: [...padding, ...branch],
    }
  }

  function update(period: number, plan: PeriodPlan): LightClientUpdate {
    const start = period * slotsPerPeriod(profile)
    const slot = start + plan.attested
    const rules = rulesAtSlot(profile, slot)
    const finalized_header = headerAt(start + plan.finalized, slot, random())
    const next = committeeAt(period + 1).committee
    const state = sparseTree(
      new Map([
        [rules.FINALIZED_ROOT_GINDEX, BeaconBlockHeader.hashTreeRoot(finalized_header.beacon, merkle)],
        [rules.CURRENT_SYNC_COMMITTEE_GINDEX, rootOf(committeeAt(period).committee)],
        [rules.NEXT_SYNC_COMMITTEE_GINDEX, rootOf(next)],
      ]),
      random,
    )
    const attested_header = headerAt(slot, slot, state.root)
    const bits = new Uint8Array(size / 8).fill(255)
    for (const seat of plan.absent) bits[seat >> 3]! &= ~(1 << (seat & 7))
    const { seats } = committeeAt(period)
    const secret = seats.reduce((sum, member, seat) => (plan.absent.includes(seat) ? sum : sum + secrets[member]!), 0n)
    const signature_slot = start + plan.signature
    const versionSlot = plan.versionSlot === undefined ? signature_slot : start + plan.versionSlot + 1
    const message = syncCommitteeSigningRoot(attested_header, versionSlot, profile, engines)
    return {
      attested_header,
      next_sync_committee: next,
      next_sync_committee_branch: state.branch(rules.NEXT_SYNC_COMMITTEE_GINDEX),
      finalized_header,
      finality_branch: state.branch(rules.FINALIZED_ROOT_GINDEX),
      sync_aggregate: { sync_committee_bits: bits, sync_committee_signature: sign(secret % ORDER, message) },
      signature_slot,
    }
  }

  const rules = rulesAtSlot(profile, 1)
  const state = sparseTree(new Map([[rules.CURRENT_SYNC_COMMITTEE_GINDEX, rootOf(committeeAt(0).committee)]]), random)
  const header = headerAt(1, 1, state.root)
  const bootstrap = lightClientTypes(preset, rules.format).LightClientBootstrap.serialize({
    header,
    current_sync_committee: committeeAt(0).committee,
    current_sync_committee_branch: state.branch(rules.CURRENT_SYNC_COMMITTEE_GINDEX),
  })
  return {
    profile,
    checkpoint: toHex(BeaconBlockHeader.hashTreeRoot(header.beacon, merkle)),
    bootstrap: withDigest(profile, 1, bootstrap, hashes),
    updates: options.periods.map((plan, period) => encodeUpdate(update(period, plan), profile)),
    updateOf: update,
    keysOf: (period) => committeeAt(period).committee.pubkeys,
    now:
      (profile.genesis.time + (options.periods.length + 1) * slotsPerPeriod(profile) * profile.secondsPerSlot) * 1000,
  }
}

/** An update as the evidence it is. */
export function encodeUpdate(update: LightClientUpdate, profile: NetworkProfile): Uint8Array {
  const { slot } = update.attested_header.beacon
  const type = lightClientTypes(profile.preset, rulesAtSlot(profile, slot).format).LightClientUpdate
  return withDigest(profile, slot, type.serialize(update), hashes)
}

/** A Merkle tree of which only the branches of some nodes exist. */
function sparseTree(given: ReadonlyMap<number, Uint8Array>, random: () => Uint8Array) {
  const nodes = new Map(given)
  const needed = new Set<number>()
  for (const gindex of given.keys()) for (let at = gindex; at > 1; at >>= 1) needed.add(at).add(at ^ 1)
  const onPath = (gindex: number) =>
    [...given.keys()].some((leaf) => {
      for (let at = leaf; at >= gindex; at >>= 1) if (at === gindex) return true
      return false
    })
  for (const gindex of [...needed].sort((a, b) => b - a))
    if (!nodes.has(gindex)) nodes.set(gindex, onPath(gindex) ? both(gindex) : random())
  function both(gindex: number): Uint8Array {
    return hashes.sha256(Uint8Array.from([...nodes.get(gindex * 2)!, ...nodes.get(gindex * 2 + 1)!]))
  }
  return {
    root: both(1),
    branch(gindex: number): Uint8Array[] {
      const siblings: Uint8Array[] = []
      for (let at = gindex; at > 1; at >>= 1) siblings.push(nodes.get(at ^ 1)!)
      return siblings
    },
  }
}

function sign(secret: bigint, message: Uint8Array): Uint8Array {
  const point = bls12_381.G2.hashToCurve(message, { DST }) as InstanceType<typeof bls12_381.G2.Point>
  return point.multiply(secret).toBytes(true)
}

/** Bytes that are the same on every run: hashes of a counter. */
function stream(name: string): () => Uint8Array {
  let count = 0
  return () => hashes.sha256(new TextEncoder().encode(`${name} ${count++}`))
}
