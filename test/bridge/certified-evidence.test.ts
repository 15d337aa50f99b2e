/** What a bridge passes on proves itself: every kind of it against the hash it was asked by, from an honest devnet and from liars. */
import { type Devnet, FIXTURE_CONTRACT, FIXTURE_STORAGE, startDevnet } from '@glowworm/devnet'
import { type EvidenceSource, GlowwormError, type Hex, NotAvailable } from '@glowworm/light-client'
import { certifiedEvidence } from '@glowworm/light-client/application/bridge/certified-evidence'
import type { Lie } from '@glowworm/light-client/application/lies'
import { toHex } from '@glowworm/light-client/data/hex'
import { decode, encode } from '@glowworm/light-client/data/rlp'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { memoryStore } from '@glowworm/light-client/infrastructure/memory-store'
import { decodeList } from '@glowworm/light-client/ledgers/ethereum/block-content'
import { decodeExecutionHeader as headerOf } from '@glowworm/light-client/ledgers/ethereum/execution-header'
import {
  certify,
  headerNeededFor,
  type SelfCertifyingRequest,
} from '@glowworm/light-client/ledgers/ethereum/self-certifying'
import { MalformedAnswer } from '@glowworm/light-client/network/evidence-source'
import { manualClock, until } from '@glowworm/light-client/network/libp2p/test-nodes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { consensusNode, counted, engines, executionNode } from './nodes.ts'

const signal = new AbortController().signal
const [SLOT] = Object.keys(FIXTURE_STORAGE) as [Hex]

let devnet: Devnet
let beacon: EvidenceSource
let execution: EvidenceSource
let blockHash: Hex
let requests: SelfCertifyingRequest[]

beforeAll(async () => {
  devnet = await startDevnet({ mode: 'manual' })
  beacon = consensusNode(devnet)
  execution = executionNode(devnet)
  const root = devnet.checkpoint
  for (let number = 1; !blockHash; number++) {
    const block = await devnet.execution<{ hash: Hex; transactions: string[] }>(
      'eth_getBlockByNumber',
      `0x${number.toString(16)}`,
      false,
    )
    if (number > 2 && block.transactions.length > 0) blockHash = block.hash
  }
  const account = FIXTURE_CONTRACT.toLowerCase() as Hex
  const state = { address: account, slots: [SLOT], code: true }
  const code = await fetchOf({ type: 'state', blockHash, accounts: [state] })
  const [, , codes] = decode(code) as [unknown, unknown, Uint8Array[]]
  requests = [
    { type: 'bootstrap', root },
    { type: 'execution_header', blockHash },
    { type: 'execution_headers', blockHash, count: 3 },
    { type: 'account', blockHash, address: account, slots: [SLOT] },
    { type: 'state', blockHash, accounts: [state] },
    { type: 'code', blockHash, address: account, codeHash: toHex(engines.hashes.keccak256(codes[0]!)) },
    { type: 'receipts', blockHash },
    { type: 'transactions', blockHash },
    { type: 'withdrawals', blockHash },
  ]
})
afterAll(() => devnet?.close())

const fetchOf = async (request: SelfCertifyingRequest) =>
  (await (request.type === 'bootstrap' ? beacon : execution).request(request, signal)).bytes

async function evidenceFor(request: SelfCertifyingRequest) {
  const needed = headerNeededFor(request)
  return { answer: await fetchOf(request), header: needed && (await fetchOf(needed)) }
}

describe('evidence against the hash it was asked by', () => {
  it('holds when it comes from an honest node, and not after any change', async () => {
    for (const request of requests) {
      const { answer, header } = await evidenceFor(request)
      const check = (bytes: Uint8Array) => () => certify(request, bytes, header, devnet.profile, engines)
      expect(check(answer), request.type).not.toThrow()
      const step = Math.max(1, answer.length >> 6)
      for (let i = 0; i < answer.length; i += step) {
        const changed = answer.slice()
        changed[i]! ^= 1
        expect(check(changed), `${request.type}, byte ${i} of ${answer.length}`).toThrow(GlowwormError)
      }
      if (answer.length > 1) expect(check(answer.subarray(0, -1)), request.type).toThrow(GlowwormError)
    }
  })

  it('is bound to what was asked, not to what it says', async () => {
    const other = `0x${'11'.repeat(32)}` as Hex
    for (const request of requests) {
      const { answer, header } = await evidenceFor(request)
      const asked =
        request.type === 'bootstrap'
          ? { ...request, root: other }
          : request.type === 'code'
            ? { ...request, codeHash: other }
            : { ...request, blockHash: other }
      expect(
        () => certify(asked as SelfCertifyingRequest, answer, header, devnet.profile, engines),
        request.type,
      ).toThrow(expect.objectContaining({ kind: 'lie' }))
    }
  })

  it('is no lie where receipts are from the time of work: honest nodes may know them in their later form only', async () => {
    const under = (difficulty: number) => {
      const fields = decode(headerBytes) as Uint8Array[]
      fields[7] = difficulty > 0 ? Uint8Array.of(difficulty) : new Uint8Array(0)
      const bytes = encode(fields)
      return { bytes, hash: toHex(engines.hashes.keccak256(bytes)) }
    }
    const headerBytes = await fetchOf({ type: 'execution_header', blockHash })
    const other = await fetchOf({ type: 'transactions', blockHash })
    for (const [difficulty, kind] of [
      [0, 'lie'],
      [9, 'unprovable'],
    ] as const) {
      const { bytes, hash } = under(difficulty)
      expect(() => certify({ type: 'receipts', blockHash: hash }, other, bytes, devnet.profile, engines)).toThrow(
        expect.objectContaining({ code: 'INVALID_BLOCK_CONTENT', kind }),
      )
    }
  })

  it('needs the header where the answer does not stand alone', async () => {
    const request = { type: 'receipts', blockHash } as const
    const answer = await fetchOf(request)
    expect(() => certify(request, answer, null, devnet.profile, engines)).toThrow(/header/)
  })

  it('does not take more headers than were asked for', async () => {
    const answer = await fetchOf({ type: 'execution_headers', blockHash, count: 3 })
    const held = decodeList(answer, 'headers').length
    expect(held).toBeGreaterThan(1)
    const asked = { type: 'execution_headers', blockHash, count: held - 1 } as const
    expect(() => certify(asked, answer, null, devnet.profile, engines)).toThrow()
  })
})

const flipped = (bytes: Uint8Array) => {
  const changed = bytes.slice()
  changed[changed.length >> 1]! ^= 0xff
  return changed
}

/** What was kept of a lie still proves it. */
function certifyThrows({ request, evidence }: Lie): boolean {
  try {
    certify(request as SelfCertifyingRequest, evidence!, null, devnet.profile, engines)
    return false
  } catch {
    return true
  }
}

describe('a bridge that carries it', () => {
  const options = {
    get profile() {
      return devnet.profile
    },
    engines,
    clock: platformClock,
    maxBytes: 1_000_000,
  }

  it('catches the lie of a node, tells it, asks another, and does not ask the liar again', async () => {
    const liar = counted(execution, flipped)
    const honest = counted(execution)
    const told: GlowwormError[] = []
    const evidence = certifiedEvidence({
      ...options,
      nodes: [liar.node, honest.node],
      onLie: ({ error }) => told.push(error),
    })
    const bytes = await evidence.request({ type: 'execution_header', blockHash }, signal)
    expect(toHex(engines.hashes.keccak256(bytes))).toBe(blockHash)
    await evidence.request({ type: 'receipts', blockHash }, signal)
    expect(liar.asked).toEqual(['execution_header'])
    expect(honest.asked).toEqual(['execution_header', 'receipts'])
    expect(told.map(({ kind }) => kind)).toEqual(['lie'])
  })

  it('asks a liar again when its term has passed: it may be repaired, and if not, the next term is longer', async () => {
    const clock = { now: () => now, sleep: platformClock.sleep }
    const minute = 60_000
    let now = Date.UTC(2026, 10, 25)
    let repaired = false
    const node = counted(execution, (bytes) => (repaired ? bytes : flipped(bytes)))
    const told: Lie[] = []
    const evidence = certifiedEvidence({ ...options, clock, nodes: [node.node], onLie: (lie) => told.push(lie) })
    const ask = () => evidence.request({ type: 'execution_header', blockHash }, signal).catch(() => null)
    const asked = async (after: number) => {
      now += after * minute
      await ask()
      return node.asked.length
    }
    expect(await asked(0)).toBe(1)
    expect(evidence.isBarred(node.node)).toBe(true)
    expect(await asked(9)).toBe(1)
    expect(await asked(1)).toBe(2)
    expect(await asked(19)).toBe(2)
    repaired = true
    expect(await asked(1)).toBe(3)
    expect(evidence.isBarred(node.node)).toBe(false)
    expect(toHex(engines.hashes.keccak256((await ask())!))).toBe(blockHash)
    expect(told.map(({ source, request, evidenceBytes }) => [source.id, request.type, evidenceBytes > 0])).toEqual([
      [execution.description.id, 'execution_header', true],
      [execution.description.id, 'execution_header', true],
    ])
    expect(certifyThrows(told[0]!)).toBe(true)
  })

  it('a node that hangs keeps the next from answering for its turn, and then no longer', async () => {
    const clock = manualClock()
    const hung = counted({ ...execution, request: () => new Promise<never>(() => {}) })
    const honest = counted(execution)
    const nodes = [hung.node, honest.node]
    const evidence = certifiedEvidence({ ...options, clock, nodes, onLie: () => {} })
    const first = evidence.request({ type: 'execution_header', blockHash }, signal)
    await until(() => hung.asked.length === 1)
    clock.advance(5_000)
    const { parentHash } = headerOf(await first)
    await evidence.request({ type: 'execution_header', blockHash: parentHash }, signal)
    expect([hung.asked.length, honest.asked.length]).toEqual([1, 2])
  })

  it('takes lies that were under way together for one, and tells one', async () => {
    const { node, asked } = counted(execution, flipped)
    const told: Lie[] = []
    const evidence = certifiedEvidence({ ...options, nodes: [node], onLie: (lie) => told.push(lie) })
    const { parentHash } = headerOf(await fetchOf({ type: 'execution_header', blockHash }))
    const ask = (hash: Hex) =>
      evidence
        .request({ type: 'execution_header', blockHash: hash }, signal)
        .catch((error: GlowwormError) => error.code)
    expect(await Promise.all([ask(blockHash), ask(parentHash)])).toEqual(['NOT_AVAILABLE', 'NOT_AVAILABLE'])
    expect(asked).toHaveLength(2)
    expect(told).toHaveLength(1)
  })

  it('answers that there is no code without asking or keeping anything, whatever the account', async () => {
    const { node, asked } = counted(execution)
    const evidence = certifiedEvidence({ ...options, nodes: [node], onLie: () => {} })
    const codeHash = '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'
    for (const address of [`0x${'01'.repeat(20)}`, `0x${'02'.repeat(20)}`] as const)
      expect(await evidence.request({ type: 'code', blockHash, address, codeHash }, signal)).toEqual(new Uint8Array(0))
    expect(asked).toEqual([])
    expect(evidence.answered).toEqual({ memory: 0, shared: 0, node: 0 })
  })

  it('says that it has nothing, not that its asker was lied to, when all nodes lie', async () => {
    const evidence = certifiedEvidence({ ...options, nodes: [counted(execution, flipped).node], onLie: () => {} })
    await expect(evidence.request({ type: 'execution_header', blockHash }, signal)).rejects.toBeInstanceOf(NotAvailable)
  })

  it('does not take a node for a liar because a peer named a hash that is not that of the code', async () => {
    const honest = counted(execution)
    const told: GlowwormError[] = []
    const evidence = certifiedEvidence({ ...options, nodes: [honest.node], onLie: ({ error }) => told.push(error) })
    const address = FIXTURE_CONTRACT.toLowerCase() as Hex
    const asked = { type: 'code', blockHash, address, codeHash: `0x${'11'.repeat(32)}` } as const
    await expect(evidence.request(asked, signal)).rejects.toBeInstanceOf(NotAvailable)
    expect(told).toEqual([])
    await evidence.request({ type: 'receipts', blockHash }, signal)
  })

  it('asks a node again that answered once with what cannot be read', async () => {
    let broken = true
    const told: GlowwormError[] = []
    const node: EvidenceSource = {
      ...execution,
      request: async (request, given) => {
        if (broken) throw new MalformedAnswer('a proxy', 'it is not JSON')
        return execution.request(request, given)
      },
    }
    const evidence = certifiedEvidence({ ...options, nodes: [node], onLie: ({ error }) => told.push(error) })
    const request = { type: 'receipts', blockHash } as const
    await expect(evidence.request(request, signal)).rejects.toMatchObject({ code: 'MALFORMED_ANSWER' })
    broken = false
    await evidence.request(request, signal)
    expect(told).toEqual([])
  })

  it('asks once for what many want at the same time, and keeps it', async () => {
    const { node, asked } = counted(execution)
    const evidence = certifiedEvidence({ ...options, nodes: [node], onLie: () => {} })
    const request = { type: 'transactions', blockHash } as const
    await Promise.all(Array.from({ length: 20 }, () => evidence.request(request, signal)))
    await evidence.request(request, signal)
    expect(asked.toSorted()).toEqual(['execution_header', 'transactions'])
  })

  it('stops asking when the last who wanted it has withdrawn, and asks anew for the next', async () => {
    const stopped: unknown[] = []
    let begun = Promise.withResolvers<void>()
    let quick = false
    const node: EvidenceSource = {
      ...execution,
      request: (request, given) => {
        begun.resolve()
        if (quick) return execution.request(request, given)
        return new Promise((_, reject) =>
          given.addEventListener('abort', () => {
            stopped.push(given.reason)
            reject(new NotAvailable('the node', 'it'))
          }),
        )
      },
    }
    const evidence = certifiedEvidence({ ...options, nodes: [node], onLie: () => {} })
    const request = { type: 'receipts', blockHash } as const
    const [one, two] = [new AbortController(), new AbortController()]
    const asked = Promise.allSettled([evidence.request(request, one.signal), evidence.request(request, two.signal)])
    await begun.promise
    one.abort(new Error('no longer wanted'))
    expect(stopped).toHaveLength(0)
    two.abort(new Error('no longer wanted'))
    quick = true
    begun = Promise.withResolvers<void>()
    await evidence.request(request, signal)
    expect(stopped).toHaveLength(1)
    expect((await asked).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })

  it('shares with others, and believes nothing that stands in the shared store', async () => {
    const shared = memoryStore()
    const first = counted(execution)
    const request = { type: 'receipts', blockHash } as const
    const one = certifiedEvidence({ ...options, nodes: [first.node], shared, onLie: () => {} })
    const bytes = await one.request(request, signal)

    const second = counted(execution)
    const two = certifiedEvidence({ ...options, nodes: [second.node], shared, onLie: () => {} })
    expect(await two.request(request, signal)).toEqual(bytes)
    expect(second.asked).toEqual([])
    expect(two.answered).toEqual({ memory: 0, shared: 2, node: 0 })

    const poisoned = { ...shared, read: async (key: string) => flipped((await shared.read(key)) ?? new Uint8Array(9)) }
    const third = counted(execution)
    const three = certifiedEvidence({ ...options, nodes: [third.node], shared: poisoned, onLie: () => {} })
    expect(await three.request(request, signal)).toEqual(bytes)
    expect(third.asked).toEqual(['execution_header', 'receipts'])
  })
})
