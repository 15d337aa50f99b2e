/** Hops in every fork and across every boundary, under both presets: the anchor that plain updates lead to. */

import { platformRandom } from '@glowworm/light-client/infrastructure/random'
import { createEthereumFamily } from '@glowworm/light-client/ledgers/ethereum/family'
import { type ForkName, PRESETS, type Preset } from '@glowworm/light-client/ledgers/ethereum/profile'
import { loadEngines } from '@glowworm/wasm-core'
import { describe, expect, it } from 'vitest'
import { anchorIdentity, compactAnswers, type PlainChain } from './plain-evidence.ts'
import { type PeriodPlan, type SignedChain, signedChain } from './signed-chain.ts'

const engines = await loadEngines()

/** One fork in the middle of each period: what is finalized there is older than what is attested. */
function acrossAllForks(preset: Preset): SignedChain {
  const half = preset.EPOCHS_PER_SYNC_COMMITTEE_PERIOD / 2
  const names: ForkName[] = ['altair', 'bellatrix', 'capella', 'deneb', 'electra', 'fulu', 'gloas']
  const forks = names.map((name, i) => ({ name, epoch: i === 0 ? 0 : i * 2 * half - half }))
  const slots = half * preset.SLOTS_PER_EPOCH
  const size = preset.SYNC_COMMITTEE_SIZE
  // Each fork is also crossed by a signature: signed in the first slot of the new fork over the last one before.
  const straddling: PeriodPlan = { finalized: 3, attested: slots - 1, signature: slots, absent: [0, 1, size - 1] }
  const after: PeriodPlan = { finalized: slots - 9, attested: slots + 5, signature: slots + 6, absent: [] }
  const last: PeriodPlan = { finalized: 2, attested: slots, signature: slots + 1, absent: [size / 2] }
  return signedChain({ preset, forks, periods: [straddling, after, after, after, straddling, after, last, last] })
}

/** Both ways to every period, from the start and from the middle. */
async function bothWays(chain: PlainChain & { now: number }) {
  const family = createEthereumFamily(chain.profile, engines, platformRandom.bytes)
  const compact = compactAnswers(chain, engines)
  const trust = { checkpoint: chain.checkpoint }
  let plain = family.bootstrap(trust, chain.bootstrap, chain.now)
  const first = family.bootstrapCompact(
    trust,
    await compact.answer({ type: 'compact_bootstrap', root: chain.checkpoint }),
    chain.now,
  )
  expect(anchorIdentity(first)).toBe(anchorIdentity(plain))
  let hopped = first
  const { firstPeriod = 0 } = chain
  for (const [i, bytes] of chain.updates.entries()) {
    plain = family.advance(plain, { kind: 'update', bytes }, chain.now)
    const one = await compact.answer({ type: 'hops', startPeriod: firstPeriod + i, count: 1 })
    hopped = family.advance(hopped, { kind: 'hops', bytes: one }, chain.now)
    expect(anchorIdentity(hopped)).toBe(anchorIdentity(plain))
    const run = await compact.answer({ type: 'hops', startPeriod: firstPeriod, count: i + 1 })
    expect(anchorIdentity(family.advance(first, { kind: 'hops', bytes: run }, chain.now))).toBe(anchorIdentity(plain))
  }
  expect(hopped.store.next_sync_committee?.pubkeys).toBeNull()
}

describe.each(Object.entries(PRESETS))('hops under the %s preset', (_, preset) => {
  it('lead through altair to gloas to the anchor of the plain updates', () => bothWays(acrossAllForks(preset)))

  it('are as good with a third of the committee absent', () => {
    const third = Math.floor(preset.SYNC_COMMITTEE_SIZE / 3)
    const absent = Array.from({ length: third }, (_, i) => (i * 3 + 1) % preset.SYNC_COMMITTEE_SIZE)
    const plan = { finalized: 3, attested: 20, signature: 21, absent }
    return bothWays(signedChain({ preset, forks: [{ name: 'electra', epoch: 0 }], periods: [plan, plan] }))
  })
})
