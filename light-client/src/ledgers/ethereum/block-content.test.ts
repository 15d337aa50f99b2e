import { loadEngines } from '@glowworm/wasm-core'
import { expect, test } from 'vitest'
import { toHex } from '../../data/hex.ts'
import { orderedTrieRoot } from '../../data/trie-root.ts'
import { verifyReceipts, verifyTransactions, verifyWithdrawals } from './block-content.ts'
import type { ExecutionHeader } from './execution-header.ts'

const engines = await loadEngines()
const list = [Uint8Array.of(0xc1, 1), Uint8Array.of(0xc1, 2)]
const other = [Uint8Array.of(0xc1, 1), Uint8Array.of(0xc1, 3)]
const root = toHex(orderedTrieRoot(list, engines.hashes))
const header = { difficulty: 0n, receiptsRoot: root, transactionsRoot: root, withdrawalsRoot: root } as ExecutionHeader
const underWork: ExecutionHeader = {
  ...header,
  difficulty: 17_179_869_184n,
  withdrawalsRoot: null,
}

test('what hashes to the root in the header is taken, under work as under stake', () => {
  for (const under of [header, underWork]) {
    verifyReceipts(under, list, engines)
    verifyTransactions(under, list, engines)
  }
  verifyWithdrawals(header, list, engines)
})

test('anything else is a lie, or what the caller knows it to be', () => {
  const lie = expect.objectContaining({ code: 'INVALID_BLOCK_CONTENT', kind: 'lie' })
  expect(() => verifyReceipts(header, other, engines)).toThrow(lie)
  expect(() => verifyTransactions(header, other, engines)).toThrow(lie)
  expect(() => verifyTransactions(underWork, other, engines)).toThrow(lie)
  expect(() => verifyWithdrawals(header, other, engines)).toThrow(lie)
  expect(() => verifyReceipts(underWork, other, engines, 'unprovable')).toThrow(
    expect.objectContaining({ code: 'INVALID_BLOCK_CONTENT', kind: 'unprovable' }),
  )
})

test('a block from before Shanghai has no withdrawals, and to say so is no lie', () => {
  verifyWithdrawals(underWork, [], engines)
  expect(() => verifyWithdrawals(underWork, list, engines)).toThrow(expect.objectContaining({ kind: 'lie' }))
  expect(() => verifyWithdrawals(header, [], engines)).toThrow(expect.objectContaining({ kind: 'lie' }))
})
