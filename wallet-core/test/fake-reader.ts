/** The fake chain as a reader of blocks and state. What it does not keep, it says it does not have. @module */
import type { Answer, HeadChoice, Hex, Receipt } from '@glowworm/light-client'
import type { ChainReader } from '@glowworm/light-client/application/chain-reader'
import { fromHex, minimalBytes } from '@glowworm/light-client/data/hex'
import { encode } from '@glowworm/light-client/data/rlp'
import { bloomOf } from '@glowworm/light-client/ledgers/ethereum/logs'
import { PRESETS } from '@glowworm/light-client/ledgers/ethereum/profile'
import type { Block } from '@glowworm/light-client/ledgers/ethereum/proven-block'
import type { Engines } from '@glowworm/wasm-core'
import { emptyAccount, type FakeChain, fault } from './fake-chain.ts'

const ZERO: Hex = `0x${'00'.repeat(32)}`

export function fakeReader(
  fake: FakeChain,
  engines: Engines,
  chainId: number,
  answer: <T>(value: T, at?: HeadChoice) => Answer<T>,
): ChainReader {
  const none = async () => {
    throw fault('NOT_AVAILABLE', 'the fake chain does not keep that', 'unprovable')
  }
  const sealed = <T>(value: T, final: boolean) => answer(value, final ? 'finalized' : 'optimistic').verified
  const includedIn = (hash: Hex) => [...fake.receipts.values()].find(({ receipt }) => receipt.blockHash === hash)
  /** Half full, so that the next base fee is this one's. */
  const blockOf = (hash: Hex, number: bigint, baseFeePerGas: bigint): Block => ({
    hash,
    number,
    headerSize: 500,
    parentHash: ZERO,
    sha3Uncles: ZERO,
    miner: `0x${'00'.repeat(20)}`,
    stateRoot: ZERO,
    transactionsRoot: ZERO,
    receiptsRoot: ZERO,
    logsBloom: `0x${'00'.repeat(256)}`,
    difficulty: 0n,
    gasLimit: 30_000_000n,
    gasUsed: 15_000_000n,
    timestamp: number * 12n,
    extraData: '0x',
    mixHash: ZERO,
    nonce: '0x0000000000000000',
    baseFeePerGas,
    withdrawalsRoot: null,
    blobGasUsed: null,
    excessBlobGas: null,
    parentBeaconBlockRoot: null,
    requestsHash: null,
    blockAccessListHash: null,
    slotNumber: null,
  })
  return {
    profile: {
      name: 'fake',
      family: 'ethereum',
      chainId,
      symbol: 'ETH',
      preset: PRESETS.minimal,
      secondsPerSlot: 12,
      genesis: { time: 0, validatorsRoot: ZERO },
      forks: [{ name: 'electra', epoch: 0, version: '0x05000001' }],
      blobSchedule: [],
      sources: { beacon: [], execution: [], peers: [] },
    },
    engines,
    async head(choice) {
      const { blockHash: hash, blockNumber: number, stateRoot } = (await fake.client.ready())[choice]
      return answer({ hash, number, stateRoot }, choice).verified
    },
    header: async ({ value, finality }) =>
      sealed(blockOf(value.hash, value.number, fake.baseFee), finality.level === 'final'),
    byNumber: async (number) => {
      const { optimistic, finalized } = await fake.client.ready()
      const head = [optimistic, finalized].find(({ blockNumber }) => blockNumber === number)
      return head ? sealed({ hash: head.blockHash, number }, head === finalized) : none()
    },
    async byHash(hash) {
      const included = includedIn(hash)
      if (!included) return null
      const { blockNumber, baseFeePerGas } = included.receipt
      return sealed(blockOf(hash, blockNumber, baseFeePerGas ?? 0n), included.final)
    },
    async *ancestors() {},
    async state(block, address, slots) {
      fake.asked.push(`account ${address}`)
      const known = fake.accounts.get(address)
      const value = {
        account: { ...emptyAccount(address), exists: known !== undefined, ...known },
        slots: slots.map((slot) => ({ slot, value: slot })),
        proof: { account: [], slots: slots.map(() => []) },
      }
      return sealed(value, block.finality.level === 'final')
    },
    code: async () => '0x',
    async transactions({ value }) {
      const raw = includedIn(value.hash)?.raw
      return sealed(raw ? [fromHex(raw, 'transaction')] : [], false)
    },
    async receipts({ value }) {
      const included = includedIn(value.hash)
      return sealed(included ? [encodeReceipt(included.receipt, engines)] : [], false)
    },
    withdrawals: async () => null,
    blocksNamedForLogs: async () => [],
    blocksNamedFor: async (hash) => {
      const known = fake.receipts.get(hash)
      return known?.raw ? [known.receipt.blockHash] : []
    },
  }
}

function encodeReceipt({ type, success, cumulativeGasUsed, logs }: Receipt, { hashes }: Engines): Uint8Array {
  const fields = encode([
    success ? Uint8Array.of(1) : new Uint8Array(0),
    minimalBytes(cumulativeGasUsed),
    bloomOf(logs, hashes.keccak256),
    logs.map(({ address, topics, data }) => [
      fromHex(address, 'address'),
      topics.map((topic) => fromHex(topic, 'topic')),
      fromHex(data, 'data'),
    ]),
  ])
  return type === 0 ? fields : Uint8Array.of(type, ...fields)
}
