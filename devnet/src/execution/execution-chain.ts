/**
 * The execution chain: real blocks by anvil, one per proposed slot. anvil knows one hard fork per process, so at a fork
 * the chain moves, with its history, into a new process of the next hard fork.
 * @module
 */
import type { ForkActivation } from '@glowworm/light-client/ledgers/ethereum/profile'
import type { ExecutionBlock } from '../beacon/block.ts'
import { bytesOf, type DevnetFork, epochOf, forkAtEpoch, PRESET } from '../forks.ts'
import { OPERATOR } from './accounts.ts'
import { createResealer } from './amsterdam.ts'
import { type Anvil, startAnvil } from './anvil.ts'
import { FIXTURE_CONTRACT, fixtureCreationCode } from './fixture-contract.ts'

/** Gloas' own hard fork, Amsterdam, is unknown to anvil: see amsterdam.ts. */
const HARDFORK: Record<DevnetFork, string> = {
  capella: 'shanghai',
  deneb: 'cancun',
  electra: 'prague',
  fulu: 'osaka',
  gloas: 'osaka',
}

export interface MinedBlock {
  readonly block: ExecutionBlock
  /** The EIP-2718 encodings, in order. */
  readonly transactions: Uint8Array[]
}

export interface ExecutionChain {
  /** Mines one block for each of `slots`, which ascend; a poke of the fixture contract goes into each epoch but the first. */
  mine(slots: readonly number[]): Promise<MinedBlock[]>
  /** JSON-RPC without any filter. Waits while the chain moves to another process. */
  call<T = unknown>(method: string, ...params: unknown[]): Promise<T>
  /** One JSON-RPC request as it is; gives the whole answer, decoded, errors of the node included. */
  relay(request: { readonly method: string; readonly params: unknown }): Promise<unknown>
  /** Sends from the devnet's own account, which is none of the published ones. */
  send(transaction: { to?: string; value?: string; data?: string }): Promise<`0x${string}`>
  close(): Promise<void>
}

export async function startExecutionChain(options: {
  chainId: number
  genesisTime: number
  secondsPerSlot: number
  forks: readonly ForkActivation[]
}): Promise<ExecutionChain> {
  const { forks, genesisTime, secondsPerSlot } = options
  let fork = forkAtEpoch(forks, 0).name
  let anvil: Anvil = await startAnvil({ ...options, hardfork: HARDFORK[fork] })
  let moved: Promise<void> = Promise.resolve()
  let pokedEpoch = 0
  const resealer = createResealer()

  const call = async <T>(method: string, ...params: unknown[]) => {
    await moved
    const asked = params.map(resealer.inward)
    return resealer.outward(await anvil.rpc.call(method, ...asked)) as T
  }

  async function moveTo(next: DevnetFork): Promise<void> {
    const history = await anvil.rpc.call<string>('anvil_dumpState', true)
    const waiting = await pendingTransactions(anvil)
    const successor = await startAnvil({ ...options, hardfork: HARDFORK[next] })
    await successor.rpc.call('anvil_loadState', history)
    for (const raw of waiting) await successor.rpc.call('eth_sendRawTransaction', raw)
    const predecessor = anvil
    anvil = successor
    fork = next
    await predecessor.close()
  }

  async function mineRun(first: number, count: number): Promise<MinedBlock[]> {
    const next = forkAtEpoch(forks, epochOf(first)).name
    if (HARDFORK[next] !== HARDFORK[fork]) {
      moved = moveTo(next)
      await moved
    }
    if (epochOf(first) > pokedEpoch) {
      pokedEpoch = epochOf(first)
      await send({ to: FIXTURE_CONTRACT })
    }
    const { rpc } = anvil
    const before = Number(await rpc.call<string>('eth_blockNumber'))
    // Not the interval that anvil_mine takes: that one follows the wall clock and is a second off now and then.
    await rpc.call('anvil_setBlockTimestampInterval', secondsPerSlot)
    await rpc.call('evm_setNextBlockTimestamp', genesisTime + first * secondsPerSlot)
    await rpc.call('anvil_mine', quantity(count))
    const numbers = Array.from({ length: count }, (_, i) => [quantity(before + 1 + i), true])
    const blocks = await rpc.batch<ExecutionBlock>('eth_getBlockByNumber', numbers)
    const mined: MinedBlock[] = []
    for (const [i, found] of blocks.entries()) {
      const block = next === 'gloas' ? await resealer.seal(found, first + i) : found
      const hashes = block.transactions.map(({ hash }) => [hash])
      const raw = await rpc.batch<string>('eth_getRawTransactionByHash', hashes)
      mined.push({ block, transactions: raw.map(bytesOf) })
    }
    return mined
  }

  // One after the other: two that come at once get the same nonce from anvil, and one of them is refused.
  let sending: Promise<unknown> = Promise.resolve()
  const send = (transaction: { to?: string; value?: string; data?: string }) => {
    const sent = sending.then(() => call<`0x${string}`>('eth_sendTransaction', { from: OPERATOR, ...transaction }))
    sending = sent.catch(() => undefined)
    return sent
  }

  await send({ data: fixtureCreationCode() })

  return {
    call,
    send,
    async relay(request) {
      await moved
      const asked = { ...request, params: resealer.inward(request.params) }
      return resealer.outward(JSON.parse((await anvil.rpc.post(JSON.stringify(asked))).toString()))
    },
    async mine(slots) {
      const mined: MinedBlock[] = []
      for (const { first, count } of runsOf(slots)) mined.push(...(await mineRun(first, count)))
      return mined
    },
    async close() {
      await moved.catch(() => undefined)
      await anvil.close()
    },
  }
}

/** Cuts slots into runs that follow each other without a gap and lie in one epoch. */
export function runsOf(slots: readonly number[]): { first: number; count: number }[] {
  const runs: { first: number; count: number }[] = []
  for (const slot of slots) {
    const run = runs.at(-1)
    if (run && slot === run.first + run.count && slot % PRESET.SLOTS_PER_EPOCH !== 0) run.count++
    else runs.push({ first: slot, count: 1 })
  }
  return runs
}

async function pendingTransactions(anvil: Anvil): Promise<string[]> {
  type Pool = Record<string, Record<string, { hash: string }>>
  const { pending, queued } = await anvil.rpc.call<{ pending: Pool; queued: Pool }>('txpool_content')
  const hashes = [pending, queued].flatMap((pool) =>
    Object.values(pool).flatMap((byNonce) =>
      Object.entries(byNonce)
        .sort(([a], [b]) => Number(a) - Number(b))
        .map(([, { hash }]) => [hash]),
    ),
  )
  const raw = await anvil.rpc.batch<string | null>('eth_getRawTransactionByHash', hashes)
  return raw.filter((bytes) => bytes !== null)
}

const quantity = (value: number) => `0x${value.toString(16)}`
