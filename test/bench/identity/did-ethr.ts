/**
 * did:ethr: an identity with twenty changes in as many blocks of ten transactions, resolved by a client that has just come
 * into step. Round trips at 50 ms latency for each request to the execution node, and processor time without latency: all
 * of the process, so with JSON and HTTP.
 * @module
 */
import { createRequire } from 'node:module'
import { startDevnet } from '@glowworm/devnet'
import type { Hex } from '@glowworm/light-client'
import { platformClock } from '@glowworm/light-client'
import { registryHistory } from '@glowworm/light-client/application/did-registry'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import type { Http } from '@glowworm/light-client/infrastructure/ports'
import { executionRpcSource } from '@glowworm/light-client/network/http/execution-rpc'
import { encodeBytes32String, Interface } from 'ethers'
import { clientOf } from '../../calls/devnet-client.ts'
import { median, type Row, round } from '../compare.ts'

const CHANGES = 20
const TRANSACTIONS = 10
const LATENCY = 50
const ROUNDS = 7

const artifact = createRequire(import.meta.url)(
  '../../../node_modules/ethr-did-registry/artifacts/contracts/EthereumDIDRegistry.sol/EthereumDIDRegistry.json',
) as { abi: ConstructorParameters<typeof Interface>[0]; bytecode: Hex }

type Devnet = Awaited<ReturnType<typeof startDevnet>>

export async function didEthr(): Promise<Row[]> {
  const devnet = await startDevnet({ mode: 'manual', forks: { fulu: 0 }, pastPeriods: 1 })
  try {
    const { registry, identity } = await changedIdentity(devnet)
    const slow = []
    const fast = []
    for (let i = 0; i < ROUNDS; i++) {
      slow.push(await resolve(devnet, registry, identity, LATENCY))
      fast.push(await resolve(devnet, registry, identity, 0))
    }
    const name = `did:ethr with ${CHANGES} changes`
    return [
      row(name, Math.max(...slow.map(({ trips }) => trips)), 'trips'),
      row(`${name}, at ${LATENCY} ms`, median(slow.map(({ milliseconds }) => milliseconds)), 'ms'),
      row(`${name}, our CPU`, median(fast.map(({ cpu }) => cpu)), 'ms'),
    ]
  } finally {
    await devnet.close()
  }
}

const row = (name: string, ours: number, unit: Row['unit']): Row => ({
  ...{ name, ours: round(ours), unit },
  ...{ peer: null, peerName: null, ratio: null },
})

async function changedIdentity(devnet: Devnet): Promise<{ registry: Hex; identity: Hex }> {
  const [identity, other] = (await devnet.execution<[Hex, Hex]>('eth_accounts')) as [Hex, Hex]
  const abi = new Interface(artifact.abi)
  const send = (transaction: { from: Hex; to?: Hex; data?: Hex; value?: Hex }) =>
    devnet.execution<Hex>('eth_sendTransaction', { ...transaction, gas: '0x2dc6c0' })
  const creation = await send({ from: identity, data: artifact.bytecode })
  await devnet.advance(1)
  const receipt = await devnet.execution<{ contractAddress: Hex }>('eth_getTransactionReceipt', creation)
  const registry = receipt.contractAddress
  for (let i = 0; i < CHANGES; i++) {
    const name = encodeBytes32String('did/svc/Hub')
    const data = abi.encodeFunctionData('setAttribute', [identity, name, `0x${'61'.repeat(20)}`, 1000]) as Hex
    await send({ from: identity, to: registry, data })
    for (let n = 1; n < TRANSACTIONS; n++) await send({ from: other, to: identity, value: '0x1' })
    await devnet.advance(1)
  }
  await devnet.advance(12) // so that the last changes lie where most do: further back than the next blocks
  return { registry, identity }
}

async function resolve(devnet: Devnet, registry: Hex, identity: Hex, latency: number) {
  let open = 0
  let trips = 0
  const http: Http = async (request) => {
    if (open++ === 0) trips++
    try {
      if (latency > 0) await new Promise((resolve) => setTimeout(resolve, latency))
      return await platformHttp(request)
    } finally {
      open--
    }
  }
  const clock = { ...platformClock, now: () => devnet.time() * 1000 }
  const client = clientOf(devnet, [executionRpcSource({ url: devnet.executionUrl, http })], { clock })
  try {
    await client.ready()
    trips = 0
    const cpu = process.cpuUsage()
    const start = performance.now()
    const signal = new AbortController().signal
    const { value } = await registryHistory(client.chain, {
      ...{ registry, identity, at: 'optimistic', signal },
      now: clock.now,
    })
    const milliseconds = performance.now() - start
    const { user, system } = process.cpuUsage(cpu)
    if (value.events.length !== CHANGES) throw new Error('the history is not complete')
    return { trips, milliseconds, cpu: (user + system) / 1000 }
  } finally {
    await client.close()
  }
}
