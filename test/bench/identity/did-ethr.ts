/**
 * did:ethr: an identity with twenty changes in as many blocks, of ten transactions and of as many as on mainnet, resolved by a client that has just come
 * into step. Round trips are counted by a latency that outweighs everything else; processor time is that of the whole
 * process with evidence at hand, as bytes: decoding, hashing, following the list.
 * @module
 */
import { createRequire } from 'node:module'
import { startDevnet } from '@glowworm/devnet'
import type { Hex } from '@glowworm/light-client'
import { platformClock } from '@glowworm/light-client'
import { registryHistory } from '@glowworm/light-client/application/did-registry'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import { keyOf } from '@glowworm/light-client/ledgers/ethereum/evidence'
import type { EvidenceSource } from '@glowworm/light-client/network/evidence-source'
import { executionRpcSource } from '@glowworm/light-client/network/http/execution-rpc'
import { encodeBytes32String, Interface } from 'ethers'
import { clientOf } from '../../calls/devnet-client.ts'
import { median, type Row, round } from '../compare.ts'

const CHANGES = 20
/** In each block; those of mainnet's size with three logs each, which makes some 190 kB of receipts. */
const FEW = 10
const MAINNET = 250
const LATENCY = 50
/** So long that what is computed in between does not count. */
const OUTWEIGHING = 1000
const ROUNDS = 7

const artifact = createRequire(import.meta.url)(
  '../../../node_modules/ethr-did-registry/artifacts/contracts/EthereumDIDRegistry.sol/EthereumDIDRegistry.json',
) as { abi: ConstructorParameters<typeof Interface>[0]; bytecode: Hex }

type Devnet = Awaited<ReturnType<typeof startDevnet>>

export async function didEthr(): Promise<Row[]> {
  const devnet = await startDevnet({ mode: 'manual', forks: { fulu: 0 }, pastPeriods: 1 })
  try {
    const { registry, identity } = await changedIdentity(devnet, FEW)
    const overHttp = (latency: number) =>
      delayed(executionRpcSource({ url: devnet.executionUrl, http: platformHttp }), latency)
    const trips = Math.floor(
      (await resolve(devnet, registry, identity, overHttp(OUTWEIGHING))).milliseconds / OUTWEIGHING,
    )
    const slow: number[] = []
    for (let i = 0; i < ROUNDS; i++)
      slow.push((await resolve(devnet, registry, identity, overHttp(LATENCY))).milliseconds)
    const held = await processorTime(devnet, registry, identity, overHttp(0))
    const large = await changedIdentity(devnet, MAINNET)
    const heldLarge = await processorTime(devnet, large.registry, large.identity, overHttp(0))
    const name = `did:ethr with ${CHANGES} changes`
    return [
      row(name, trips, 'trips'),
      row(`${name}, at ${LATENCY} ms`, median(slow), 'ms'),
      row(`${name}, our CPU`, held, 'ms'),
      row(`${name} in blocks of ${MAINNET} transactions, our CPU`, heldLarge, 'ms'),
    ]
  } finally {
    await devnet.close()
  }
}

async function processorTime(devnet: Devnet, registry: Hex, identity: Hex, source: EvidenceSource): Promise<number> {
  const { recording, replaying } = recorder(source)
  await resolve(devnet, registry, identity, recording)
  const held: number[] = []
  for (let i = 0; i < ROUNDS; i++) held.push((await resolve(devnet, registry, identity, replaying)).cpu)
  return median(held)
}

const row = (name: string, ours: number, unit: Row['unit']): Row => ({
  ...{ name, ours: round(ours), unit },
  ...{ peer: null, peerName: null, ratio: null },
})

/** A contract that answers everything with three logs of three topics and a word: PUSH1 ×5, LOG3, thrice; STOP. */
const LOGS = `0x60228060093d393df3${'60036002600160206000a3'.repeat(3)}00` as Hex

async function changedIdentity(devnet: Devnet, transactions: number): Promise<{ registry: Hex; identity: Hex }> {
  const [identity, other] = (await devnet.execution<[Hex, Hex]>('eth_accounts')) as [Hex, Hex]
  const abi = new Interface(artifact.abi)
  const send = (transaction: { from: Hex; to?: Hex; data?: Hex; value?: Hex; gas?: Hex }) =>
    devnet.execution<Hex>('eth_sendTransaction', { gas: '0x2dc6c0', ...transaction })
  const created = async (data: Hex): Promise<Hex> => {
    const creation = await send({ from: identity, data })
    await devnet.advance(1)
    const receipt = await devnet.execution<{ contractAddress: Hex }>('eth_getTransactionReceipt', creation)
    return receipt.contractAddress
  }
  const registry = await created(artifact.bytecode)
  const logs = await created(LOGS)
  for (let i = 0; i < CHANGES; i++) {
    const name = encodeBytes32String('did/svc/Hub')
    const data = abi.encodeFunctionData('setAttribute', [identity, name, `0x${'61'.repeat(20)}`, 1000]) as Hex
    await send({ from: identity, to: registry, data })
    for (let n = 1; n < transactions; n++)
      await send(
        transactions === FEW ? { from: other, to: identity, value: '0x1' } : { from: other, to: logs, gas: '0xea60' },
      )
    await devnet.advance(1)
    const mined = Number(await devnet.execution<Hex>('eth_getBlockTransactionCountByNumber', 'latest'))
    if (mined < transactions) throw new Error(`the block holds ${mined} transactions`)
  }
  await devnet.advance(12) // so that the last changes lie where most do: further back than the next blocks
  return { registry, identity }
}

/** Every answer comes later. */
function delayed(source: EvidenceSource, milliseconds: number): EvidenceSource {
  if (milliseconds === 0) return source
  const request: EvidenceSource['request'] = async (...asked) => {
    await new Promise((resolve) => setTimeout(resolve, milliseconds))
    return source.request(...asked)
  }
  return { ...source, request }
}

/** A source whose answers are kept, and one that gives them again. */
function recorder(source: EvidenceSource): { recording: EvidenceSource; replaying: EvidenceSource } {
  const answers = new Map<string, Awaited<ReturnType<EvidenceSource['request']>>>()
  const recording: EvidenceSource['request'] = async (request, signal) => {
    const answer = await source.request(request, signal)
    answers.set(keyOf(request), answer)
    return answer
  }
  const replaying: EvidenceSource['request'] = async (request, signal) =>
    answers.get(keyOf(request)) ?? source.request(request, signal)
  return { recording: { ...source, request: recording }, replaying: { ...source, request: replaying } }
}

async function resolve(devnet: Devnet, registry: Hex, identity: Hex, source: EvidenceSource) {
  const clock = { ...platformClock, now: () => devnet.time() * 1000 }
  const client = clientOf(devnet, [source], { clock })
  try {
    await client.ready()
    const signal = new AbortController().signal
    const question = { registry, identity, at: 'optimistic', signal, now: clock.now } as const
    const cpu = process.cpuUsage()
    const start = performance.now()
    const { value } = await registryHistory(client.chain, question)
    const milliseconds = performance.now() - start
    const { user, system } = process.cpuUsage(cpu)
    if (value.events.length !== CHANGES) throw new Error('the history is not complete')
    return { milliseconds, cpu: (user + system) / 1000 }
  } finally {
    await client.close()
  }
}
