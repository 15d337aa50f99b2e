/**
 * The same updates through Lodestar's light client (1.28, which knows Altair to Electra) and through ours: equal stores
 * after each, and what was tampered with is refused by both. Installs Lodestar into its folder on first use.
 */
import { toHex } from '@glowworm/light-client/data/hex'
import { platformRandom } from '@glowworm/light-client/infrastructure/random'
import type { EthereumAnchor } from '@glowworm/light-client/ledgers/ethereum/consensus'
import { BeaconBlockHeader, type LightClientUpdate } from '@glowworm/light-client/ledgers/ethereum/data'
import { createEthereumFamily } from '@glowworm/light-client/ledgers/ethereum/family'
import {
  compute_sync_committee_period_at_slot,
  forkAtSlot,
  slotAt,
  withDigest,
} from '@glowworm/light-client/ledgers/ethereum/forks'
import { type ForkName, type NetworkProfile, PRESETS } from '@glowworm/light-client/ledgers/ethereum/profile'
import { PROFILES } from '@glowworm/light-client/ledgers/ethereum/profiles'
import { decodeUpdate, splitUpdates } from '@glowworm/light-client/ledgers/ethereum/wire'
import { loadEngines } from '@glowworm/wasm-core'
import { describe, expect, it } from 'vitest'
import { encodeUpdate, type PeriodPlan, signedChain } from '../ethereum/signed-chain.ts'
import { DENEB_BOOTSTRAP, DENEB_UPDATES } from '../recorded-mainnet.ts'
import { describeVectors, vectorBytes } from '../vectors.ts'
import { type JudgedUpdate, judgeByLodestar, type Store } from './lodestar-judge.ts'

const engines = await loadEngines()

interface Chain {
  readonly preset: 'mainnet' | 'minimal'
  readonly profile: NetworkProfile
  readonly checkpoint: `0x${string}`
  /** Digest ‖ SSZ. */
  readonly bootstrap: Uint8Array
  readonly bootstrapSlot: number
  readonly updates: readonly Uint8Array[]
  readonly now: number
}

type Update = { -readonly [K in keyof LightClientUpdate]: LightClientUpdate[K] }
interface Lie {
  readonly words: string
  /** Null where the update has nothing to lie about in this way. */
  tell(update: Update, chain: Chain, index: number): LightClientUpdate | null
}

const flipped = (bytes: Uint8Array, at = 0): Uint8Array => {
  const changed = bytes.slice()
  changed[at]! ^= 1
  return changed
}
const flippedFirst = (branch: readonly Uint8Array[]) => branch.with(0, flipped(branch[0]!))
const onAttested = (update: Update, change: (header: Update['attested_header']) => Update['attested_header']) => ({
  ...update,
  attested_header: change(update.attested_header),
})
const onBeacon = (update: Update, change: Partial<BeaconBlockHeader>) =>
  onAttested(update, (header) => ({ ...header, beacon: { ...header.beacon, ...change } }))

/** What both must refuse. */
const LIES: readonly Lie[] = [
  {
    words: 'the signature of another update',
    tell: (update, { updates, profile }, index) => {
      const other = decodeUpdate(updates[index === 0 ? 1 : index - 1]!, profile, engines.hashes)
      const { sync_committee_signature } = other.sync_aggregate
      return { ...update, sync_aggregate: { ...update.sync_aggregate, sync_committee_signature } }
    },
  },
  {
    words: 'one participant more or less',
    tell: (update) => {
      const bits = flipped(update.sync_aggregate.sync_committee_bits)
      return { ...update, sync_aggregate: { ...update.sync_aggregate, sync_committee_bits: bits } }
    },
  },
  {
    words: 'nobody signed',
    tell: (update) => {
      const bits = new Uint8Array(update.sync_aggregate.sync_committee_bits.length)
      return { ...update, sync_aggregate: { ...update.sync_aggregate, sync_committee_bits: bits } }
    },
  },
  {
    words: 'another proposer of the attested block',
    tell: (update) => onBeacon(update, { proposer_index: update.attested_header.beacon.proposer_index + 1n }),
  },
  {
    words: 'another parent of the attested block',
    tell: (update) => onBeacon(update, { parent_root: flipped(update.attested_header.beacon.parent_root) }),
  },
  {
    words: 'another state of the attested block',
    tell: (update) => onBeacon(update, { state_root: flipped(update.attested_header.beacon.state_root) }),
  },
  {
    words: 'two keys of the next committee swapped',
    tell: (update) => {
      const pubkeys = update.next_sync_committee.pubkeys.slice()
      const other = [...Array(pubkeys.length / 48).keys()].find((i) => pubkeys[i * 48 + 5] !== pubkeys[5])!
      const first = pubkeys.slice(0, 48)
      pubkeys.copyWithin(0, other * 48, other * 48 + 48)
      pubkeys.set(first, other * 48)
      return { ...update, next_sync_committee: { ...update.next_sync_committee, pubkeys } }
    },
  },
  {
    words: 'another aggregate key of the next committee',
    tell: (update) => {
      const { pubkeys } = update.next_sync_committee
      return { ...update, next_sync_committee: { pubkeys, aggregate_pubkey: pubkeys.slice(0, 48) } }
    },
  },
  {
    words: 'a flipped bit in the branch of the next committee',
    tell: (update) => ({ ...update, next_sync_committee_branch: flippedFirst(update.next_sync_committee_branch) }),
  },
  {
    words: 'a flipped bit in the finality branch',
    tell: (update) => ({ ...update, finality_branch: flippedFirst(update.finality_branch) }),
  },
  {
    words: 'another finalized block',
    tell: (update) => {
      const beacon = { ...update.finalized_header.beacon, slot: update.finalized_header.beacon.slot - 1 }
      return { ...update, finalized_header: { ...update.finalized_header, beacon } }
    },
  },
  {
    words: 'a finalized block after the attested one',
    tell: (update) => ({
      ...update,
      finalized_header: update.attested_header,
      attested_header: update.finalized_header,
    }),
  },
  {
    words: 'another state root in the attested execution header',
    tell: (update) =>
      update.attested_header.execution
        ? onAttested(update, (header) => ({
            ...header,
            execution: { ...header.execution!, state_root: flipped(header.execution!.state_root) },
          }))
        : null,
  },
  {
    words: 'a flipped bit in the execution branch of the finalized header',
    tell: (update) =>
      update.finalized_header.execution_branch
        ? {
            ...update,
            finalized_header: {
              ...update.finalized_header,
              execution_branch: flippedFirst(update.finalized_header.execution_branch),
            },
          }
        : null,
  },
  {
    words: 'a signature before what it signs',
    tell: (update) => ({ ...update, signature_slot: update.attested_header.beacon.slot }),
  },
  {
    words: 'a signature in the future',
    tell: (update, { profile, now }) => ({ ...update, signature_slot: slotAt(profile, now) + 100 }),
  },
  {
    words: 'a signature of two periods later',
    tell: (update, { profile, now }) => {
      const slots = profile.preset.SLOTS_PER_EPOCH * profile.preset.EPOCHS_PER_SYNC_COMMITTEE_PERIOD
      const signature_slot = update.signature_slot + 2 * slots
      return signature_slot < slotAt(profile, now) ? { ...update, signature_slot } : null
    },
  },
]

/** What Lodestar takes and we refuse; it changes nothing in its store either. */
const DIFFERENCES = ['an update that brings nothing new'] as const

const judged = (bytes: Uint8Array, profile: NetworkProfile): JudgedUpdate => ({
  fork: forkAtSlot(profile, decodeUpdate(bytes, profile, engines.hashes).attested_header.beacon.slot).name,
  ssz: toHex(bytes.subarray(4)),
})

function ourStore(
  { store }: EthereumAnchor,
  profile: NetworkProfile,
): Omit<Store, 'committees'> & {
  readonly current: string
  readonly next: string | null
} {
  const header = (of: 'finalized_header' | 'optimistic_header') => {
    const { beacon } = store[of]
    return {
      slot: beacon.slot,
      period: compute_sync_committee_period_at_slot(profile, beacon.slot),
      root: toHex(BeaconBlockHeader.hashTreeRoot(beacon, engines.merkle)),
    }
  }
  return {
    finalized: header('finalized_header'),
    optimistic: header('optimistic_header'),
    current: toHex(store.current_sync_committee.pubkeys_root),
    next: store.next_sync_committee && toHex(store.next_sync_committee.pubkeys_root),
  }
}

function expectEqualStores(anchor: EthereumAnchor, theirs: Store, profile: NetworkProfile, context: string): void {
  const { current, next, ...heads } = ourStore(anchor, profile)
  expect(heads, context).toEqual({ finalized: theirs.finalized, optimistic: theirs.optimistic })
  const { period } = heads.finalized
  // Lodestar forgets committees that are not needed any more; the one that signs next is there in both.
  if (theirs.committees[period]) expect(theirs.committees[period], context).toBe(current)
  expect(theirs.committees[period + 1] ?? null, context).toBe(next)
}

async function compare(chain: Chain, lieEvery: number): Promise<{ refused: number; differences: Set<string> }> {
  const { profile, updates, now, preset } = chain
  const family = createEthereumFamily(profile, engines, platformRandom.bytes)
  const steps: { update: JudgedUpdate; onTheWay: boolean; bytes: Uint8Array; words: string }[] = []
  const step = (bytes: Uint8Array, onTheWay: boolean, words: string) =>
    steps.push({ update: judged(bytes, profile), onTheWay, bytes, words })
  for (const [index, bytes] of updates.entries()) {
    if (index % lieEvery === 0) {
      const update = decodeUpdate(bytes, profile, engines.hashes)
      for (const { words, tell } of LIES) {
        const lie = tell(update, chain, index)
        // A lie in the slots may need another fork's layout; that is a matter of decoding, not of judgement.
        const sameFork = lie && forkOf(lie, profile) === forkOf(update, profile)
        if (lie && sameFork) step(encodeUpdate(lie, profile), false, `${words} (period ${index})`)
      }
      if (updates[index + 2]) step(updates[index + 2]!, false, `an update of two periods later (period ${index})`)
    }
    step(bytes, true, `period ${index}`)
    if (index % lieEvery === 0 && index > 0) step(updates[index - 1]!, false, 'an update that brings nothing new')
  }
  const { first, verdicts } = await judgeByLodestar({
    preset,
    forks: profile.forks.filter(({ name }) => name !== 'fulu' && name !== 'gloas'),
    genesisValidatorsRoot: profile.genesis.validatorsRoot,
    checkpoint: chain.checkpoint,
    bootstrap: { fork: forkAtSlot(profile, chain.bootstrapSlot).name, ssz: toHex(chain.bootstrap.subarray(4)) },
    currentSlot: slotAt(profile, now),
    steps: steps.map(({ update, onTheWay }) => ({ update, onTheWay })),
  })
  let anchor = family.bootstrap({ checkpoint: chain.checkpoint, maxAgeDays: 100_000 }, chain.bootstrap, now)
  expectEqualStores(anchor, first, profile, 'bootstrap')
  const differences = new Set<string>()
  let refused = 0
  for (const [i, { bytes, onTheWay, words }] of steps.entries()) {
    const theirs = verdicts[i]!
    let after: EthereumAnchor | null = null
    try {
      after = family.advance(anchor, { kind: 'update', bytes }, now)
    } catch {}
    if (onTheWay) {
      expect(theirs.reason, words).toBeUndefined()
      expect(after, words).not.toBeNull()
      anchor = after!
      expectEqualStores(anchor, theirs.store, profile, words)
      continue
    }
    expect(after, words).toBeNull()
    if (theirs.accepted) {
      differences.add(words)
      // Taken, but nothing follows from it.
      expectEqualStores(anchor, theirs.store, profile, words)
    } else refused++
  }
  return { refused, differences }
}

const forkOf = (update: LightClientUpdate, profile: NetworkProfile) =>
  forkAtSlot(profile, update.attested_header.beacon.slot).name

describeVectors('recorded mainnet periods', () => {
  it('46 periods of Deneb lead both to the same stores, and both refuse what was changed', async () => {
    const profile = PROFILES.mainnet!
    const parts = splitUpdates(vectorBytes(DENEB_UPDATES))
    const last = decodeUpdate(parts.at(-1)!, profile, engines.hashes)
    const bare = vectorBytes(DENEB_BOOTSTRAP)
    const bootstrapSlot = 11_034_656
    const { refused, differences } = await compare(
      {
        preset: 'mainnet',
        profile,
        checkpoint: rootOfBootstrap(bare),
        bootstrap: withDigest(profile, bootstrapSlot, bare, engines.hashes),
        bootstrapSlot,
        updates: parts,
        now: (profile.genesis.time + (last.signature_slot + 10) * profile.secondsPerSlot) * 1000,
      },
      15,
    )
    expect(refused).toBeGreaterThan(50)
    expect([...differences]).toEqual([...DIFFERENCES])
  }, 300_000)
})

describe('a chain across the forks', () => {
  it('from Altair to Electra leads both to the same stores, and both refuse what was changed', async () => {
    const names: ForkName[] = ['altair', 'bellatrix', 'capella', 'deneb', 'electra']
    const forks = names.map((name, i) => ({ name, epoch: i === 0 ? 0 : i * 8 - 4 }))
    const straddling: PeriodPlan = { finalized: 3, attested: 31, signature: 32, absent: [0, 1, 31] }
    const after: PeriodPlan = { finalized: 23, attested: 37, signature: 38, absent: [] }
    const last: PeriodPlan = { finalized: 2, attested: 32, signature: 33, absent: [16] }
    const periods = [straddling, after, straddling, after, after, last, last]
    const chain = signedChain({ preset: PRESETS.minimal, forks, periods })
    const { refused, differences } = await compare({ ...chain, preset: 'minimal', bootstrapSlot: 1 }, 1)
    expect(refused).toBeGreaterThan(80)
    expect([...differences]).toEqual([...DIFFERENCES])
  }, 300_000)
})

/** Of a bare bootstrap of Deneb: its first field is an offset to the header, which begins with the beacon header. */
function rootOfBootstrap(bare: Uint8Array): `0x${string}` {
  const view = new DataView(bare.buffer, bare.byteOffset)
  const at = view.getUint32(0, true)
  return toHex(BeaconBlockHeader.hashTreeRoot(BeaconBlockHeader.deserialize(bare.slice(at, at + 112)), engines.merkle))
}
