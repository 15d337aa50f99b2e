import type { Receipt } from '@glowworm/light-client'
import { describe, expect, test } from 'vitest'
import type { ActivityRecord, ActivityState } from '../vault/content.ts'
import { afterNoReceipt, afterReceipt, afterTooFarBack } from './activity.ts'

const HASH = `0x${'12'.repeat(32)}` as const
const entry = (state: ActivityState): ActivityRecord => ({
  id: 'e',
  accountId: 'a',
  kind: 'send',
  to: null,
  value: 1n,
  hash: HASH,
  at: 1,
  origin: null,
  state,
  problem: null,
  request: null,
  signed: { raw: '0x', nonce: 3n, mostThatLeaves: 1n },
})
const receipt = (success: boolean): Receipt => ({
  transactionHash: HASH,
  blockHash: HASH,
  blockNumber: 1n,
  transactionIndex: 0,
  type: 2,
  success,
  gasUsed: 1n,
  cumulativeGasUsed: 1n,
  firstLogIndex: 0,
  baseFeePerGas: 1n,
  logs: [],
})
const TOO_FAR = { code: 'TOO_FAR_BACK', kind: 'unprovable', message: 'too far', next: null }

describe('without a receipt', () => {
  test.each([
    ['final', 'final', null],
    ['included', 'sent', null],
    ['failed', 'sent', null],
    ['sent', 'sent', 'PROBABLY_REPLACED'],
    ['signed', 'signed', 'PROBABLY_REPLACED'],
    ['unsent', 'unsent', null],
  ] as const)('a used-up number makes %s %s, with the problem %s', (before, after, code) => {
    const next = afterNoReceipt(entry(before), 4n)
    expect([next.state, next.problem?.code ?? null]).toEqual([after, code])
    expect(afterNoReceipt(entry(before), 3n).problem).toBeNull()
    expect(afterNoReceipt(entry(before), null).problem).toBeNull()
  })

  test('an entry marked wrongly by an earlier version is put right', () => {
    const wrong = { ...entry('final'), problem: { ...TOO_FAR, code: 'PROBABLY_REPLACED' } }
    expect(afterNoReceipt(wrong, 4n).problem).toBeNull()
    expect(afterTooFarBack(wrong, TOO_FAR).problem).toBeNull()
  })

  test.each(['sent', 'included', 'failed', 'final'] as const)('too far back leaves %s as it is', (state) => {
    const next = afterTooFarBack(entry(state), TOO_FAR)
    expect(next.state).toBe(state)
    expect(next.problem).toEqual(state === 'final' ? null : TOO_FAR)
  })
})

test('only a final receipt says otherwise than a final one', () => {
  expect(afterReceipt(entry('final'), receipt(true), false).state).toBe('final')
  expect(afterReceipt(entry('final'), receipt(false), false).state).toBe('final')
  expect(afterReceipt(entry('final'), receipt(false), true).state).toBe('failed')
  expect(afterReceipt(entry('sent'), receipt(true), false).state).toBe('included')
  const failed = afterReceipt(entry('sent'), receipt(false), true)
  expect(afterNoReceipt(failed, 4n)).toBe(failed)
  expect(afterTooFarBack(failed, TOO_FAR)).toBe(failed)
})
