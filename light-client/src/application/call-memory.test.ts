import { nobleEngines } from '@glowworm/wasm-core'
import { encodeAbiParameters, keccak256 } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Hex } from '../ledgers/ethereum/evidence.ts'
import { createCallMemory } from './call-memory.ts'

const TOKEN: Hex = `0x${'70'.repeat(20)}`
const PROXY_CODE: Hex = `0x${'71'.repeat(20)}`
const ALICE: Hex = `0x${'aa'.repeat(20)}`
const BOB: Hex = `0x${'bb'.repeat(20)}`
const CAROL: Hex = `0x${'cc'.repeat(20)}`
const word = (address: Hex) => address.slice(2).padStart(64, '0')
const balanceOf = (owner: Hex): Hex => `0x70a08231${word(owner)}`
const allowance = (owner: Hex, spender: Hex): Hex => `0xdd62ed3e${word(owner)}${word(spender)}`
/** As Solidity places an entry of a mapping. */
const entry = (owner: Hex, position: bigint | Hex): Hex =>
  typeof position === 'bigint'
    ? keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [owner, position]))
    : keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'bytes32' }], [owner, position]))

const fresh = () => createCallMemory(nobleEngines().hashes)

describe('a guess', () => {
  test('covers the usual places of balances and allowances before anything is known', () => {
    const memory = fresh()
    const slots = memory.guess({ to: TOKEN, data: balanceOf(ALICE) }).get(TOKEN)!
    for (const position of [0n, 1n, 2n, 3n, 9n, 51n]) expect(slots.has(entry(ALICE, position))).toBe(true)
    const allowed = memory.guess({ to: TOKEN, data: allowance(ALICE, BOB) }).get(TOKEN)!
    expect(allowed.has(entry(BOB, entry(ALICE, 1n)))).toBe(true)
    expect(slots.size).toBeLessThan(12)
  })

  test('follows what the same function read the last time, with other arguments', () => {
    const memory = fresh()
    const fixed: Hex = `0x${'5'.padStart(64, '0')}`
    const reads = [
      { address: ALICE, storageKeys: [] },
      { address: TOKEN, storageKeys: [entry(ALICE, 17n), fixed] },
      { address: PROXY_CODE, storageKeys: [] },
    ]
    memory.learn({ from: ALICE, to: TOKEN, data: balanceOf(ALICE) }, reads)
    expect(memory.knows({ to: TOKEN, data: balanceOf(BOB) })).toBe(true)
    const guessed = memory.guess({ from: CAROL, to: TOKEN, data: balanceOf(BOB) })
    expect([...guessed.keys()].sort()).toEqual([CAROL, PROXY_CODE, TOKEN].sort())
    expect([...guessed.get(TOKEN)!].sort()).toEqual([fixed, entry(CAROL, 17n)].sort())
  })

  test('tells the sender from the arguments', () => {
    const memory = fresh()
    const reads = [{ address: TOKEN, storageKeys: [entry(BOB, 4n)] }]
    memory.learn({ from: ALICE, to: TOKEN, data: balanceOf(BOB) }, reads)
    const guessed = memory.guess({ from: ALICE, to: TOKEN, data: balanceOf(CAROL) })
    expect([...guessed.get(TOKEN)!]).toEqual([entry(CAROL, 4n)])
  })

  test('explains entries of mappings of mappings, and slots that are arguments', () => {
    const memory = fresh()
    const direct = `0x${word(BOB)}` as Hex
    const reads = [{ address: TOKEN, storageKeys: [entry(BOB, entry(ALICE, 6n)), direct] }]
    memory.learn({ from: CAROL, to: TOKEN, data: allowance(ALICE, BOB) }, reads)
    const slots = memory.guess({ from: CAROL, to: TOKEN, data: allowance(BOB, ALICE) }).get(TOKEN)!
    expect([...slots].sort()).toEqual([entry(ALICE, entry(BOB, 6n)), `0x${word(ALICE)}`].sort())
  })

  test('of a call without data, or of a creation, is the parties only', () => {
    const memory = fresh()
    expect([...memory.guess({ from: ALICE, to: BOB })]).toEqual([
      [ALICE, new Set()],
      [BOB, new Set()],
    ])
    expect([...memory.guess({ from: ALICE, to: null, data: '0x60006000f3' }).keys()]).toEqual([ALICE])
  })
})
