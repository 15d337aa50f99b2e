/** Simulations: the same as anvil's `eth_simulateV1`, and what each call changes. */
import { FIXTURE_CONTRACT, POKED_TOPIC } from '@glowworm/devnet'
import type { Hex, SimulatedBlockRequest } from '@glowworm/light-client'
import { createRpc } from '@glowworm/light-client/application/rpc/rpc'
import { toHex } from '@glowworm/light-client/data/hex'
import { bloomOf } from '@glowworm/light-client/ledgers/ethereum/logs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askNode, engines, type Following, followDevnet } from './devnet-client.ts'

const FROM: Hex = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'
const TO: Hex = '0x00000000000000000000000000000000000c0ffe'
const CODE: Hex = '0x00000000000000000000000000000000000c0de1'
/** Sends one wei each to two addresses, then reverts if it was given call data. */
const SPLITTER: Hex = `0x5f5f5f5f600161beef5af15f5f5f5f600161cafe5af1505036601d57005b60aa5f5260205ffd`

let following: Following
beforeAll(async () => {
  following = await followDevnet({ forks: { electra: 0 }, pastPeriods: 1 })
  await following.client.ready()
})
afterAll(() => following?.close())

const CASES: Readonly<Record<string, object>> = {
  'one block of transfers': {
    blockStateCalls: [
      {
        calls: [
          { from: FROM, to: TO, value: '0x5' },
          { from: TO, to: FROM, value: '0x3' },
        ],
      },
    ],
  },
  'contract calls that see each other': {
    blockStateCalls: [
      {
        calls: [
          { from: FROM, to: FIXTURE_CONTRACT, input: '0x' },
          { from: FROM, to: FIXTURE_CONTRACT, input: `0x${'00'.repeat(32)}` },
        ],
      },
      { calls: [{ from: FROM, to: FIXTURE_CONTRACT, input: `0x${'00'.repeat(32)}` }] },
    ],
  },
  'overrides of state and block': {
    blockStateCalls: [
      {
        blockOverrides: {
          gasLimit: '0x1c9c380',
          feeRecipient: TO,
          prevRandao: `0x${'12'.repeat(32)}`,
          baseFeePerGas: '0x7',
        },
        stateOverrides: {
          [CODE]: { code: '0x455f524460205260405ff3', balance: '0x64' },
        },
        calls: [{ from: FROM, to: CODE, maxFeePerGas: '0x9', gas: '0x186a0' }],
      },
    ],
  },
  'transfers in frames that succeed and that revert': {
    traceTransfers: true,
    blockStateCalls: [
      {
        stateOverrides: { [CODE]: { code: SPLITTER, balance: '0x64' } },
        calls: [
          { from: FROM, to: CODE, value: '0x7' },
          { from: FROM, to: CODE, value: '0x7', input: '0x01' },
        ],
      },
    ],
  },
  'a call that halts': {
    blockStateCalls: [
      { stateOverrides: { [CODE]: { code: '0xfe' } }, calls: [{ from: FROM, to: CODE, gas: '0xc350' }] },
    ],
  },
  'with validation': {
    validation: true,
    blockStateCalls: [
      {
        stateOverrides: { [FROM]: { nonce: '0x5' } },
        calls: [
          { from: FROM, to: TO, value: '0x5', nonce: '0x5', maxFeePerGas: '0x77359400' },
          { from: FROM, to: TO, value: '0x5', nonce: '0x6', maxFeePerGas: '0x77359400' },
        ],
      },
    ],
  },
}

const NATIVE_COIN = `0x${'e'.repeat(40)}`

interface BlockForm {
  readonly parentHash?: Hex
  readonly logsBloom: Hex
  readonly difficulty: Hex
  readonly nonce: Hex
  readonly sha3Uncles: Hex
  readonly gasUsed: Hex
  readonly calls: readonly {
    readonly status: Hex
    readonly returnData: Hex
    readonly gasUsed: Hex
    readonly logs: readonly LogForm[]
  }[]
}
interface LogForm {
  readonly address: Hex
  readonly topics: readonly Hex[]
  readonly data: Hex
}

describe('eth_simulateV1', () => {
  it.each(Object.entries(CASES))('%s', async (_, payload) => {
    const { devnet, client } = following
    const { optimistic } = await client.ready()
    const block = `0x${optimistic.blockNumber.toString(16)}`
    const theirs = await askNode(devnet, 'eth_simulateV1', [payload, block])
    const ours = (await createRpc(client).request({
      method: 'eth_simulateV1',
      params: [payload, 'latest'],
    })) as BlockForm[]
    expect(theirs.error).toBeUndefined()
    expect(essence(ours)).toEqual(essence(theirs.result as BlockForm[]))
    const [first, ...later] = ours
    expect(first!.parentHash).toBe(optimistic.blockHash)
    expect(later.every((one) => !('parentHash' in one) && !('hash' in one) && !('stateRoot' in one))).toBe(true)
    const constant = ['difficulty', 'nonce', 'sha3Uncles'] as const
    for (const [i, block] of (theirs.result as BlockForm[]).entries()) {
      for (const field of constant) expect(ours[i]![field], field).toBe(block[field])
      const logs = ours[i]!.calls.flatMap((call) => call.logs).filter(({ address }) => address !== NATIVE_COIN)
      expect(ours[i]!.logsBloom).toBe(toHex(bloomOf(logs, engines.hashes.keccak256)))
    }
  })

  it.each([
    [
      -38010,
      {
        validation: true,
        blockStateCalls: [
          {
            stateOverrides: { [FROM]: { nonce: '0x5' } },
            calls: [{ from: FROM, to: TO, nonce: '0x4', maxFeePerGas: '0x77359400' }],
          },
        ],
      },
    ],
    [
      -38011,
      {
        validation: true,
        blockStateCalls: [{ calls: [{ from: FROM, to: TO, nonce: '0xffff', maxFeePerGas: '0x77359400' }] }],
      },
    ],
    [
      -38012,
      {
        validation: true,
        blockStateCalls: [
          { blockOverrides: { baseFeePerGas: '0x9' }, calls: [{ from: FROM, to: TO, maxFeePerGas: '0x1' }] },
        ],
      },
    ],
    [-38013, { blockStateCalls: [{ calls: [{ from: FROM, to: TO, gas: '0x5000' }] }] }],
    [-38014, { blockStateCalls: [{ calls: [{ from: CODE, to: TO, value: '0xffffffff' }] }] }],
    [
      -38015,
      { blockStateCalls: [{ blockOverrides: { gasLimit: '0x7530' }, calls: [{ from: FROM, to: TO, gas: '0xea60' }] }] },
    ],
    [-38020, { blockStateCalls: [{ blockOverrides: { number: '0x1' }, calls: [] }] }],
    [-38021, { blockStateCalls: [{ blockOverrides: { time: '0x1' }, calls: [] }] }],
    [-38026, { blockStateCalls: [{ blockOverrides: { number: '0xffffff' }, calls: [] }] }],
    [-32602, { blockStateCalls: [] }],
  ])('refuses with %s', async (code, payload) => {
    const rpc = createRpc(following.client)
    await expect(rpc.request({ method: 'eth_simulateV1', params: [payload, 'latest'] })).rejects.toMatchObject({ code })
  })
})

describe('what a simulation changes', () => {
  it('is the contract that a call creates', async () => {
    const data: Hex = '0x69602a60005260206000f3600052600a6016f3'
    const { value } = (await following.client.simulate([{ calls: [{ from: FROM, data }] }], { at: 'optimistic' }))
      .verified
    const [creation] = value.blocks[0]!.calls
    expect(creation).toMatchObject({ status: 'success', returnData: '0x602a60005260206000f3' })
    const change = creation!.changes.find(({ address }) => address === creation!.created)
    expect(change).toMatchObject({ before: null, after: { nonce: 1n } })
  })

  it('is not the block before: numbers, times and fees go on from it', async () => {
    const { optimistic } = await following.client.ready()
    // returns number, base fee and the hash of the block before
    const code: Hex = '0x435f5248602052600143034060405260605ff3'
    const blocks = [{ stateOverrides: { [CODE]: { code } }, calls: [{ to: CODE }] }]
    const { value } = (await following.client.simulate(blocks, { at: 'optimistic' })).verified
    const { number, timestamp, calls } = value.blocks[0]!
    expect(number).toBe(optimistic.blockNumber + 1n)
    expect(timestamp).toBe(BigInt(optimistic.time) / 1000n + 12n)
    const word = (i: number) => `0x${calls[0]!.returnData.slice(2 + i * 64, 66 + i * 64)}`
    expect([BigInt(word(0)), BigInt(word(1)), word(2)]).toEqual([number, 0n, optimistic.blockHash])
  })

  it('does not make up the hash of a block that does not exist', async () => {
    const blocks = [
      { calls: [] },
      { stateOverrides: { [CODE]: { code: '0x600143034060005260206000f3' as Hex } }, calls: [{ to: CODE }] },
    ]
    await expect(following.client.simulate(blocks, { at: 'optimistic' })).rejects.toMatchObject({
      code: 'UNKNOWN_BLOCK_HASH',
    })
  })

  it('is told call by call: balances, nonces and logs', async () => {
    const blocks: SimulatedBlockRequest[] = [
      {
        calls: [
          { from: FROM, to: TO, value: 5n },
          { from: FROM, to: FIXTURE_CONTRACT },
        ],
      },
    ]
    const { value } = (await following.client.simulate(blocks, { at: 'optimistic', traceTransfers: true })).verified
    const [transfer, poke] = value.blocks[0]!.calls
    const of = (address: Hex) => transfer!.changes.find((change) => change.address === address)
    expect(of(TO)).toMatchObject({ before: null, after: { balance: 5n, nonce: 0n } })
    expect(of(FROM)!.after!.balance).toBe(of(FROM)!.before!.balance - 5n)
    expect(of(FROM)!.after!.nonce).toBe(of(FROM)!.before!.nonce + 1n)
    expect(transfer!.logs).toHaveLength(1)
    expect(poke!.logs.map(({ topics }) => topics[0])).toEqual([POKED_TOPIC])
    expect(poke!.changes.map(({ address }) => address)).toEqual([FROM])
  })
})

/** What both say; they have blocks' hashes besides. */
function essence(blocks: readonly BlockForm[]) {
  return blocks.map(({ gasUsed, calls }) => ({
    gasUsed,
    calls: calls.map(({ status, returnData, gasUsed: used, logs }) => ({
      status,
      returnData,
      gasUsed: used,
      // A call that reverts leaves no logs; anvil shows its outermost transfer all the same.
      logs: (status === '0x0' ? [] : logs).map(({ address, topics, data }) => ({ address, topics, data })),
    })),
  }))
}
