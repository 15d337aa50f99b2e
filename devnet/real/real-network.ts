/** Starts the real pair on free loopback ports and ends it. @module */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type NetworkProfile, parseProfile } from '@glowworm/light-client/ledgers/ethereum/profile'
import { DevnetError } from '../src/errors.ts'
import { connectRpc, type RpcClient } from '../src/execution/rpc-client.ts'
import { CONSENSUS, EXECUTION, installRealNetwork, NODE_20 } from './install.ts'

export const SECONDS_PER_SLOT = 2
const VALIDATORS = 64
/** Seconds between the start and genesis, in which the consensus client gets ready. */
const GENESIS_DELAY = 20
/** Slots without a block after which the pair never recovers (Lodestar's slotImportTolerance on the minimal preset). */
const STALL_SLOTS = 8
/** Slots of an epoch of the minimal preset, and how far behind finality may be: it is two to three epochs when all goes well. */
const SLOTS_PER_EPOCH = 8
const FINALITY_SLOTS = 5 * SLOTS_PER_EPOCH

export interface RealNetwork {
  readonly beaconUrl: string
  readonly executionUrl: string
  /** Multiaddr of the consensus client's libp2p port (TCP, noise, mplex), without the peer id. */
  readonly beaconMultiaddr: string
  readonly rpc: RpcClient
  /** Profile without a checkpoint: whoever starts reads one when something is final. */
  readonly profile: NetworkProfile
  /** Data of one beacon REST path; null while the client says that it is not there yet. */
  beacon<T>(path: string): Promise<T | null>
  /**
   * Waits until `what` gives something; what it throws meanwhile counts as "not yet".
   * @throws {RealNetworkStalled} when blocks stop coming, or finality stays far behind them
   * @throws {DidNotCome} when it takes longer than `seconds` although blocks come
   */
  until<T>(words: string, seconds: number, what: () => Promise<T | null | undefined | false>): Promise<T>
  close(): Promise<void>
}

/** @throws {RealNetworkNotInstalled | RealNetworkStalled} */
export async function startRealNetwork(report: (step: string) => void): Promise<RealNetwork> {
  await installRealNetwork(report)
  const folder = mkdtempSync(join(tmpdir(), 'glowworm-real-'))
  const [rpcPort, enginePort, executionP2p, restPort, consensusP2p] = await freePorts(5)
  const children: ChildProcess[] = []
  const logs: string[] = ['', '']
  const start = (name: number, cwd: string, args: string[], env: Record<string, string> = {}) => {
    const child = spawn(NODE_20, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
    const keep = (chunk: Buffer) => {
      logs[name] = (logs[name] + chunk.toString()).slice(-4000)
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    children.push(child)
  }
  const beaconUrl = `http://127.0.0.1:${restPort}`
  const executionUrl = `http://127.0.0.1:${rpcPort}`
  const rpc = connectRpc(executionUrl)

  async function close(): Promise<void> {
    rpc.close()
    // The consensus client takes its time with SIGTERM, up to minutes.
    for (const child of children) child.kill('SIGKILL')
    await Promise.all(
      children.map((child) =>
        child.exitCode !== null || child.signalCode !== null
          ? undefined
          : new Promise((resolve) => child.once('exit', resolve)),
      ),
    )
    rmSync(folder, { recursive: true, force: true })
  }

  const beacon = async <T>(path: string): Promise<T | null> => {
    const answer = await fetch(`${beaconUrl}${path}`, { signal: AbortSignal.timeout(10_000) }).catch(() => null)
    return answer?.ok ? ((await answer.json()) as { data: T }).data : null
  }
  const headSlot = async () => {
    const header = await beacon<{ header: { message: { slot: string } } }>('/eth/v1/beacon/headers/head')
    return header ? Number(header.header.message.slot) : 0
  }
  /** By what the consensus client itself says: on a busy machine its validators miss too many attestations. */
  const slotsWithoutFinality = async () => {
    const path = '/eth/v1/beacon/states/head/finality_checkpoints'
    const checkpoints = await beacon<{ finalized: { epoch: string } }>(path)
    return checkpoints ? (await headSlot()) - Number(checkpoints.finalized.epoch) * SLOTS_PER_EPOCH : 0
  }
  let genesisTime = Number.POSITIVE_INFINITY
  /** From the first block on; a slow start is no stall. */
  let running = false
  const until: RealNetwork['until'] = async (words, seconds, what) => {
    const deadline = Date.now() + seconds * 1000
    let last: unknown
    for (;;) {
      try {
        const found = await what()
        if (found) return found
      } catch (cause) {
        last = cause
      }
      const due = running ? Math.floor((Date.now() / 1000 - genesisTime) / SECONDS_PER_SLOT) : 0
      const head = due > STALL_SLOTS ? await headSlot() : due
      if (due - head > STALL_SLOTS || children.some((child) => child.exitCode !== null))
        throw new RealNetworkStalled(
          `waiting for ${words} at slot ${due}, the head is slot ${head}`,
          logs.join('\n---\n'),
        )
      if (Date.now() > deadline) {
        const behind = await slotsWithoutFinality()
        if (behind > FINALITY_SLOTS)
          throw new RealNetworkStalled(`waiting for ${words}, finality is ${behind} slots behind`, logs.join('\n---\n'))
        throw new DidNotCome(words, last)
      }
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }

  try {
    // It writes logs where it stands.
    start(0, folder, [
      join(EXECUTION, 'node_modules/.bin/ethereumjs'),
      ...['--gethGenesis', join(EXECUTION, 'genesis.json'), '--dataDir', join(folder, 'execution')],
      ...['--rpc', '--rpcAddr', '127.0.0.1', '--rpcPort', String(rpcPort)],
      ...[
        '--rpcEngine',
        '--rpcEngineAddr',
        '127.0.0.1',
        '--rpcEnginePort',
        String(enginePort),
        '--rpcEngineAuth=false',
      ],
      ...['--port', String(executionP2p), '--discDns=false', '--discV4=false', '--sync', 'none', '--minPeers', '0'],
      ...['--isSingleNode', '--logFile=false'],
    ])
    const genesis = await until('the execution client', 60, () =>
      rpc.call<{ hash: string }>('eth_getBlockByNumber', '0x0', false).catch(() => null),
    )
    genesisTime = Math.floor(Date.now() / 1000) + GENESIS_DELAY
    start(
      1,
      folder,
      [
        join(CONSENSUS, 'node_modules/.bin/lodestar'),
        ...['dev', '--genesisValidators', String(VALIDATORS), '--startValidators', `0..${VALIDATORS - 1}`],
        ...['--dataDir', join(folder, 'consensus'), '--genesisEth1Hash', genesis.hash],
        ...['--genesisTime', String(genesisTime), '--params.SECONDS_PER_SLOT', String(SECONDS_PER_SLOT)],
        ...['--params.ALTAIR_FORK_EPOCH', '0', '--params.BELLATRIX_FORK_EPOCH', '0'],
        ...['--params.CAPELLA_FORK_EPOCH', '0', '--params.TERMINAL_TOTAL_DIFFICULTY', '0'],
        ...['--execution.urls', `http://127.0.0.1:${enginePort}`, '--eth1=false'],
        ...['--rest.port', String(restPort), '--rest.namespace', '*', '--server', beaconUrl],
        ...['--port', String(consensusP2p), '--listenAddress', '127.0.0.1', '--enr.ip', '127.0.0.1'],
        ...['--network.connectToDiscv5Bootnodes=false'],
        ...['--suggestedFeeRecipient', '0x00000000000000000000000000000000000000fe', '--logLevel', 'info'],
      ],
      // bcrypto in JavaScript, because its native build is not installed; a promise helper that Node 20 lacks.
      {
        NODE_OPTIONS: `-r ${join(CONSENSUS, 'with-resolvers.cjs')}`,
        LODESTAR_PRESET: 'minimal',
        NODE_BACKEND: 'js',
      },
    )
    const { genesis_validators_root, genesis_time } = await until('the consensus client', 90, () =>
      beacon<{ genesis_validators_root: `0x${string}`; genesis_time: string }>('/eth/v1/beacon/genesis'),
    )
    await until('the first block', 120, async () => (await headSlot()) > 0)
    running = true
    const forks = ['altair', 'bellatrix', 'capella'].map((name, i) => ({
      name,
      epoch: 0,
      version: `0x0${i + 1}000001`,
    }))
    const profile = parseProfile({
      name: 'real devnet',
      family: 'ethereum',
      chainId: 1337,
      preset: 'minimal',
      secondsPerSlot: SECONDS_PER_SLOT,
      genesis: { time: Number(genesis_time), validatorsRoot: genesis_validators_root },
      forks,
      maxCheckpointAgeDays: 1,
      sources: { beacon: [beaconUrl], execution: [executionUrl] },
    })
    const beaconMultiaddr = `/ip4/127.0.0.1/tcp/${consensusP2p}`
    return { beaconUrl, executionUrl, beaconMultiaddr, rpc, profile, beacon, until, close }
  } catch (error) {
    await close()
    throw error
  }
}

export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer()
          server.once('error', reject)
          server.listen(0, '127.0.0.1', () => resolve(server))
        }),
    ),
  )
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

/** Blocks come, but what was waited for does not. */
export class DidNotCome extends DevnetError {
  constructor(words: string, cause: unknown) {
    const reason = cause instanceof Error ? `: ${cause.message}` : ''
    super('DidNotCome', 'DID_NOT_COME', `${words} did not come${reason}`, { cause })
  }
}

/** The pair makes no blocks any more, or does not finalize them. A fault of this stage, not of what is tested on it. */
export class RealNetworkStalled extends DevnetError {
  /** The last words of both clients. */
  readonly log: string
  constructor(reason: string, log: string) {
    super('RealNetworkStalled', 'REAL_NETWORK_STALLED', `the real network stalled: ${reason}`)
    this.log = log
  }
}
