/** Lies in committee hops, and in what goes with them: each is refused by name, and nothing moves. */
import { GlowwormError } from '@glowworm/light-client'
import { concatBytes, fromHex } from '@glowworm/light-client/data/hex'
import { platformRandom } from '@glowworm/light-client/infrastructure/random'
import {
  type CommitteeHop,
  type CompactFinalityUpdate,
  committeeHopType,
  type HopEnd,
  hopEndType,
} from '@glowworm/light-client/ledgers/ethereum/compact/containers'
import { NotHoppable } from '@glowworm/light-client/ledgers/ethereum/compact/errors'
import { produceCompactFinalityUpdate, produceHop } from '@glowworm/light-client/ledgers/ethereum/compact/produce'
import {
  decodeCompactFinalityUpdate,
  decodeHops,
  encodeCompactFinalityUpdate,
  joinHops,
  splitHops,
} from '@glowworm/light-client/ledgers/ethereum/compact/wire'
import { createEthereumFamily } from '@glowworm/light-client/ledgers/ethereum/family'
import { withDigest } from '@glowworm/light-client/ledgers/ethereum/forks'
import { PRESETS } from '@glowworm/light-client/ledgers/ethereum/profile'
import { proveAbsentKeys } from '@glowworm/light-client/ledgers/ethereum/sync-protocol/absent-keys'
import { decodeUpdate, fromFinalityUpdate } from '@glowworm/light-client/ledgers/ethereum/wire'
import { loadEngines } from '@glowworm/wasm-core'
import { describe, expect, it } from 'vitest'
import { anchorIdentity, compactAnswers } from './plain-evidence.ts'
import { type PeriodPlan, type SignedChain, signedChain } from './signed-chain.ts'

const engines = await loadEngines()
const { hashes } = engines
const preset = PRESETS.minimal
const PLAN: PeriodPlan = { finalized: 9, attested: 30, signature: 31, absent: [4, 5, 17] }
const make = (name: string, plans: readonly PeriodPlan[]) =>
  signedChain({ preset, forks: [{ name: 'electra', epoch: 0 }], periods: plans, name })
const chain = make('one', [PLAN, PLAN, PLAN, PLAN])
const other = make('two', [PLAN, PLAN, PLAN, PLAN])
const HOP = committeeHopType(preset)

const { anchor, answer, family, now } = await startOf(chain)
const honest = decodeHops(answer, chain.profile, hashes)

async function startOf(given: SignedChain) {
  const family = createEthereumFamily(given.profile, engines, platformRandom.bytes)
  const compact = compactAnswers(given, engines)
  const bootstrap = await compact.answer({ type: 'compact_bootstrap', root: given.checkpoint })
  const anchor = family.bootstrapCompact({ checkpoint: given.checkpoint }, bootstrap, given.now)
  const answer = await compact.answer({ type: 'hops', startPeriod: 0, count: 128 })
  return { anchor, answer, family, now: given.now }
}

const encode = (hops: readonly CommitteeHop[], end: HopEnd = honest.end) => {
  const { slot } = end.attested_header.beacon
  const tail = withDigest(chain.profile, slot, hopEndType(preset, 'electra').serialize(end), hashes)
  return joinHops(
    hops.map((hop) => HOP.serialize(hop)),
    tail,
  )
}
const take = (bytes: Uint8Array, at = now) => anchorIdentity(family.advance(anchor, { kind: 'hops', bytes }, at))
/** The honest run with one hop changed. */
const changed = (i: number, change: (hop: CommitteeHop) => CommitteeHop) =>
  encode(honest.hops.map((hop, k) => (k === i ? change(hop) : hop)))

function refusal(run: () => unknown): { code: string; kind: string; message: string } {
  const before = anchorIdentity(anchor)
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(GlowwormError)
    expect(anchorIdentity(anchor)).toBe(before)
    return error as GlowwormError
  }
  throw new Error('it was accepted')
}
const codeOf = (bytes: Uint8Array) => refusal(() => take(bytes)).code
const flip = (bytes: Uint8Array, at = 0) => bytes.with(at, bytes[at]! ^ 1)

it('the honest run is accepted', () => {
  expect(take(encode(honest.hops))).toBe(take(answer))
})

describe('keys of those absent', () => {
  const absent = (change: (keys: readonly Uint8Array[]) => readonly Uint8Array[]) =>
    codeOf(changed(1, (hop) => ({ ...hop, absent_pubkeys: change(hop.absent_pubkeys) })))

  it('swapped, or replaced by keys of other seats', () => {
    expect(absent(([a, b, c]) => [b!, a!, c!])).toBe('INVALID_BRANCH')
    expect(absent(([a, b]) => [a!, b!, chain.keysOf(1).slice(0, 48)])).toBe('INVALID_BRANCH')
  })

  it('duplicated, missing, or more than are absent', () => {
    expect(absent(([a, b]) => [a!, b!, b!])).toBe('INVALID_BRANCH')
    expect(absent(([a, b]) => [a!, b!])).toBe('UNEXPECTED_CONTENT')
    expect(absent((keys) => [...keys, keys[0]!])).toBe('UNEXPECTED_CONTENT')
  })

  it('of another period, with their own honest proof', () => {
    const keys = proveAbsentKeys(chain.keysOf(2), honest.hops[1]!.sync_aggregate.sync_committee_bits, hashes)
    expect(codeOf(changed(1, (hop) => ({ ...hop, ...keys })))).toBe('INVALID_BRANCH')
  })

  it('of seats that signed: subtracting them gives a key nobody signed with', () => {
    const signed = honest.hops[1]!.sync_aggregate
    const bits = signed.sync_committee_bits.with(0, signed.sync_committee_bits[0]! & ~1)
    const keys = proveAbsentKeys(chain.keysOf(1), bits, hashes)
    const lie = changed(1, (hop) => ({ ...hop, ...keys, sync_aggregate: { ...signed, sync_committee_bits: bits } }))
    expect(codeOf(lie)).toBe('INVALID_SYNC_COMMITTEE_SIGNATURE')
  })

  it('not named: absent members counted as present', () => {
    const signed = honest.hops[1]!.sync_aggregate
    const all = { ...signed, sync_committee_bits: new Uint8Array(4).fill(255) }
    const lie = changed(1, (hop) => ({ ...hop, sync_aggregate: all, absent_pubkeys: [], absent_proof: [] }))
    expect(codeOf(lie)).toBe('INVALID_SYNC_COMMITTEE_SIGNATURE')
  })

  it('with a proof that is longer, shorter, or there for nobody', () => {
    const proof = (change: (nodes: readonly Uint8Array[]) => readonly Uint8Array[]) =>
      codeOf(changed(0, (hop) => ({ ...hop, absent_proof: change(hop.absent_proof) })))
    expect(proof((nodes) => [...nodes, new Uint8Array(32)])).toBe('INVALID_BRANCH')
    expect(proof((nodes) => nodes.slice(1))).toBe('INVALID_BRANCH')
    const full = make('full', [{ ...PLAN, absent: [] }])
    return startOf(full).then((start) => {
      const run = decodeHops(start.answer, full.profile, hashes)
      const [hop] = run.hops.map((one) => HOP.serialize({ ...one, absent_proof: [new Uint8Array(32)] }))
      const bytes = joinHops([hop!], splitHops(start.answer).end)
      expect(refusal(() => start.family.advance(start.anchor, { kind: 'hops', bytes }, start.now)).code).toBe(
        'INVALID_BRANCH',
      )
    })
  })
})

describe('runs', () => {
  const [first, second, third, fourth] = honest.hops as [CommitteeHop, CommitteeHop, CommitteeHop, CommitteeHop]

  it('that skip a period, go back, or repeat one', () => {
    expect(codeOf(encode([first, third, fourth]))).toBe('INVALID_HOP')
    expect(codeOf(encode([first, third, second, fourth]))).toBe('INVALID_HOP')
    expect(codeOf(encode([first, first, second, third, fourth]))).toBe('INVALID_HOP')
  })

  it('that begin later than the anchor: no lie, but nothing is proven', () => {
    expect(refusal(() => take(encode([second, third, fourth])))).toMatchObject({
      code: 'WRONG_PERIOD',
      kind: 'unprovable',
    })
  })

  it('that are known already: no lie either', () => {
    const after = family.advance(anchor, { kind: 'hops', bytes: answer }, now)
    expect(refusal(() => family.advance(after, { kind: 'hops', bytes: answer }, now)).kind).toBe('unprovable')
  })

  it('mixed of two chains', async () => {
    const foreign = decodeHops((await startOf(other)).answer, other.profile, hashes)
    expect(codeOf(encode([first, foreign.hops[1]!, third, fourth]))).toBe('INVALID_BRANCH')
    expect(codeOf(encode(foreign.hops, foreign.end))).toBe('INVALID_BRANCH')
    // With nobody absent there is no key to prove: the signature of the other committee tells.
    const plans = Array(3).fill({ ...PLAN, absent: [] })
    const full = await Promise.all(['one', 'two'].map((name) => startOf(make(name, plans))))
    const [ours, theirs] = full.map((start) => decodeHops(start.answer, chain.profile, hashes))
    const mixed = encode([ours!.hops[0]!, ...theirs!.hops.slice(1)], theirs!.end)
    expect(codeOf(mixed)).toBe('INVALID_SYNC_COMMITTEE_SIGNATURE')
  })

  it('name the first hop that is wrong, whatever is wrong later', () => {
    const signature = (hop: CommitteeHop, bytes: Uint8Array) => ({
      ...hop,
      sync_aggregate: { ...hop.sync_aggregate, sync_committee_signature: bytes },
    })
    const wrong = signature(second, first.sync_aggregate.sync_committee_signature)
    for (const later of [signature(third, new Uint8Array(96)), { ...third, absent_pubkeys: [] }, first]) {
      const error = refusal(() => take(encode([first, wrong, later, fourth])))
      expect(error).toMatchObject({ code: 'INVALID_SYNC_COMMITTEE_SIGNATURE', kind: 'lie' })
      expect(error.message).toContain(`slot ${second.signature_slot} `)
    }
  })

  it('without a hop, without an end, cut off, too long, or of another version', () => {
    const { hops, end } = splitHops(answer)
    expect(codeOf(joinHops([], end))).toBe('INVALID_SSZ')
    expect(codeOf(Uint8Array.of(1))).toBe('INVALID_SSZ')
    expect(codeOf(new Uint8Array(0))).toBe('INVALID_SSZ')
    expect(codeOf(answer.subarray(0, -1))).toBe('INVALID_SSZ')
    expect(codeOf(joinHops(hops, hops[0]!))).toBe('UNKNOWN_FORK_DIGEST')
    expect(codeOf(joinHops(Array(129).fill(hops[0]!), end))).toBe('INVALID_SSZ')
    expect(refusal(() => take(answer.with(0, 2)))).toMatchObject({
      code: 'UNKNOWN_COMPACT_VERSION',
      kind: 'unprovable',
    })
  })
})

describe('what is signed', () => {
  it('another finalized header, next committee, proof or header', () => {
    const lies: ((hop: CommitteeHop) => CommitteeHop)[] = [
      (hop) => ({ ...hop, finalized: { ...hop.finalized, body_root: flip(hop.finalized.body_root) } }),
      (hop) => ({ ...hop, next_pubkeys_root: flip(hop.next_pubkeys_root) }),
      (hop) => ({ ...hop, next_aggregate_pubkey: chain.keysOf(0).slice(0, 48) }),
      (hop) => ({ ...hop, state_proof: hop.state_proof.map((node, i) => (i === 2 ? flip(node) : node)) }),
      (hop) => ({ ...hop, attested: { ...hop.attested, parent_root: flip(hop.attested.parent_root) } }),
    ]
    for (const lie of lies) expect(codeOf(changed(2, lie))).toBe('INVALID_SYNC_COMMITTEE_SIGNATURE')
    const shorter = changed(2, (hop) => ({ ...hop, state_proof: hop.state_proof.slice(1) }))
    expect(codeOf(shorter)).toBe('INVALID_BRANCH')
    const longer = changed(2, (hop) => ({ ...hop, state_proof: [...hop.state_proof, new Uint8Array(32)] }))
    expect(codeOf(longer)).toBe('INVALID_BRANCH')
  })

  it('slots out of order, across periods, in the future, or of genesis', () => {
    const slots = (finalized: number, attested: number, signature: number) =>
      changed(1, (hop) => ({
        ...hop,
        finalized: { ...hop.finalized, slot: finalized },
        attested: { ...hop.attested, slot: attested },
        signature_slot: signature,
      }))
    expect(codeOf(slots(70, 90, 90))).toBe('INVALID_SLOT_ORDER')
    expect(codeOf(slots(91, 90, 95))).toBe('INVALID_SLOT_ORDER')
    expect(codeOf(slots(60, 90, 95))).toBe('INVALID_HOP')
    expect(codeOf(slots(70, 90, 130))).toBe('INVALID_HOP')
    const genesis = encode([{ ...honest.hops[0]!, finalized: { ...honest.hops[0]!.finalized, slot: 0 } }])
    expect(codeOf(genesis)).toBe('INVALID_HOP')
    const early = refusal(() => take(answer, now - 3 * 64 * 6000))
    expect(early).toMatchObject({ code: 'FUTURE_UPDATE', kind: 'unprovable' })
  })

  it('by less than two thirds', () => {
    const absent = Array.from({ length: 11 }, (_, i) => i)
    const weak = make('one', [{ ...PLAN, absent }])
    const update = decodeUpdate(weak.updates[0]!, weak.profile, hashes)
    expect(() => produceHop(update, weak.keysOf(0), weak.profile, engines)).toThrow(NotHoppable)
    const { sync_aggregate } = update
    const keys = proveAbsentKeys(weak.keysOf(0), sync_aggregate.sync_committee_bits, hashes)
    // The same blocks as those of the strong chain, signed by fewer.
    const hop = { ...honest.hops[0]!, sync_aggregate, ...keys }
    expect(codeOf(encode([hop]))).toBe('INSUFFICIENT_PARTICIPATION')
  })

  it('under the version of the fork that begins with the signature slot', async () => {
    const boundary: PeriodPlan = { finalized: 3, attested: 31, signature: 32, absent: [] }
    const forks = [{ name: 'deneb', epoch: 0 } as const, { name: 'electra', epoch: 4 } as const]
    const right = await startOf(signedChain({ preset, forks, periods: [boundary] }))
    right.family.advance(right.anchor, { kind: 'hops', bytes: right.answer }, right.now)
    for (const versionSlot of [32, 40]) {
      const wrong = await startOf(signedChain({ preset, forks, periods: [{ ...boundary, versionSlot }] }))
      expect(() => wrong.family.advance(wrong.anchor, { kind: 'hops', bytes: wrong.answer }, wrong.now)).toThrow(
        expect.objectContaining({ code: 'INVALID_SYNC_COMMITTEE_SIGNATURE' }),
      )
    }
  })

  it('headers at the end that are not those of the last hop, or with another execution part', () => {
    const { attested_header, finalized_header } = honest.end
    expect(codeOf(encode(honest.hops.slice(0, 2)))).toBe('INVALID_HOP')
    expect(codeOf(encode(honest.hops, { attested_header, finalized_header: attested_header }))).toBe('INVALID_HOP')
    const execution = { ...finalized_header.execution!, state_root: fromHex(`0x${'13'.repeat(32)}`, 'root') }
    const lie = { attested_header, finalized_header: { ...finalized_header, execution } }
    expect(codeOf(encode(honest.hops, lie))).toBe('INVALID_HEADER')
  })
})

describe('updates that are no hops', () => {
  it.each([
    ['it brings no finality', { finality_branch: Array.from({ length: 7 }, () => new Uint8Array(32)) }],
    ['it brings no committee', { next_sync_committee_branch: Array.from({ length: 6 }, () => new Uint8Array(32)) }],
    ['its slots lie in different periods', { signature_slot: 64 }],
    ['its branches do not lead', { finality_branch: Array.from({ length: 7 }, () => new Uint8Array(32).fill(1)) }],
  ])('%s', (reason, change) => {
    const update = { ...decodeUpdate(chain.updates[0]!, chain.profile, hashes), ...change }
    expect(() => produceHop(update, chain.keysOf(0), chain.profile, engines)).toThrow(reason)
  })
})

describe('after the hops', () => {
  const after = family.advance(anchor, { kind: 'hops', bytes: answer }, now)
  const next = make('one', [PLAN, PLAN, PLAN, PLAN, PLAN])
  const update = decodeUpdate(next.updates[4]!, next.profile, hashes)
  const plain = fromFinalityUpdate(update, next.profile, 'electra')
  const bytes = produceCompactFinalityUpdate(plain, next.keysOf(4), next.profile, engines)
  const { value, format } = decodeCompactFinalityUpdate(bytes, next.profile, hashes)
  const step = (candidate: Uint8Array) =>
    family.advance(after, { kind: 'compact_finality_update', bytes: candidate }, next.now)
  const lie = (change: Partial<CompactFinalityUpdate>) =>
    refusal(() => step(encodeCompactFinalityUpdate({ ...value, ...change }, format, next.profile, hashes))).code

  it('a finality update that names those absent needs no keys', () => {
    expect(step(bytes).store.finalized_header.beacon.slot).toBe(4 * 64 + PLAN.finalized)
  })

  it('and is refused with keys missing, swapped or foreign', () => {
    const [a, b, c] = value.absent_pubkeys
    expect(lie({ absent_pubkeys: [a!, c!, b!] })).toBe('INVALID_BRANCH')
    expect(lie({ absent_pubkeys: [a!, b!] })).toBe('UNEXPECTED_CONTENT')
    expect(lie(proveAbsentKeys(next.keysOf(3), value.update.sync_aggregate.sync_committee_bits, hashes))).toBe(
      'INVALID_BRANCH',
    )
  })

  it('any other needs the keys, which only the proven committee has', () => {
    const take = (at: typeof after) => family.advance(at, { kind: 'update', bytes: next.updates[4]! }, next.now)
    expect(refusal(() => take(after))).toMatchObject({ code: 'MISSING_COMMITTEE_KEYS', kind: 'unprovable' })
    const load = (keys: Uint8Array) => family.advance(after, { kind: 'committee', bytes: keys }, next.now)
    expect(refusal(() => load(next.keysOf(2)))).toMatchObject({ code: 'UNEXPECTED_CONTENT', kind: 'lie' })
    expect(refusal(() => load(next.keysOf(4).subarray(48))).code).toBe('UNEXPECTED_CONTENT')
    expect(refusal(() => load(concatBytes(next.keysOf(4), new Uint8Array(48)))).code).toBe('UNEXPECTED_CONTENT')
    expect(refusal(() => load(flip(next.keysOf(4), 1000))).code).toBe('UNEXPECTED_CONTENT')
    const loaded = load(next.keysOf(4))
    expect(anchorIdentity(loaded)).toBe(anchorIdentity(after))
    expect(take(loaded).store.finalized_header.beacon.slot).toBe(4 * 64 + PLAN.finalized)
  })
})
