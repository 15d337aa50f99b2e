import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { BridgeListen } from '@glowworm/light-client/network/libp2p/bridge-node'
import type { MemorySample } from './bridge-process.ts'

export interface LoadedBridge {
  readonly addresses: readonly string[]
  /** After a collection of garbage. */
  sample(): Promise<MemorySample>
  close(): Promise<void>
}

/** The bridge of `bridge-process.ts`. */
export async function startBridge(listen: Partial<BridgeListen>): Promise<LoadedBridge> {
  const script = fileURLToPath(new URL('bridge-process.ts', import.meta.url))
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--conditions=source', script, JSON.stringify({ host: '127.0.0.1', ...listen })],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error('the bridge has ended')
    return JSON.parse(value)
  }
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    addresses: await next(),
    sample() {
      child.stdin.write('\n')
      return next()
    },
    async close() {
      child.stdin.end()
      await ended
    },
  }
}
