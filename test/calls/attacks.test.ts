/** What a source can try while a call is executed, and what a contract can try. None of it makes a wrong result. */
import { type Devnet, FIXTURE_CONTRACT, FIXTURE_STORAGE, startDevnet } from '@glowworm/devnet'
import {
  type EvidenceSource,
  GlowwormError,
  type Hex,
  type LightClient,
  NotAvailable,
  SourceUnreachable,
} from '@glowworm/light-client'
import { encode } from '@glowworm/light-client/data/rlp'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import type { EthereumRequest } from '@glowworm/light-client/ledgers/ethereum/evidence'
import { executionRpcSource } from '@glowworm/light-client/network/http/execution-rpc'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askNode, clientOf } from './devnet-client.ts'

type StateRequest = Extract<EthereumRequest, { type: 'state' }>

let devnet: Devnet
let oldBlock: Hex
beforeAll(async () => {
  devnet = await startDevnet({ mode: 'manual', forks: { fulu: 0 }, pastPeriods: 1 })
  const old = await devnet.execution<{ hash: Hex }>('eth_getBlockByNumber', '0x10', false)
  oldBlock = old.hash
})
afterAll(() => devnet?.close())

const SLOT: Hex = `0x${'1'.padStart(64, '0')}`
const POKES: Hex = `0x${'0'.padStart(64, '0')}`
const CALL = { to: FIXTURE_CONTRACT as Hex, data: SLOT }

interface Lie {
  /** Asks for something else than was asked. */
  readonly ask?: (request: StateRequest) => StateRequest
  readonly answer?: (
    bytes: Uint8Array,
    request: StateRequest,
    honest: EvidenceSource,
  ) => Uint8Array | Promise<Uint8Array>
  readonly hint?: () => Uint8Array
}

function node(id: string, lie: Lie = {}): EvidenceSource {
  const honest = executionRpcSource({ url: devnet.executionUrl, http: platformHttp })
  const description = { ...honest.description, id, words: id }
  return {
    ...honest,
    description,
    async request(request, signal) {
      if (request.type === 'access_list_hint' && lie.hint) return { bytes: lie.hint(), from: description }
      if (request.type !== 'state') return { ...(await honest.request(request, signal)), from: description }
      const { bytes } = await honest.request(lie.ask?.(request) ?? request, signal)
      return { bytes: (await lie.answer?.(bytes, request, honest)) ?? bytes, from: description }
    },
  }
}

async function withClient<T>(sources: readonly EvidenceSource[], use: (client: LightClient) => Promise<T>): Promise<T> {
  const client = clientOf(devnet, sources)
  try {
    await client.ready()
    return await use(client)
  } finally {
    await client.close()
  }
}

const onEachAccount = (change: (account: StateRequest['accounts'][number]) => StateRequest['accounts'][number]) => ({
  ask: (request: StateRequest): StateRequest => ({ ...request, accounts: request.accounts.map(change) }),
})

const LIES: Readonly<Record<string, Lie>> = {
  'proofs of other slots': onEachAccount((account) => ({
    ...account,
    slots: account.slots.map((slot): Hex => `0x${(BigInt(slot) ^ 1n).toString(16).padStart(64, '0')}`),
  })),
  'proofs of another account': onEachAccount((account) => ({ ...account, address: `0x${'ab'.repeat(20)}` })),
  'fewer storage proofs than asked': onEachAccount((account) => ({ ...account, slots: account.slots.slice(1) })),
  'fewer accounts than asked': { ask: (request) => ({ ...request, accounts: request.accounts.slice(1) }) },
  'proofs of an older state': { ask: (request) => ({ ...request, blockHash: oldBlock }) },
  'no nodes at all': {
    answer: (_, { accounts }) =>
      encode([
        [],
        accounts.map(({ slots }) => [new Uint8Array(0), slots.map(() => new Uint8Array(0))]),
        accounts.filter(({ code }) => code).map(() => new Uint8Array(0)),
      ]),
  },
  'other code': {
    async answer(_, request, honest) {
      const { bytes } = await honest.request(request, AbortSignal.timeout(5_000))
      return bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1)
    },
  },
  'no code': { ...onEachAccount((account) => ({ ...account, code: false })) },
  'half an answer': { answer: (bytes) => bytes.subarray(0, bytes.length >> 1) },
}

describe.each(Object.entries(LIES))('a source that sends %s', (_, lie) => {
  it('is caught when it is the only one', async () => {
    await withClient([node('liar', lie)], async (client) => {
      const error = await client.call(CALL).catch((cause: unknown) => cause)
      expect(error).toBeInstanceOf(GlowwormError)
      expect((error as GlowwormError).kind).toBe('lie')
      expect(client.sources.find(({ description }) => description.id === 'liar')?.lie).not.toBeNull()
    })
  })

  it('does no harm beside an honest one', async () => {
    await withClient([node('liar', lie), node('honest')], async (client) => {
      const { verified } = await client.call(CALL)
      expect(verified.value).toMatchObject({ status: 'success', returnData: FIXTURE_STORAGE[SLOT] })
      expect(client.sources.find(({ description }) => description.id === 'honest')?.lie).toBeNull()
    })
  })
})

describe('a list of state to read', () => {
  const text = (value: string) => new TextEncoder().encode(value)
  it.each([
    ['is empty', '{"accessList":[]}'],
    ['leaves a slot out', JSON.stringify({ accessList: [{ address: FIXTURE_CONTRACT, storageKeys: [] }] })],
    ['names the wrong slots', JSON.stringify({ accessList: [{ address: FIXTURE_CONTRACT, storageKeys: [POKES] }] })],
    ['makes no sense', '{"accessList":[null,{"address":5},{"address":"0x12"},[]]}'],
    ['is no list', '{"accessList":"everything"}'],
    ['is not JSON', 'no'],
    [
      'is endless',
      JSON.stringify({ accessList: Array(3000).fill({ address: FIXTURE_CONTRACT, storageKeys: [SLOT, POKES] }) }),
    ],
  ])('that %s changes nothing', async (_, list) => {
    await withClient([node('node', { hint: () => text(list) })], async (client) => {
      const { verified } = await client.call({ to: FIXTURE_CONTRACT, data: POKES })
      const truth = await askNode(devnet, 'eth_call', [{ to: FIXTURE_CONTRACT, data: POKES }, 'finalized'])
      expect(verified.value.returnData).toBe(truth.result)
    })
  })

  it('is not needed', async () => {
    const unable = () => {
      throw new NotAvailable('node', 'eth_createAccessList')
    }
    await withClient([node('node', { hint: unable })], async (client) => {
      expect((await client.call(CALL)).verified.value.returnData).toBe(FIXTURE_STORAGE[SLOT])
    })
  })
})

describe('a source that dies', () => {
  it.each([0, 1])('after %s answers gives an error that says so, never a revert', async (answers) => {
    let left = answers
    const dying = node('dying', {
      hint: () => new TextEncoder().encode('{"accessList":[]}'),
      answer(bytes) {
        if (left-- > 0) return bytes
        throw new SourceUnreachable('dying', 'connection lost')
      },
    })
    await withClient([dying], async (client) => {
      const error = await client.call({ to: FIXTURE_CONTRACT, data: POKES }).catch((cause: unknown) => cause)
      expect(error).toBeInstanceOf(GlowwormError)
      expect(error).toMatchObject({ kind: 'unreachable' })
    })
  })
})

describe('a contract', () => {
  const TARGET: Hex = '0x00000000000000000000000000000000000c0de1'
  const run = async (code: Hex, gas: bigint) => {
    const stateOverrides = { [TARGET]: { code } }
    const { client, theirs } = {
      client: clientOf(devnet, [node('node')]),
      theirs: await askNode(devnet, 'eth_call', [
        { to: TARGET, gas: `0x${gas.toString(16)}` },
        'finalized',
        { [TARGET]: { code } },
      ]),
    }
    try {
      return { ours: (await client.call({ to: TARGET, gas }, { stateOverrides })).verified.value, theirs }
    } finally {
      await client.close()
    }
  }

  it('that uses up its gas ends when it has', async () => {
    const { ours, theirs } = await run('0x5b600056', 3_000_000n)
    expect(ours).toMatchObject({ status: 'halt', halt: 'out of gas', gasUsed: 3_000_000n })
    expect(theirs.error).toBeDefined()
  })

  it('that calls itself as deep as it can comes back with what anvil says', async () => {
    // returns one more than what it gets from calling itself
    const { ours, theirs } = await run('0x602060006000600060003060005a03f160005160010160005260206000f3', 30_000_000n)
    expect(theirs.error).toBeUndefined()
    expect(ours).toMatchObject({ status: 'success', returnData: theirs.result })
    expect(BigInt(ours.returnData)).toBeGreaterThan(100n)
  })

  it('that returns as much as gas allows, to itself too, does what anvil says', async () => {
    // without call data it calls itself with a byte of them and copies what comes; with them it returns 300,000 bytes
    const { ours, theirs } = await run(
      '0x3615600c57620493e06000f35b60006000600160006000305af1503d600060003e3d60005260206000f3',
      10_000_000n,
    )
    expect(ours.returnData).toBe(theirs.result)
    expect(BigInt(ours.returnData)).toBe(300_000n)
  })

  it('that reads one new slot after another is given up, with an error that says why', async () => {
    // for (i = 0; ; i++) sload(i)
    const code: Hex = '0x60005b805450600101600256'
    const client = clientOf(devnet, [node('node', { hint: () => new TextEncoder().encode('{"accessList":[]}') })])
    try {
      const error = await client
        .call({ to: FIXTURE_CONTRACT }, { stateOverrides: { [FIXTURE_CONTRACT]: { code } } })
        .catch((cause: unknown) => cause)
      expect(error).toMatchObject({ code: 'CALL_READS_TOO_MUCH', kind: 'unprovable' })
    } finally {
      await client.close()
    }
  })
})
