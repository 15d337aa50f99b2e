/** The fake chain as a reader of blocks and state. What it does not keep, it says it does not have. @module */
import type { Answer, HeadChoice } from '@glowworm/light-client'
import type { ChainReader } from '@glowworm/light-client/application/chain-reader'
import { PRESETS } from '@glowworm/light-client/ledgers/ethereum/profile'
import type { Engines } from '@glowworm/wasm-core'
import { emptyAccount, type FakeChain, fault } from './fake-chain.ts'

export function fakeReader(
  fake: FakeChain,
  engines: Engines,
  chainId: number,
  answer: <T>(value: T, at?: HeadChoice) => Answer<T>,
): ChainReader {
  const none = async () => {
    throw fault('NOT_AVAILABLE', 'the fake chain does not keep that', 'unprovable')
  }
  return {
    profile: {
      name: 'fake',
      family: 'ethereum',
      chainId,
      symbol: 'ETH',
      preset: PRESETS.minimal,
      secondsPerSlot: 12,
      genesis: { time: 0, validatorsRoot: `0x${'00'.repeat(32)}` },
      forks: [{ name: 'electra', epoch: 0, version: '0x05000001' }],
      blobSchedule: [],
      sources: { beacon: [], execution: [], peers: [] },
    },
    engines,
    async head(choice) {
      const { blockHash: hash, blockNumber: number, stateRoot } = (await fake.client.ready())[choice]
      return answer({ hash, number, stateRoot }, choice).verified
    },
    header: none,
    byNumber: none,
    byHash: async () => null,
    // biome-ignore lint/correctness/useYield: it has no ancestors
    async *ancestors() {
      await none()
    },
    async state(block, address, slots) {
      fake.asked.push(`account ${address}`)
      const known = fake.accounts.get(address)
      return answer(
        {
          account: { ...emptyAccount(address), exists: known !== undefined, ...known },
          slots: slots.map((slot) => ({ slot, value: slot })),
          proof: { account: [], slots: slots.map(() => []) },
        },
        block.finality.level === 'final' ? 'finalized' : 'optimistic',
      ).verified
    },
    code: async () => '0x',
    transactions: none,
    receipts: none,
    withdrawals: none,
    blocksNamedFor: async () => [],
  }
}
