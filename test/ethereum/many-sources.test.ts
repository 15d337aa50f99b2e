/**
 * Any number of dishonest sources beside one honest one: the client gets to the anchor of the truth, blames only those
 * who lied, and with nobody honest proves nothing.
 */

import { GlowwormError } from '@glowworm/light-client'
import { type CatchUpOptions, catchUp } from '@glowworm/light-client/application/catch-up'
import { createEvidenceCache } from '@glowworm/light-client/application/evidence-cache'
import { createSourcePool } from '@glowworm/light-client/application/source-pool'
import { concatBytes } from '@glowworm/light-client/data/hex'
import { clockAt } from '@glowworm/light-client/infrastructure/clock'
import { platformRandom } from '@glowworm/light-client/infrastructure/random'
import { joinHops, splitHops } from '@glowworm/light-client/ledgers/ethereum/compact/wire'
import type { EvidenceRequest } from '@glowworm/light-client/ledgers/ethereum/evidence'
import { createEthereumFamily } from '@glowworm/light-client/ledgers/ethereum/family'
import { timeOfSlot } from '@glowworm/light-client/ledgers/ethereum/forks'
import { PRESETS } from '@glowworm/light-client/ledgers/ethereum/profile'
import { joinUpdates, splitUpdates } from '@glowworm/light-client/ledgers/ethereum/wire'
import {
  type EvidenceSource,
  MalformedAnswer,
  NotAvailable,
  SourceUnreachable,
} from '@glowworm/light-client/network/evidence-source'
import { loadEngines } from '@glowworm/wasm-core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anchorIdentity, compactAnswers, plainAnswers } from './plain-evidence.ts'
import { signedChain } from './signed-chain.ts'

const engines = await loadEngines()
const chainNamed = (name: string) =>
  signedChain({
    preset: PRESETS.minimal,
    forks: [{ name: 'electra', epoch: 0 }],
    periods: Array(4).fill({ finalized: 9, attested: 30, signature: 31, absent: [2, 30] }),
    name,
  })
const chain = chainNamed('true')
const { profile, checkpoint } = chain
const answersOf = (of: typeof chain) => {
  const plain = plainAnswers(of)
  const compact = compactAnswers(of, engines)
  return async (request: EvidenceRequest) =>
    request.type === 'hops' || request.type === 'compact_bootstrap' ? compact.answer(request) : plain(request)
}
const truth = answersOf(chain)
const fiction = answersOf(chainNamed('false'))

type Behaviour = (request: EvidenceRequest, nth: number) => Promise<Uint8Array>
const changed = async (request: EvidenceRequest, change: (bytes: Uint8Array) => Uint8Array) =>
  change(await truth(request))
const flip = (at: number) => (bytes: Uint8Array) => bytes.with(at, bytes[at]! ^ 1)
const isPath = ({ type }: EvidenceRequest) => type === 'updates' || type === 'hops'

/** What a dishonest source may do. `lies` says whether it can be proven to have lied; else it only fails. */
const BEHAVIOURS: Readonly<Record<string, { readonly lies: boolean; readonly answer: Behaviour }>> = {
  'one flipped bit': { lies: true, answer: (request) => changed(request, flip(120)) },
  'a whole chain of its own': { lies: true, answer: (request) => fiction({ ...request, ...rooted(request) }) },
  equivocating: {
    lies: true,
    // True to the first question, another story for each one after.
    answer: (request, nth) => (nth === 0 ? truth(request) : changed(request, flip(130 + nth))),
  },
  reordered: {
    lies: true,
    answer: (request) =>
      changed(request, (bytes) => {
        if (request.type === 'updates') return joinUpdates(splitUpdates(bytes).reverse())
        if (request.type !== 'hops') return bytes
        const { hops, end } = splitHops(bytes)
        return joinHops([...hops].reverse(), end)
      }),
  },
  'a period left out': {
    lies: true,
    answer: (request) =>
      changed(request, (bytes) => {
        if (request.type === 'updates') return joinUpdates(splitUpdates(bytes).filter((_, i) => i !== 1))
        if (request.type !== 'hops') return bytes
        const { hops, end } = splitHops(bytes)
        return joinHops(
          hops.filter((_, i) => i !== 1),
          end,
        )
      }),
  },
  'surplus bytes': {
    lies: true,
    answer: (request) => changed(request, (bytes) => concatBytes(bytes, new Uint8Array(9))),
  },
  'nothing at all': { lies: true, answer: async () => new Uint8Array(0) },
  'the answer to another question': {
    lies: true,
    answer: (request) =>
      truth(isPath(request) ? { type: 'bootstrap', root: checkpoint } : { type: 'updates', startPeriod: 0, count: 1 }),
  },
  // What the carriers make of a source that is slow, too long, or not there (network/http, network/libp2p).
  'slow drip': {
    lies: false,
    answer: async () => {
      throw new SourceUnreachable('it', 'it took too long')
    },
  },
  oversized: {
    lies: false,
    answer: async () => {
      throw new MalformedAnswer('it', 'it sent more than allowed')
    },
  },
  'withholding all': {
    lies: false,
    answer: async (request) => {
      throw new NotAvailable('it', request.type)
    },
  },
  'withholding the way': {
    lies: false,
    answer: async (request) => {
      if (isPath(request)) throw new NotAvailable('it', request.type)
      return truth(request)
    },
  },
}

/** The fiction has another checkpoint; it is given under the name of the true one. */
function rooted(request: EvidenceRequest): object {
  return 'root' in request ? { root: chainNamed('false').checkpoint } : {}
}

function source(id: string, answer: Behaviour, compact: boolean): EvidenceSource & { asked: number } {
  const description = { id, carrier: 'file', words: id } as const
  const types = compact ? ['compact_bootstrap', 'hops', 'bootstrap', 'updates'] : ['bootstrap', 'updates']
  const made = {
    asked: 0,
    description,
    serves: (type: string) => types.includes(type),
    async request(request: unknown) {
      return { bytes: await answer(request as EvidenceRequest, made.asked++), from: description }
    },
    close: async () => {},
  }
  return made
}

function optionsFor(sources: readonly EvidenceSource[], way: CatchUpOptions['way']): CatchUpOptions {
  const clock = clockAt(timeOfSlot(profile, 4 * 64))
  const pool = createSourcePool(clock)
  for (const one of sources) pool.add(one)
  return {
    profile,
    engines,
    family: createEthereumFamily(profile, engines, platformRandom.bytes),
    trust: { checkpoint },
    pool,
    clock,
    store: null,
    cache: createEvidenceCache({ profile, engines, checkpoint, maxBytes: 1_000_000 }),
    way,
    signal: new AbortController().signal,
    onProgress: () => {},
  }
}
const WAYS = ['hops', 'updates'] as const
const honest = (compact = true) => source('honest', truth, compact)
const expected = Object.fromEntries(
  await Promise.all(
    WAYS.map(async (way) => [way, anchorIdentity((await catchUp(optionsFor([honest()], way))).anchor)] as const),
  ),
)
const liarOf = (options: CatchUpOptions, id: string) =>
  options.pool.records.find((record) => record.source.description.id === id)?.lie?.error ?? null
const NAMES = Object.keys(BEHAVIOURS)

describe.each(WAYS)('on the way by %s', (way) => {
  it.each(NAMES)('%s: one honest source suffices, and it alone is not blamed', async (name) => {
    const { lies, answer } = BEHAVIOURS[name]!
    const bad = source('bad', answer, true)
    const options = optionsFor([bad, honest()], way)
    expect(anchorIdentity((await catchUp(options)).anchor)).toBe(expected[way])
    expect(bad.asked).toBeGreaterThan(0)
    expect(liarOf(options, 'honest')).toBeNull()
    if (!lies) expect(liarOf(options, 'bad')).toBeNull()
  })

  it.each(NAMES)('%s, and nobody else: a typed error, or what could be proven of the truth', async (name) => {
    const options = optionsFor([source('bad', BEHAVIOURS[name]!.answer, true)], way)
    const outcome = await catchUp(options).catch((cause: unknown) => cause)
    if (outcome instanceof GlowwormError) expect(outcome.message).not.toBe('')
    else {
      const { anchor } = outcome as Awaited<ReturnType<typeof catchUp>>
      const { slot } = anchor.store.finalized_header.beacon
      const steps = await prefixes()
      expect(steps.get(slot)).toEqual(anchor.store.finalized_header)
    }
  })

  it('k of n sources lying, in any order, for any k below n: the truth is reached', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 8 }),
        fc.nat(8),
        fc.boolean(),
        async (names, place, compact) => {
          const bad = names.map((name, i) => source(`bad ${i}`, BEHAVIOURS[name]!.answer, i % 2 === 0 || compact))
          const options = optionsFor(bad.toSpliced(place % (bad.length + 1), 0, honest(compact)), way)
          const { anchor } = await catchUp(options)
          const { slot } = anchor.store.finalized_header.beacon
          expect(slot).toBe(3 * 64 + 9)
          expect(anchor.store.finalized_header).toEqual((await prefixes()).get(slot))
          expect(liarOf(options, 'honest')).toBeNull()
        },
      ),
      { numRuns: 40, seed: 20 },
    ))

  it('all of n lying: nothing is proven, and every cause is told', async () => {
    const lies = ['one flipped bit', 'a whole chain of its own', 'nothing at all', 'surplus bytes']
    const options = optionsFor(
      lies.map((name, i) => source(`bad ${i}`, BEHAVIOURS[name]!.answer, true)),
      way,
    )
    const error = await catchUp(options).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ kind: 'lie', causes: { length: lies.length } })
    expect(options.pool.records.filter(({ lie }) => lie !== null)).toHaveLength(lies.length)
  })
})

/** Finalized headers on the true way, by slot. */
let known: Map<number, unknown> | undefined
async function prefixes(): Promise<Map<number, unknown>> {
  if (known) return known
  const family = createEthereumFamily(profile, engines, platformRandom.bytes)
  let anchor = family.bootstrap({ checkpoint }, chain.bootstrap, chain.now)
  const headers = new Map<number, unknown>()
  const keep = () => headers.set(anchor.store.finalized_header.beacon.slot, anchor.store.finalized_header)
  keep()
  for (const bytes of chain.updates) {
    anchor = family.advance(anchor, { kind: 'update', bytes }, chain.now)
    keep()
  }
  known = headers
  return headers
}
