import { nobleEngines } from '@glowworm/wasm-core'
import { expect, test } from 'vitest'
import { GlowwormError } from '../errors.ts'
import { memoryStore } from '../infrastructure/memory-store.ts'
import type { ByteStore } from '../infrastructure/ports.ts'
import type { EthereumRequest, Hex } from '../ledgers/ethereum/evidence.ts'
import { PROFILES } from '../ledgers/ethereum/profiles.ts'
import type { EvidenceSource } from '../network/evidence-source.ts'
import { createClientSources } from './client-sources.ts'

const engines = nobleEngines()
const signal = () => AbortSignal.timeout(5000)
let seed = 1

function sourcesOver(store: ByteStore | undefined, network = 'mainnet') {
  let now = 1_000_000
  const told: string[] = []
  const sources = createClientSources({
    profile: PROFILES[network]!,
    engines,
    clock: { now: () => now++, sleep: async () => {} },
    random: (length) => new Uint8Array(length).fill(seed++),
    store,
    plausible: async () => [],
    onLie: ({ source }) => told.push(source.description.id),
  })
  return { ...sources, told }
}

const source = (id: string, asked: string[] = []): EvidenceSource => ({
  description: { id, carrier: 'webrtc', words: id },
  serves: () => true,
  request: async () => {
    asked.push(id)
    return { bytes: Uint8Array.of(1), from: { id, carrier: 'webrtc', words: id } }
  },
  close: async () => {},
})
const lie = () => {
  throw new GlowwormError({ name: 'Test.Lie', code: 'LIE', kind: 'lie' }, 'it is false')
}
const account = (n: number): EthereumRequest => ({
  type: 'account',
  blockHash: `0x${'11'.repeat(32)}`,
  address: `0x${n.toString(16).padStart(40, '0')}` as Hex,
  slots: [],
})

test('a liar stays one in the next run on the same network, and is one nowhere else', async () => {
  const store = memoryStore()
  const first = sourcesOver(store)
  first.pool.add(source('liar'))
  await expect(first.pool.ask({ type: 'finality_update' }, lie, signal())).rejects.toThrow('it is false')
  expect(first.told).toEqual(['liar'])
  await Promise.resolve()

  const asked: string[] = []
  const second = sourcesOver(store)
  await second.recall()
  second.pool.add(source('liar', asked))
  await expect(second.pool.ask({ type: 'finality_update' }, () => 1, signal())).rejects.toMatchObject({ code: 'LIE' })
  expect(asked).toEqual([])
  expect(second.told).toEqual([])

  const elsewhere = sourcesOver(store, 'sepolia')
  await elsewhere.recall()
  elsewhere.pool.add(source('liar', asked))
  await elsewhere.pool.ask({ type: 'finality_update' }, () => 1, signal())
  expect(asked).toEqual(['liar'])
})

test('a store that cannot be written bans for this run', async () => {
  const broken: ByteStore = { ...memoryStore(), write: async () => Promise.reject(new Error('the disk is full')) }
  const { pool } = sourcesOver(broken)
  pool.add(source('liar'))
  await expect(pool.ask({ type: 'finality_update' }, lie, signal())).rejects.toThrow('it is false')
  await expect(pool.ask({ type: 'finality_update' }, () => 1, signal())).rejects.toThrow('it is false')
})

test('the same accounts go to the same sources in the next run; another installation draws otherwise', async () => {
  const drawing = async (store: ByteStore | undefined) => {
    const sources = sourcesOver(store)
    await sources.recall()
    for (let i = 0; i < 5; i++) sources.pool.add(source(`s${i}`))
    for (let n = 1; n <= 5; n++) await sources.pool.ask(account(n), () => 1, signal())
    return sources.pool.records.map(({ source: { description }, learned }) => [description.id, learned.addresses])
  }
  const store = memoryStore()
  const first = await drawing(store)
  expect(await drawing(store)).toEqual(first)
  const others = await Promise.all(Array.from({ length: 5 }, () => drawing(undefined)))
  expect(others.some((other) => JSON.stringify(other) !== JSON.stringify(first))).toBe(true)
})
