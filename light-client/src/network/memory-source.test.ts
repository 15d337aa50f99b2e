import { expect, test } from 'vitest'
import type { EthereumRequest } from '../ledgers/ethereum/evidence.ts'
import { NotAvailable } from './evidence-source.ts'
import { memorySource } from './memory-source.ts'

const header = (byte: string): EthereumRequest => ({ type: 'execution_header', blockHash: `0x${byte.repeat(32)}` })
const { signal } = new AbortController()
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
  const source = make(25)
  for (const byte of ['aa', 'bb']) source.put(header(byte), new Uint8Array(10))
  await source.request(header('aa'), signal)
  source.put(header('cc'), new Uint8Array(10))
  await expect(source.request(header('bb'), signal)).rejects.toBeInstanceOf(NotAvailable)
  expect((await source.request(header('aa'), signal)).bytes).toHaveLength(10)
  source.put(header('aa'), new Uint8Array(11))
  expect((await source.request(header('cc'), signal)).bytes).toHaveLength(10)
})

test('refuses answers no protocol would carry', () => {
  expect(() => make(1e9).put(header('aa'), new Uint8Array(5000))).toThrow(/at most 4096/)
})
