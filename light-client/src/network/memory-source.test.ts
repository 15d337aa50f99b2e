import { expect, test } from 'vitest'
import { type EthereumRequest, keyOf } from '../ledgers/ethereum/evidence.ts'
import { NotAvailable } from './evidence-source.ts'
import { memorySource } from './memory-source.ts'

const header = (byte: string): EthereumRequest => ({ type: 'execution_header', blockHash: `0x${byte.repeat(32)}` })
const { signal } = new AbortController()
/** What an entry takes: 256 bytes and its key. */
const ENTRY = 256 + keyOf(header('aa')).length
const make = (room: number) => memorySource({ id: 'm', carrier: 'file', words: 'memory' }, room)

test('answers what it was given, for equal requests, with copies', async () => {
  const source = make(1000)
  const bytes = Uint8Array.of(1, 2)
  source.put(header('aa'), bytes)
  bytes[0] = 9
  const first = await source.request({ ...header('aa') }, signal)
  first.bytes[1] = 9
  expect((await source.request(header('aa'), signal)).bytes).toEqual(Uint8Array.of(1, 2))
  expect(source.serves('execution_header')).toBe(true)
  expect(source.serves('fee_hint')).toBe(false)
  await expect(source.request(header('bb'), signal)).rejects.toBeInstanceOf(NotAvailable)
  await expect(source.request(header('aa'), AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop')
})

test('drops what was not used for the longest time when it is full', async () => {
  const source = make(2 * ENTRY + 25)
  for (const byte of ['aa', 'bb']) source.put(header(byte), new Uint8Array(10))
  await source.request(header('aa'), signal)
  source.put(header('cc'), new Uint8Array(10))
  await expect(source.request(header('bb'), signal)).rejects.toBeInstanceOf(NotAvailable)
  expect((await source.request(header('aa'), signal)).bytes).toHaveLength(10)
  source.put(header('aa'), new Uint8Array(11))
  expect((await source.request(header('cc'), signal)).bytes).toHaveLength(10)
})

test('answers of no bytes take room too, and give it back', async () => {
  const source = make(10 * 2 * ENTRY)
  const code = (i: number): EthereumRequest => ({
    type: 'code',
    blockHash: `0x${'aa'.repeat(32)}`,
    address: `0x${i.toString(16).padStart(40, '0')}`,
    codeHash: `0x${'c5'.repeat(32)}`,
  })
  for (let i = 0; i < 100; i++) source.put(code(i), new Uint8Array(0))
  const held = Array.from({ length: 100 }, (_, i) => source.get(code(i))).filter(Boolean)
  expect(held.length).toBeLessThanOrEqual(20)
  expect(source.get(code(99))).toHaveLength(0)
  // the same over and over is one entry
  for (let i = 0; i < 100; i++) source.put(code(99), new Uint8Array(0))
  expect(source.get(code(98))).toHaveLength(0)
})

test('refuses answers no protocol would carry', () => {
  expect(() => make(1e9).put(header('aa'), new Uint8Array(5000))).toThrow(/at most 4096/)
})
