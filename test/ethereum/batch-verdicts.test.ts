/** Many updates at once against the specification's one by one: the same anchors, the same first error. */
import { GlowwormError } from '@glowworm/light-client'
import { platformRandom } from '@glowworm/light-client/infrastructure/random'
import type { EthereumAnchor } from '@glowworm/light-client/ledgers/ethereum/consensus'
import { createEthereumFamily } from '@glowworm/light-client/ledgers/ethereum/family'
import { slotAt } from '@glowworm/light-client/ledgers/ethereum/forks'
import { PRESETS } from '@glowworm/light-client/ledgers/ethereum/profile'
import { process_light_client_update } from '@glowworm/light-client/ledgers/ethereum/sync-protocol/process'
import { decodeUpdate } from '@glowworm/light-client/ledgers/ethereum/wire'
import { loadEngines } from '@glowworm/wasm-core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { anchorIdentity } from './plain-evidence.ts'
import { encodeUpdate, type PeriodPlan, signedChain } from './signed-chain.ts'

const engines = await loadEngines()
const plan = (absent: number): PeriodPlan => ({
  finalized: 9,
  attested: 30,
  signature: 31,
  absent: Array.from({ length: absent }, (_, i) => i),
})
// Of the third update fewer than half sign, which is verified another way; of the fifth less than two thirds.
const chain = signedChain({
  preset: PRESETS.minimal,
  forks: [{ name: 'deneb', epoch: 0 }],
  periods: [0, 3, 20, 2, 12, 0].map(plan),
})
const weak = signedChain({
  preset: PRESETS.minimal,
  forks: [{ name: 'deneb', epoch: 0 }],
  periods: [20, 20, 0].map(plan),
})
const { profile, now } = chain
const family = createEthereumFamily(profile, engines, platformRandom.bytes)

/** What the reference says: the specification's own function, one update after another. */
function oneByOne(first: EthereumAnchor, updates: readonly Uint8Array[]) {
  const anchors: EthereumAnchor[] = []
  let at = first
  for (const [index, bytes] of updates.entries()) {
    try {
      const update = decodeUpdate(bytes, profile, engines.hashes)
      at = { ...at, store: process_light_client_update(at.store, update, slotAt(profile, now + 500), profile, engines) }
      anchors.push(at)
    } catch (error) {
      if (!(error instanceof GlowwormError)) throw error
      return { anchors, failure: { index, error } }
    }
  }
  return { anchors, failure: null }
}

type Change = (bytes: Uint8Array) => Uint8Array
const edit =
  (change: (update: ReturnType<typeof decodeUpdate>) => ReturnType<typeof decodeUpdate>): Change =>
  (bytes) =>
    encodeUpdate(change(decodeUpdate(bytes, profile, engines.hashes)), profile)
const CHANGES: Record<string, Change> = {
  honest: (bytes) => bytes,
  'signature of another update': edit((update) => ({
    ...update,
    sync_aggregate: {
      ...update.sync_aggregate,
      sync_committee_signature: decodeUpdate(chain.updates[3]!, profile, engines.hashes).sync_aggregate
        .sync_committee_signature,
    },
  })),
  'no point for a signature': edit((update) => ({
    ...update,
    sync_aggregate: { ...update.sync_aggregate, sync_committee_signature: new Uint8Array(96).fill(7) },
  })),
  'a flipped bit of those present': edit((update) => {
    const bits = update.sync_aggregate.sync_committee_bits
    return { ...update, sync_aggregate: { ...update.sync_aggregate, sync_committee_bits: bits.with(3, bits[3]! ^ 4) } }
  }),
  'a flipped branch': edit((update) => ({
    ...update,
    finality_branch: update.finality_branch.map((node, i) => (i === 1 ? node.with(0, node[0]! ^ 1) : node)),
  })),
  truncated: (bytes) => bytes.subarray(0, -1),
}

const items = fc.record({
  from: fc.constantFrom(...chain.updates.keys()),
  chain: fc.constantFrom(chain, chain, chain, weak),
  change: fc.constantFrom('honest', 'honest', 'honest', 'honest', ...Object.keys(CHANGES)),
})

it('gives the verdicts of one by one for any row of updates', () => {
  const first = family.bootstrap({ checkpoint: chain.checkpoint }, chain.bootstrap, now)
  const same = (updates: readonly Uint8Array[]) => {
    const expected = oneByOne(first, updates)
    const steps = updates.map((bytes) => ({ kind: 'update', bytes }) as const)
    const { anchors, failure } = family.advanceAll(first, steps, now)
    // A head that fewer than half signed is refused by the family, on top of the specification.
    if (failure?.error.code === 'INSUFFICIENT_PARTICIPATION') {
      expect(anchors.map(anchorIdentity)).toEqual(expected.anchors.slice(0, anchors.length).map(anchorIdentity))
      return
    }
    expect(failure && [failure.index, failure.error.code, failure.error.message]).toEqual(
      expected.failure && [expected.failure.index, expected.failure.error.code, expected.failure.error.message],
    )
    expect(anchors.map(anchorIdentity)).toEqual(expected.anchors.map(anchorIdentity))
  }
  same(chain.updates)
  same(chain.updates.slice(0, 2))
  for (const [at, change] of Object.keys(CHANGES).entries())
    same(chain.updates.map((bytes, i) => (i === at % 3 ? CHANGES[change]!(bytes) : bytes)))
  fc.assert(
    fc.property(fc.nat(3), fc.array(items, { maxLength: 4 }), (lead, tail) => {
      const rest = tail.map((item) => CHANGES[item.change]!(item.chain.updates[item.from] ?? chain.updates[item.from]!))
      same([...chain.updates.slice(0, lead), ...rest])
    }),
    { numRuns: 40 },
  )
})
