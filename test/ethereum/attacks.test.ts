/**
 * Attacks on the sync protocol, by name: what an adversary can do to true updates, and the error each comes to. Chains
 * are signed with known keys, so that what is false is false in one respect only.
 */

import { decode, encode, type RlpItem } from '@glowworm/light-client/data/rlp'
import { platformRandom } from '@glowworm/light-client/infrastructure/random'
import type { EthereumAnchor } from '@glowworm/light-client/ledgers/ethereum/consensus'
import type { LightClientUpdate } from '@glowworm/light-client/ledgers/ethereum/data'
import { createEthereumFamily } from '@glowworm/light-client/ledgers/ethereum/family'
import { type ForkName, PRESETS } from '@glowworm/light-client/ledgers/ethereum/profile'
import { provenHead } from '@glowworm/light-client/ledgers/ethereum/proven-block'
import { validate_light_client_update } from '@glowworm/light-client/ledgers/ethereum/sync-protocol/validate'
import { decodeUpdate } from '@glowworm/light-client/ledgers/ethereum/wire'
import { loadEngines } from '@glowworm/wasm-core'
import { describe, expect, it } from 'vitest'
import { encodeUpdate, type PeriodPlan, type SignedChain, signedChain } from './signed-chain.ts'

const engines = await loadEngines()
const everybodyBut = (...present: number[]) =>
  Array.from({ length: 32 }, (_, i) => i).filter((i) => !present.includes(i))
const PLAN: PeriodPlan = { finalized: 9, attested: 30, signature: 31, absent: [2, 30] }

function chainOf(fork: ForkName, periods: readonly PeriodPlan[] = [PLAN, PLAN, PLAN], name?: string): SignedChain {
  return signedChain({
    preset: PRESETS.minimal,
    forks: [{ name: fork, epoch: 0 }],
    periods,
    ...(name === undefined ? {} : { name }),
  })
}
const familyOf = ({ profile }: SignedChain) => createEthereumFamily(profile, engines, platformRandom.bytes)
const startOf = (chain: SignedChain) =>
  familyOf(chain).bootstrap({ checkpoint: chain.checkpoint }, chain.bootstrap, chain.now)
const step = (chain: SignedChain, anchor: EthereumAnchor, bytes: Uint8Array, now = chain.now) =>
  familyOf(chain).advance(anchor, { kind: 'update', bytes }, now)
const updateOf = (chain: SignedChain, period = 0) => decodeUpdate(chain.updates[period]!, chain.profile, engines.hashes)

const flipped = (bytes: Uint8Array, at = 0): Uint8Array => {
  const changed = bytes.slice()
  changed[at]! ^= 1
  return changed
}
const flippedFirst = (branch: readonly Uint8Array[]) => branch.with(0, flipped(branch[0]!))

/** One respect in which an update is false, and the error that says so. */
const ATTACKS: readonly [
  name: string,
  code: string,
  tell: (update: LightClientUpdate, chain: SignedChain) => LightClientUpdate,
][] = [
  [
    'swapped signature of another update',
    'INVALID_SYNC_COMMITTEE_SIGNATURE',
    (update, chain) => ({
      ...update,
      sync_aggregate: {
        ...update.sync_aggregate,
        sync_committee_signature: updateOf(chain, 1).sync_aggregate.sync_committee_signature,
      },
    }),
  ],
  [
    'empty participation bits',
    'INSUFFICIENT_PARTICIPATION',
    (update) => ({
      ...update,
      sync_aggregate: { ...update.sync_aggregate, sync_committee_bits: new Uint8Array(4) },
    }),
  ],
  [
    'participation bits of somebody who did not sign',
    'INVALID_SYNC_COMMITTEE_SIGNATURE',
    (update) => ({
      ...update,
      sync_aggregate: { ...update.sync_aggregate, sync_committee_bits: new Uint8Array(4).fill(255) },
    }),
  ],
  [
    'two swapped keys in a committee',
    'INVALID_BRANCH',
    (update) => {
      const { pubkeys, aggregate_pubkey } = update.next_sync_committee
      const keys = Array.from({ length: 32 }, (_, i) => pubkeys.slice(i * 48, i * 48 + 48))
      const other = keys.findIndex((key) => Buffer.compare(key, keys[0]!) !== 0)
      ;[keys[0], keys[other]] = [keys[other]!, keys[0]!]
      return { ...update, next_sync_committee: { pubkeys: new Uint8Array(Buffer.concat(keys)), aggregate_pubkey } }
    },
  ],
  [
    'wrong aggregate key',
    'INVALID_BRANCH',
    (update) => {
      const { pubkeys } = update.next_sync_committee
      return { ...update, next_sync_committee: { pubkeys, aggregate_pubkey: pubkeys.slice(0, 48) } }
    },
  ],
  [
    'flipped bit in the committee branch',
    'INVALID_BRANCH',
    (update) => ({ ...update, next_sync_committee_branch: flippedFirst(update.next_sync_committee_branch) }),
  ],
  [
    'flipped bit in the finality branch',
    'INVALID_BRANCH',
    (update) => ({ ...update, finality_branch: flippedFirst(update.finality_branch) }),
  ],
  [
    'flipped bit in the execution branch',
    'INVALID_HEADER',
    ({ attested_header: header, ...update }) => ({
      ...update,
      attested_header: { ...header, execution_branch: flippedFirst(header.execution_branch!) },
    }),
  ],
  [
    'flipped bit in the execution block of the finalized header',
    'INVALID_HEADER',
    ({ finalized_header: header, ...update }) => ({
      ...update,
      finalized_header: header.execution
        ? { ...header, execution: { ...header.execution, state_root: flipped(header.execution.state_root) } }
        : { ...header, execution_block_hash: flipped(header.execution_block_hash!) },
    }),
  ],
  [
    'finalized after attested',
    'INVALID_SLOT_ORDER',
    (update) => ({ ...update, attested_header: update.finalized_header, finalized_header: update.attested_header }),
  ],
  [
    'signed before it was made',
    'INVALID_SLOT_ORDER',
    (update) => ({ ...update, signature_slot: update.attested_header.beacon.slot }),
  ],
  [
    'a committee without its proof',
    'UNEXPECTED_CONTENT',
    (update) => ({
      ...update,
      next_sync_committee_branch: update.next_sync_committee_branch.map(() => new Uint8Array(32)),
    }),
  ],
  [
    'a finalized header without its proof',
    'UNEXPECTED_CONTENT',
    (update) => ({ ...update, finality_branch: update.finality_branch.map(() => new Uint8Array(32)) }),
  ],
]

describe.each(['capella', 'deneb', 'electra', 'gloas'] as const)('an update of %s with', (fork) => {
  const chain = chainOf(fork)
  it.each(ATTACKS)('%s', (_, code, tell) => {
    const anchor = startOf(chain)
    const lie = encodeUpdate(tell(updateOf(chain), chain), chain.profile)
    expect(() => step(chain, anchor, lie)).toThrow(expect.objectContaining({ code }))
    expect(step(chain, anchor, chain.updates[0]!).store.finalized_header.beacon.slot).toBe(9)
  })

  it('branches shorter, longer, or with non-zero padding', () => {
    const { store } = startOf(chain)
    const update = updateOf(chain)
    const judge = (lie: LightClientUpdate) =>
      validate_light_client_update(store, lie, lie.signature_slot, chain.profile, engines)
    const fields = ['next_sync_committee_branch', 'finality_branch'] as const
    for (const field of fields) {
      const branch = update[field]
      const padding = Uint8Array.from({ length: 32 }, (_, i) => i)
      for (const wrong of [branch.slice(1), branch.slice(0, -1), [padding, ...branch], [...branch, padding]])
        expect(() => judge({ ...update, [field]: wrong }), `${field} of ${wrong.length}`).toThrow(
          expect.objectContaining({ code: 'INVALID_BRANCH' }),
        )
      // Zero nodes in front are what an upgrade to a later fork leaves.
      expect(judge({ ...update, [field]: [new Uint8Array(32), ...branch] }).update.signature_slot).toBe(31)
      // On the wire their number is fixed: another one is no such object.
      const bytes = encodeUpdate(update, chain.profile)
      expect(() => step(chain, startOf(chain), bytes.subarray(0, -32))).toThrow(/SSZ/)
    }
  })
})

describe('a chain with', () => {
  it('a period skipped', () => {
    const chain = chainOf('electra')
    const anchor = step(chain, startOf(chain), chain.updates[0]!)
    expect(() => step(chain, anchor, chain.updates[2]!)).toThrow(expect.objectContaining({ code: 'WRONG_PERIOD' }))
    expect(() => step(chain, startOf(chain), chain.updates[1]!)).toThrow(
      expect.objectContaining({ code: 'WRONG_PERIOD' }),
    )
  })

  it('a stale but valid update replayed', () => {
    const chain = chainOf('electra')
    const anchor = chain.updates.reduce((at, bytes) => step(chain, at, bytes), startOf(chain))
    for (const old of chain.updates.slice(0, -1))
      expect(() => step(chain, anchor, old)).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^(IRRELEVANT_UPDATE|WRONG_PERIOD)$/) }),
      )
    // The newest one again says what is known.
    const again = step(chain, anchor, chain.updates.at(-1)!).store
    for (const name of [
      'finalized_header',
      'optimistic_header',
      'current_sync_committee',
      'next_sync_committee',
    ] as const)
      expect(again[name]).toEqual(anchor.store[name])
  })

  it('another committee in a second update of the same period', () => {
    // Signed by the same keys at the same slots, over a state with another next committee.
    const later: PeriodPlan = { ...PLAN, finalized: 10, attested: 40, signature: 41 }
    const chain = chainOf('electra', [PLAN, PLAN])
    const twin = chainOf('electra', [later, PLAN])
    const anchor = step(chain, startOf(chain), chain.updates[0]!)
    const update = updateOf(twin)
    const other = updateOf(chain, 1).next_sync_committee
    const lie = encodeUpdate({ ...update, next_sync_committee: other }, chain.profile)
    expect(() => step(chain, anchor, lie)).toThrow(expect.objectContaining({ code: 'UNEXPECTED_CONTENT' }))
  })

  it('a forced update with one signature, or with less than two thirds: finality does not move, however long nothing else comes', () => {
    const years = 5 * 365 * 86_400_000
    for (const [signers, code] of [
      [1, 'INSUFFICIENT_PARTICIPATION'],
      [17, null],
    ] as const) {
      const chain = chainOf('electra', [{ ...PLAN, absent: everybodyBut(...Array(signers).keys()) }, PLAN, PLAN])
      const anchor = startOf(chain)
      for (const now of [chain.now, chain.now + years]) {
        if (code !== null) {
          expect(() => step(chain, anchor, chain.updates[0]!, now)).toThrow(expect.objectContaining({ code }))
          continue
        }
        const after = step(chain, anchor, chain.updates[0]!, now)
        expect(after.store.finalized_header).toEqual(anchor.store.finalized_header)
        expect(after.store.next_sync_committee).toBeNull()
        // Nor does it make the committee known that would be needed to go on.
        expect(() => step(chain, after, chain.updates[1]!, now)).toThrow(
          expect.objectContaining({ code: 'WRONG_PERIOD' }),
        )
      }
    }
  })

  it('one signature too few for two thirds: finality does not move', () => {
    for (const [count, moves] of [
      [21, false],
      [22, true],
    ] as const) {
      const chain = chainOf('electra', [{ ...PLAN, absent: everybodyBut(...Array(count).keys()) }])
      const { slot } = step(chain, startOf(chain), chain.updates[0]!).store.finalized_header.beacon
      expect(slot).toBe(moves ? 9 : 1)
    }
  })

  it('the wrong fork version at the boundary slot', () => {
    const forks = [
      { name: 'deneb', epoch: 0 },
      { name: 'electra', epoch: 4 },
    ] as const
    // Signed in the first slot of Electra, over the last block of Deneb: the version is that of the slot before.
    const boundary: PeriodPlan = { finalized: 9, attested: 31, signature: 32, absent: [] }
    const right = signedChain({ preset: PRESETS.minimal, forks, periods: [boundary] })
    expect(step(right, startOf(right), right.updates[0]!).store.finalized_header.beacon.slot).toBe(9)
    const wrong = signedChain({ preset: PRESETS.minimal, forks, periods: [{ ...boundary, versionSlot: 32 }] })
    expect(() => step(wrong, startOf(wrong), wrong.updates[0]!)).toThrow(
      expect.objectContaining({ code: 'INVALID_SYNC_COMMITTEE_SIGNATURE' }),
    )
  })

  it('the bootstrap of another root', () => {
    const chain = chainOf('electra')
    const other = chainOf('electra', [PLAN], 'another')
    const family = familyOf(chain)
    expect(() => family.bootstrap({ checkpoint: other.checkpoint }, chain.bootstrap, chain.now)).toThrow(
      expect.objectContaining({ code: 'UNTRUSTED_BOOTSTRAP' }),
    )
    expect(() => family.bootstrap({ checkpoint: chain.checkpoint }, other.bootstrap, chain.now)).toThrow(
      expect.objectContaining({ code: 'UNTRUSTED_BOOTSTRAP' }),
    )
  })

  it('the bootstrap of the trusted root, with another committee', () => {
    const chain = chainOf('electra')
    const position = 4 + 4 + 48 * 3 + 5 // in the keys, after the digest and the offset of the header
    expect(() =>
      familyOf(chain).bootstrap({ checkpoint: chain.checkpoint }, flipped(chain.bootstrap, position), chain.now),
    ).toThrow(expect.objectContaining({ code: 'INVALID_BRANCH' }))
  })

  it('a header of Capella in the layout of Deneb, with blob gas', () => {
    // Attested in Deneb, finalized in Capella: the layout of both is Deneb's.
    const forks = [
      { name: 'capella', epoch: 0 },
      { name: 'deneb', epoch: 2 },
    ] as const
    const chain = signedChain({ preset: PRESETS.minimal, forks, periods: [PLAN] })
    const update = updateOf(chain)
    expect(step(chain, startOf(chain), chain.updates[0]!).store.finalized_header.beacon.slot).toBe(9)
    for (const field of ['blob_gas_used', 'excess_blob_gas'] as const) {
      const { finalized_header: header } = update
      const lie = { ...update, finalized_header: { ...header, execution: { ...header.execution!, [field]: 1n } } }
      expect(() => step(chain, startOf(chain), encodeUpdate(lie, chain.profile))).toThrow(/blob gas/)
    }
  })
})

describe('from Gloas on, the execution header that a signed hash names', () => {
  const word = new Uint8Array(32)
  const fields: RlpItem[] = [
    ...[word, word, new Uint8Array(20), word, word, word, new Uint8Array(256), new Uint8Array(0)],
    ...[Uint8Array.of(9), Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(5), new Uint8Array(0), word],
    ...[
      new Uint8Array(8),
      Uint8Array.of(7),
      word,
      new Uint8Array(0),
      new Uint8Array(0),
      word,
      word,
      word,
      Uint8Array.of(3),
    ],
  ]
  const chain = chainOf('gloas')
  const headOf = (header: Uint8Array, signed = header) => {
    const { store } = startOf(chain)
    const hash = engines.hashes.keccak256(signed)
    const anchor = {
      ...startOf(chain),
      store: { ...store, finalized_header: { ...store.finalized_header, execution_block_hash: hash } },
    }
    return provenHead(anchor, 'finalized', header, chain.profile, engines, chain.now)
  }

  it('is taken when it has the hash and the fields of a fork', () => {
    expect(headOf(encode(fields)).value.number).toBe(9n)
  })

  it('of another block', () => {
    expect(() => headOf(encode(fields), encode(fields.with(8, Uint8Array.of(8))))).toThrow(
      expect.objectContaining({ code: 'INVALID_EXECUTION_HEADER', kind: 'lie' }),
    )
  })

  it('with a field too many, too few, or not in its one encoding, even where the hash fits', () => {
    const whole = encode(fields)
    expect(decode(whole)).toHaveLength(23)
    for (const wrong of [
      encode([...fields, word]),
      encode(fields.slice(0, -1)),
      encode(fields.with(8, Uint8Array.of(0, 9))),
      encode(fields.with(3, word.subarray(1))),
      encode(fields.with(12, new Uint8Array(33))),
      Uint8Array.of(...whole, 0),
    ])
      expect(() => headOf(wrong)).toThrow(expect.objectContaining({ kind: 'lie' }))
  })

  it('is asked for, never assumed', () => {
    expect(() => provenHead(startOf(chain), 'finalized', null, chain.profile, engines, chain.now)).toThrow(
      expect.objectContaining({ code: 'MISSING_EVIDENCE' }),
    )
  })
})
