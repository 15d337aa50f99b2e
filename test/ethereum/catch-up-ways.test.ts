/** The driver's choice between hops and plain updates, what it does with liars, and how it comes by keys. */
import { type CatchUpOptions, catchUp } from '@glowworm/light-client/application/catch-up'
import { committeeWithoutKeys, loadKeys } from '@glowworm/light-client/application/committee-keys'
import { createEvidenceCache } from '@glowworm/light-client/application/evidence-cache'
import { createEvidenceStore } from '@glowworm/light-client/application/evidence-store'
import { createSourcePool } from '@glowworm/light-client/application/source-pool'
import { clockAt } from '@glowworm/light-client/infrastructure/clock'
import { memoryStore } from '@glowworm/light-client/infrastructure/memory-store'
import { platformRandom } from '@glowworm/light-client/infrastructure/random'
import type { EvidenceRequest } from '@glowworm/light-client/ledgers/ethereum/evidence'
import { createEthereumFamily } from '@glowworm/light-client/ledgers/ethereum/family'
import { timeOfSlot } from '@glowworm/light-client/ledgers/ethereum/forks'
import { PRESETS } from '@glowworm/light-client/ledgers/ethereum/profile'
import type { PeerRequest } from '@glowworm/light-client/ledgers/ledger-evidence'
import { type EvidenceSource, NotAvailable } from '@glowworm/light-client/network/evidence-source'
import { loadEngines } from '@glowworm/wasm-core'
import { describe, expect, it } from 'vitest'
import { anchorIdentity, compactAnswers, plainAnswers } from './plain-evidence.ts'
import { signedChain } from './signed-chain.ts'

const engines = await loadEngines()
const chain = signedChain({
  preset: PRESETS.minimal,
  forks: [{ name: 'electra', epoch: 0 }],
  periods: Array(5).fill({ finalized: 9, attested: 30, signature: 31, absent: [2, 30] }),
})
const { profile, checkpoint } = chain
const plain = plainAnswers(chain)
const compact = compactAnswers(chain, engines)
/** The first of the period after the last update: when all of this happens. */
const SLOT = 5 * 64
const PLAIN = ['bootstrap', 'updates'] as const
const COMPACT = ['compact_bootstrap', 'hops'] as const

type Types = readonly PeerRequest['type'][]

/** A source of what the chain has to say on some types of request, and what it was asked. */
function source(
  id: string,
  types: Types,
  change: (request: EvidenceRequest, bytes: Uint8Array) => Uint8Array = (_, b) => b,
) {
  const asked: PeerRequest['type'][] = []
  const description = { id, carrier: 'file', words: id } as const
  const made: EvidenceSource & { asked: typeof asked } = {
    asked,
    description,
    serves: (type) => types.includes(type),
    async request(given) {
      const request = given as EvidenceRequest
      asked.push(request.type)
      const answer = async () => {
        if (request.type === 'hops' || request.type === 'compact_bootstrap') return compact.answer(request)
        if (request.type === 'committee') return chain.keysOf(5)
        return plain(request)
      }
      return { bytes: change(request, await answer()), from: description }
    },
    close: async () => {},
  }
  return made
}

function optionsFor(sources: readonly EvidenceSource[], more: Partial<CatchUpOptions> = {}) {
  const clock = clockAt(timeOfSlot(profile, SLOT))
  const pool = createSourcePool(clock)
  for (const one of sources) pool.add(one)
  const options: CatchUpOptions = {
    profile,
    engines,
    family: createEthereumFamily(profile, engines, platformRandom.bytes),
    trust: { checkpoint },
    pool,
    clock,
    store: null,
    cache: createEvidenceCache({ profile, engines, checkpoint, maxBytes: 1_000_000 }),
    way: 'hops',
    signal: new AbortController().signal,
    onProgress: () => {},
    ...more,
  }
  return options
}
const lieOf = (options: CatchUpOptions, id: string) =>
  options.pool.records.find(({ source }) => source.description.id === id)?.lie?.error.code ?? null

const byUpdates = await catchUp(optionsFor([source('beacon', PLAIN)]))

describe('catching up', () => {
  it('by plain updates where nobody offers hops', () => {
    expect(byUpdates).toMatchObject({ periods: 5, hops: 0 })
    expect(byUpdates.trail.committee.facts).toEqual({ committees: 5, signatures: 5 })
  })

  it('by hops where a source offers them, whoever else is there', async () => {
    const beacon = source('beacon', PLAIN)
    const options = optionsFor([beacon, source('bridge', [...COMPACT, ...PLAIN])])
    const chain = await catchUp(options)
    expect(chain).toMatchObject({ periods: 5, hops: 5 })
    expect(chain.trail.committee).toMatchObject({ facts: { hops: 5 }, suppliedBy: { id: 'bridge' } })
    expect(anchorIdentity(chain.anchor)).toBe(anchorIdentity(byUpdates.anchor))
    expect(chain.bytes).toBeLessThan(byUpdates.bytes / 2)
    expect(beacon.asked).not.toContain('bootstrap')
  })

  it('asks once: who brought all up to the period that has not ended has nothing for it yet', async () => {
    const beacon = source('beacon', PLAIN)
    await catchUp(optionsFor([beacon]))
    expect(beacon.asked).toEqual(['bootstrap', 'updates'])
    const bridge = source('bridge', [...COMPACT, ...PLAIN])
    await catchUp(optionsFor([bridge]))
    expect(bridge.asked).toEqual(['compact_bootstrap', 'hops'])
  })

  it('by plain updates where that is wanted', async () => {
    const bridge = source('bridge', [...COMPACT, ...PLAIN])
    const chain = await catchUp(optionsFor([bridge], { way: 'updates' }))
    expect(chain).toMatchObject({ periods: 5, hops: 0 })
    expect(new Set(bridge.asked)).toEqual(new Set(PLAIN))
  })

  it('by both, where hops end before the updates do', async () => {
    const bridge = source('bridge', COMPACT)
    const limited: EvidenceSource = {
      ...bridge,
      async request(request, signal) {
        if (request.type !== 'hops') return bridge.request(request, signal)
        if (request.startPeriod === 2) throw new NotAvailable('bridge', 'more')
        return bridge.request({ ...request, count: 2 }, signal)
      },
    }
    const chain = await catchUp(optionsFor([limited, source('beacon', PLAIN)]))
    expect(chain.periods).toBe(5)
    expect(chain.hops).toBe(2)
    expect(anchorIdentity(chain.anchor)).toBe(anchorIdentity(byUpdates.anchor))
  })

  it.each([
    ['in hops', 'hops', 'INVALID_SYNC_COMMITTEE_SIGNATURE', 100],
    ['in the compact bootstrap', 'compact_bootstrap', 'INVALID_BRANCH', 20],
  ])('past a source that lies %s, and blames it', async (_, type, code, at) => {
    const liar = source('liar', COMPACT, ({ type: asked }, bytes) =>
      asked === type ? bytes.with(at, bytes[at]! ^ 1) : bytes,
    )
    const honest = source('honest', COMPACT)
    const options = optionsFor([liar, honest, source('beacon', PLAIN)])
    const chain = await catchUp(options)
    expect(chain).toMatchObject({ periods: 5, hops: 5 })
    expect(lieOf(options, 'liar')).toBe(code)
    expect(lieOf(options, 'honest')).toBeNull()
    const alone = optionsFor([source('liar', COMPACT, (_, b) => b.with(at, b[at]! ^ 1)), source('beacon', PLAIN)])
    expect(await catchUp(alone)).toMatchObject({ periods: 5, hops: 0 })
    expect(lieOf(alone, 'liar')).not.toBeNull()
  })

  it('past a source of a newer version, without blame', async () => {
    const newer = source('newer', COMPACT, (_, bytes) => bytes.with(0, 2))
    const options = optionsFor([newer, source('beacon', PLAIN)])
    expect(await catchUp(options)).toMatchObject({ periods: 5, hops: 0 })
    expect(lieOf(options, 'newer')).toBeNull()
  })

  it('names the lie when nobody else is there', async () => {
    const liar = source('liar', COMPACT, ({ type }, bytes) =>
      type === 'hops' ? bytes.with(100, bytes[100]! ^ 1) : bytes,
    )
    await expect(catchUp(optionsFor([liar]))).rejects.toMatchObject({ kind: 'lie' })
  })
})

describe('evidence kept', () => {
  it('of hops is proven again at the next start, and not asked for', async () => {
    const kept = memoryStore()
    const store = () => createEvidenceStore(kept, profile, checkpoint)
    const first = await catchUp(optionsFor([source('bridge', COMPACT)], { store: store() }))
    const bridge = source('bridge', COMPACT)
    const again = await catchUp(optionsFor([bridge], { store: store() }))
    expect(again).toMatchObject({ periods: 5, hops: 5, bytes: 0 })
    expect(again.trail.committee.suppliedBy?.id).toBe('store')
    expect(anchorIdentity(again.anchor)).toBe(anchorIdentity(first.anchor))
    expect(bridge.asked).not.toContain('compact_bootstrap')
    // One changed byte, and nothing of it is believed.
    const key = `ethereum/7-2a2a2a2a/${checkpoint}/step-0`
    const bytes = (await kept.read(key))!
    await kept.write(key, bytes.with(200, bytes[200]! ^ 1))
    expect(await catchUp(optionsFor([source('bridge', COMPACT)], { store: store() }))).toMatchObject({ hops: 5 })
  })

  it('is served on: hops as they came, or made of updates', async () => {
    const { signal } = new AbortController()
    const request = { type: 'hops', startPeriod: 0, count: 128 } as const
    for (const types of [COMPACT, PLAIN]) {
      const options = optionsFor([source('one', types)])
      await catchUp(options)
      const second = optionsFor([options.cache.source])
      const chain = await catchUp(second)
      expect(chain).toMatchObject({ periods: 5, hops: 5 })
      expect(anchorIdentity(chain.anchor)).toBe(anchorIdentity(byUpdates.anchor))
      const later = await options.cache.source.request({ ...request, startPeriod: 2 }, signal)
      const { bytes } = await options.cache.source.request(request, signal)
      expect(bytes).toEqual(await compact.answer(request))
      expect(later.bytes).toEqual(await compact.answer({ ...request, startPeriod: 2 }))
      const beyond = options.cache.source.request({ ...request, startPeriod: 5 }, signal)
      await expect(beyond).rejects.toBeInstanceOf(NotAvailable)
    }
  })
})

describe('the keys of the newest committee', () => {
  const load = async (sources: readonly EvidenceSource[]) => {
    const { anchor } = await catchUp(optionsFor([source('bridge', COMPACT)]))
    const options = optionsFor(sources)
    const holder = { anchor }
    expect(committeeWithoutKeys(anchor, profile, SLOT)).not.toBeNull()
    await loadKeys(holder, options, SLOT)
    expect(committeeWithoutKeys(holder.anchor, profile, SLOT)).toBeNull()
    expect(anchorIdentity(holder.anchor)).toBe(anchorIdentity(anchor))
    return options
  }

  it('come from a peer by their root, and are served on', async () => {
    const options = await load([source('peer', ['committee'])])
    const { anchor } = byUpdates
    const pubkeysRoot = `0x${Buffer.from(anchor.store.next_sync_committee!.pubkeys_root).toString('hex')}` as const
    const { bytes } = await options.cache.source.request({ type: 'committee', pubkeysRoot }, options.signal)
    expect(bytes).toEqual(chain.keysOf(5))
  })

  it('come out of the update of a beacon node', async () => {
    expect(lieOf(await load([source('beacon', PLAIN)]), 'beacon')).toBeNull()
  })

  it('of another committee are refused, and who sent them is blamed', async () => {
    const liar = source('liar', ['committee'], () => chain.keysOf(4))
    const options = await load([liar, source('beacon', PLAIN)])
    expect(lieOf(options, 'liar')).toBe('UNEXPECTED_CONTENT')
  })

  it('are said to be missing when nobody has them', async () => {
    const { anchor } = await catchUp(optionsFor([source('bridge', COMPACT)]))
    await expect(loadKeys({ anchor }, optionsFor([]), SLOT)).rejects.toMatchObject({ code: 'NOT_AVAILABLE' })
  })
})
