/**
 * A light client for tests: it keeps accounts in a map and seals what they say, which only tests may do. It can be told
 * to fail, to forget, to move its head, and it remembers what was sent to it.
 * @module
 */
import {
  type Account,
  type Answer,
  attest,
  GlowwormError,
  type Head,
  type HeadChoice,
  type Hex,
  type LightClient,
  type Receipt,
  type Status,
  type Transaction,
} from '@glowworm/light-client'
import { fromHex, toHex } from '@glowworm/light-client/data/hex'
import { seal } from '@glowworm/light-client/ledgers/verified'
import type { Engines } from '@glowworm/wasm-core'
import { fakeReader } from './fake-reader.ts'

export const NO_CODE: Hex = '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'
const ZERO: Hex = `0x${'00'.repeat(32)}`

export interface FakeChain {
  readonly client: LightClient
  readonly sent: Hex[]
  readonly asked: string[]
  readonly accounts: Map<string, Partial<Account>>
  readonly receipts: Map<Hex, { receipt: Receipt; final: boolean; raw?: Hex }>
  baseFee: bigint
  tip: bigint | null
  pendingNonce: bigint | null
  gas: bigint | GlowwormError
  /** Thrown instead of executing anything. */
  executionFault: GlowwormError | null
  /** Why every call fails, as execution would find; null: none does. */
  callFails: string | null
  /** Thrown instead of any receipt while set. */
  receiptFault: GlowwormError | null
  /** Thrown by every proof while set. */
  fault: GlowwormError | null
  sendFault: GlowwormError | null
  closed: boolean
  diversity: LightClient['diversity']
  padding: LightClient['padding']
  /** What it was told to keep apart last. */
  apart: readonly Hex[]
  setStatus(status: Status): void
  /** Moves the optimistic head to a block number, the finalized one two behind. */
  advance(block: bigint): void
}

export function fault(
  code: string,
  message = 'as told by the test',
  kind: GlowwormError['kind'] = 'unreachable',
): GlowwormError {
  return new GlowwormError({ name: `Fake.${code}`, code, kind }, message)
}

export function emptyAccount(address: Hex): Account {
  return { address, exists: false, nonce: 0n, balance: 0n, storageRoot: ZERO, codeHash: NO_CODE }
}

export function headAt(block: bigint): Head {
  const summary = (number: bigint) => ({
    slot: Number(number),
    blockNumber: number,
    blockHash: hashOf(number),
    stateRoot: ZERO,
    time: Number(number) * 12_000,
  })
  const finalized = block > 2n ? block - 2n : 0n
  return { finalized: summary(finalized), optimistic: summary(block), participation: 0.99, sources: [SOURCE] }
}

/** Of a plain transfer, alone in its block. */
export function receiptOf(transactionHash: Hex, block: bigint): Receipt {
  return {
    transactionHash,
    blockHash: headAt(block).optimistic.blockHash,
    blockNumber: block,
    transactionIndex: 0,
    type: 2,
    success: true,
    gasUsed: 21_000n,
    cumulativeGasUsed: 21_000n,
    firstLogIndex: 0,
    baseFeePerGas: 7n,
    logs: [],
  }
}

const SOURCE = { id: 'http://127.0.0.1:1', carrier: 'beacon-rest', words: 'a test' } as const

function hashOf(block: bigint): Hex {
  return `0x${block.toString(16).padStart(64, '0')}`
}

export function fakeChain(engines: Engines, chainId = 1337): FakeChain {
  let status: Status = { state: 'following', head: headAt(10n) }
  const listeners = new Set<(status: Status) => void>()
  const head = () => {
    if (status.state !== 'following') throw fault('NOT_READY')
    return status.head
  }
  function answer<T>(value: T, at: HeadChoice = 'optimistic'): Answer<T> {
    if (chain.fault) throw chain.fault
    const block = head()[at]
    return {
      verified: seal(value, {
        anchor: {
          ledger: 'ethereum',
          network: 'fake',
          height: block.blockNumber,
          hash: block.blockHash,
          time: block.time,
        },
        finality: at === 'finalized' ? { level: 'final', words: 'finalized' } : { level: 'proven', words: 'attested' },
        method: 'sealed by a test',
        checkedAt: 1,
      }),
      trail: [{ stage: 'account', facts: { block: block.blockNumber }, milliseconds: 1, suppliedBy: SOURCE }],
    }
  }
  const noExecution = async () => {
    throw fault('NOT_AVAILABLE', 'the fake chain executes nothing', 'unprovable')
  }
  const client: LightClient = {
    network: { name: 'fake', chainId },
    get status() {
      return status
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ready: async () => head(),
    async account(address, at) {
      chain.asked.push(`account ${address}`)
      const known = chain.accounts.get(address)
      return answer<Account>({ ...emptyAccount(address), exists: known !== undefined, ...known }, at)
    },
    keptAccount: async () => null,
    storage: async (_address, slot, at) => answer<Hex>(slot, at),
    code: async (_address, at) => answer<Hex>('0x', at),
    async receipt(hash) {
      chain.asked.push(`receipt ${hash}`)
      if (chain.receiptFault) throw chain.receiptFault
      const known = chain.receipts.get(hash)
      return known ? answer(known.receipt, known.final ? 'finalized' : 'optimistic') : null
    },
    async transaction(hash) {
      const known = chain.receipts.get(hash)
      if (!known?.raw) return null
      const { blockHash, blockNumber, transactionIndex, type } = known.receipt
      const value: Transaction = { hash, blockHash, blockNumber, transactionIndex, type, raw: known.raw }
      return answer(value, known.final ? 'finalized' : 'optimistic')
    },
    get chain() {
      return fakeReader(chain, engines, chainId, answer)
    },
    call: noExecution,
    async estimateGas({ data }) {
      if (chain.executionFault) throw chain.executionFault
      if (chain.callFails !== null)
        return answer({ gas: null, failure: { status: 'halt', halt: chain.callFails, returnData: '0x' }, reads: [] })
      if (typeof chain.gas !== 'bigint') throw chain.gas
      return answer({ gas: data && data !== '0x' ? chain.gas : 21_000n, failure: null, reads: [] })
    },
    createAccessList: noExecution,
    simulate: noExecution,
    baseFee: async () => answer(chain.baseFee),
    async tipHint() {
      if (chain.tip === null) throw fault('NO_TIP')
      return attest(chain.tip, 'a test', 1)
    },
    async gasHint() {
      if (typeof chain.gas !== 'bigint') throw chain.gas
      return attest(chain.gas, 'a test', 1)
    },
    async pendingNonce() {
      if (chain.pendingNonce === null) throw fault('NO_NONCE')
      return attest(chain.pendingNonce, 'a test', 1)
    },
    async sendTransaction(raw) {
      if (chain.sendFault) throw chain.sendFault
      chain.sent.push(raw)
      return attest(toHex(engines.hashes.keccak256(fromHex(raw, 'raw'))), 'a test', 1)
    },
    offer: async () => 'ignore',
    effort: { periods: 0, hops: 0, bytes: 100, signatures: 0, milliseconds: 1 },
    contradiction: null,
    forceUpdate: noExecution,
    forced: null,
    served: {
      description: SOURCE,
      serves: () => false,
      request: async () => {
        throw fault('NOT_SERVED')
      },
      close: async () => undefined,
    },
    sources: [
      {
        description: SOURCE,
        answers: 1,
        bytes: 100,
        lie: null,
        learned: { addresses: [], olderAddresses: 0, decoys: 0, transactions: 0, sent: 0 },
      },
    ],
    get diversity() {
      return chain.diversity
    },
    exportLies: () => '{"version":1,"lies":[]}',
    keepApart(addresses) {
      chain.apart = addresses
    },
    get padding() {
      return chain.padding
    },
    pad(on) {
      chain.padding = on ? 'on' : 'off'
    },
    addSource: () => undefined,
    removeSource: () => undefined,
    async close() {
      chain.closed = true
    },
  }
  const chain: FakeChain = {
    client,
    sent: [],
    asked: [],
    accounts: new Map(),
    receipts: new Map(),
    baseFee: 1_000_000_000n,
    tip: 100_000_000n,
    pendingNonce: null,
    gas: 50_000n,
    executionFault: null,
    callFails: null,
    receiptFault: null,
    fault: null,
    sendFault: null,
    closed: false,
    diversity: { state: 'several', independent: 2 },
    padding: 'off',
    apart: [],
    setStatus(next) {
      status = next
      for (const listener of listeners) listener(next)
    },
    advance(block) {
      chain.setStatus({ state: 'following', head: headAt(block) })
    },
  }
  return chain
}
