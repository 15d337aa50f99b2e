import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Hex } from '../ledgers/ethereum/evidence.ts'
import { keyOf, MAX_STATE_ITEMS } from '../ledgers/ethereum/evidence.ts'
import { encodeRequest } from '../network/libp2p/evidence-protocol.ts'
import { addTo, type StateList, stateRequests, without } from './call-state.ts'

const BLOCK: Hex = `0x${'ab'.repeat(32)}`
const address = (n: number): Hex => `0x${n.toString(16).padStart(40, '0')}`
const slot = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`
const lists = fc
  .array(fc.tuple(fc.nat(40), fc.array(fc.nat(200), { maxLength: 120 })), { maxLength: 30 })
  .map((entries): StateList => {
    const list: StateList = new Map()
    for (const [owner, slots] of entries) addTo(list, address(owner), slots.map(slot))
    return list
  })

describe('state requests', () => {
  test('ask for everything, each account’s code once, and fit into a request to a peer', () => {
    fc.assert(
      fc.property(lists, (list) => {
        const requests = stateRequests(BLOCK, list, () => true)
        const asked: StateList = new Map()
        let codes = 0
        for (const request of requests) {
          const items = request.accounts.reduce((sum, { slots }) => sum + 1 + slots.length, 0)
          expect(items).toBeLessThanOrEqual(MAX_STATE_ITEMS)
          expect(() => encodeRequest(request)).not.toThrow()
          for (const { address: owner, slots, code } of request.accounts) {
            addTo(asked, owner, slots)
            if (code) codes++
          }
        }
        expect(asked).toEqual(list)
        expect(codes).toBe(list.size)
      }),
    )
  })

  test('have the same key for the same question, and another for another', () => {
    const [one] = stateRequests(BLOCK, new Map([[address(1), new Set([slot(1)])]]), () => false)
    const [two] = stateRequests(BLOCK, new Map([[address(1), new Set([slot(2)])]]), () => false)
    expect(keyOf({ ...one! })).toBe(keyOf(one!))
    expect(keyOf(JSON.parse(keyOf(one!)))).toBe(keyOf(one!))
    expect(keyOf(two!)).not.toBe(keyOf(one!))
  })
})

test('what is held is not asked for again', () => {
  fc.assert(
    fc.property(lists, lists, (wanted, held) => {
      const rest = without(wanted, held)
      for (const [owner, slots] of rest) for (const one of slots) expect(held.get(owner)?.has(one)).not.toBe(true)
      const all: StateList = new Map()
      for (const list of [held, rest]) for (const [owner, slots] of list) addTo(all, owner, slots)
      for (const [owner, slots] of wanted) for (const one of slots) expect(all.get(owner)!.has(one)).toBe(true)
    }),
  )
})
