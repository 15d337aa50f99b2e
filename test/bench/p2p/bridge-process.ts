/**
 * A bridge in a process of its own, whose evidence lies in memory. Speaks lines of JSON: its addresses first, then one
 * sample of its memory for each line it is sent. Ends with its standard input. Its argument is what to listen on.
 */
import { createInterface } from 'node:readline'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { type BridgeListen, createBridgeNode } from '@glowworm/light-client/network/libp2p/bridge-node'
import { memorySource } from '@glowworm/light-client/network/memory-source'
import { answers, NETWORK } from './evidence.ts'

export interface MemorySample {
  /** Bytes. */
  readonly resident: number
  readonly heap: number
  readonly connections: number
  readonly answered: number
  /** Milliseconds of processor time so far. */
  readonly processor: number
}

const source = memorySource({ id: 'bench', carrier: 'file', words: 'memory' }, 64 * 1024 * 1024)
for (const [request, bytes] of answers()) source.put(request, bytes)
const bridge = await createBridgeNode({
  network: NETWORK,
  listen: JSON.parse(process.argv[2] ?? '') as BridgeListen,
  source,
  clock: platformClock,
  validate: async () => 'accept',
})
const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`)
say(bridge.multiaddrs())
for await (const _ of createInterface({ input: process.stdin })) {
  ;(globalThis as { gc?: () => void }).gc?.()
  const { rss, heapUsed } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  const sample: MemorySample = {
    resident: rss,
    heap: heapUsed,
    connections: bridge.peers().length,
    answered: bridge.served.ok,
    processor: (user + system) / 1000,
  }
  say(sample)
}
await bridge.close()
process.exit(0)
