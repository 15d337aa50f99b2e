/** The real execution client alone: blocks are made through its Engine API, as a consensus client would. @module */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectRpc, type RpcClient } from '../src/execution/rpc-client.ts'
import { EXECUTION, installRealNetwork, NODE_20 } from './install.ts'
import { freePorts, RealNetworkStalled } from './real-network.ts'

export interface ExecutionAlone {
  readonly url: string
  readonly rpc: RpcClient
  /** Time of the genesis block in seconds. */
  readonly genesisTime: number
  /** Makes one block of what waits. @returns its hash */
  makeBlock(): Promise<`0x${string}`>
  close(): Promise<void>
}

interface Payload {
  readonly blockHash: `0x${string}`
}

const ZERO = `0x${'00'.repeat(32)}` as const
const SECONDS_FOR_START = 90

/**
 * @param alloc accounts of the genesis block besides those of the funded ones
 * @throws {RealNetworkNotInstalled | RealNetworkStalled}
 */
export async function startExecutionAlone(
  alloc: Readonly<Record<string, { code?: string; balance: string; storage?: Record<string, string> }>>,
  report: (step: string) => void,
): Promise<ExecutionAlone> {
  await installRealNetwork(report)
  const folder = mkdtempSync(join(tmpdir(), 'glowworm-execution-'))
  const genesisTime = Math.floor(Date.now() / 1000) - 1000
  const genesis = JSON.parse(readFileSync(join(EXECUTION, 'genesis.json'), 'utf8'))
  const genesisFile = join(folder, 'genesis.json')
  writeFileSync(
    genesisFile,
    JSON.stringify({
      ...genesis,
      timestamp: `0x${genesisTime.toString(16)}`,
      alloc: { ...genesis.alloc, ...alloc },
    }),
  )
  const [rpcPort, enginePort, p2pPort] = await freePorts(3)
  const child = spawn(
    NODE_20,
    [
      join(EXECUTION, 'node_modules/.bin/ethereumjs'),
      ...['--gethGenesis', genesisFile, '--dataDir', join(folder, 'data'), '--saveReceipts'],
      ...['--rpc', '--rpcAddr', '127.0.0.1', '--rpcPort', String(rpcPort)],
      ...[
        '--rpcEngine',
        '--rpcEngineAddr',
        '127.0.0.1',
        '--rpcEnginePort',
        String(enginePort),
        '--rpcEngineAuth=false',
      ],
      ...['--port', String(p2pPort), '--discDns=false', '--discV4=false', '--sync', 'none', '--minPeers', '0'],
      ...['--isSingleNode', '--logFile=false'],
    ],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let log = ''
  const keep = (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-4000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const url = `http://127.0.0.1:${rpcPort}`
  const rpc = connectRpc(url)
  const engine = connectRpc(`http://127.0.0.1:${enginePort}`)

  async function close(): Promise<void> {
    rpc.close()
    engine.close()
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null)
      await new Promise((resolve) => child.once('exit', resolve))
    rmSync(folder, { recursive: true, force: true })
  }

  try {
    const deadline = Date.now() + SECONDS_FOR_START * 1000
    let head: `0x${string}` | undefined
    while (!head) {
      if (child.exitCode !== null || Date.now() > deadline) throw new RealNetworkStalled('it did not start', log)
      head = await rpc.call<{ hash: `0x${string}` }>('eth_getBlockByNumber', '0x0', false).then(
        ({ hash }) => hash,
        () => undefined,
      )
      if (!head) await pause(250)
    }
    let parent = head
    let time = genesisTime
    const choose = (hash: string, attributes: object | null) =>
      engine.call<{ payloadId: string | null; payloadStatus: { status: string } }>(
        'engine_forkchoiceUpdatedV2',
        { headBlockHash: hash, safeBlockHash: hash, finalizedBlockHash: ZERO },
        attributes,
      )
    // Told its own head, it takes itself for synchronised, and transactions with it.
    await choose(parent, null)
    return {
      url,
      rpc,
      genesisTime,
      async makeBlock() {
        time += 12
        const { payloadId } = await choose(parent, {
          timestamp: `0x${time.toString(16)}`,
          prevRandao: ZERO,
          suggestedFeeRecipient: `0x${'fe'.padStart(40, '0')}`,
          withdrawals: [],
        })
        await pause(500)
        const answer = await engine.call<{ executionPayload: Payload }>('engine_getPayloadV2', payloadId)
        const { executionPayload } = answer
        const { status } = await engine.call<{ status: string }>('engine_newPayloadV2', executionPayload)
        if (status !== 'VALID') throw new RealNetworkStalled(`it takes its own block for ${status}`, log)
        parent = executionPayload.blockHash
        await choose(parent, null)
        return parent
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
