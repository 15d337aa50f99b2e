import { loadHeadlessEngines } from '@glowworm/wasm-core/load-headless-engines'
import { fileStore } from '../../infrastructure/file-store.ts'
import { openHttpSources } from './open-sources.ts'
import { type ChainOptions, type CommandLine, port, trustOf, UsageError } from './options.ts'
import type { Output } from './output.ts'

/** `glowworm bridge`: until interrupted. The first line of output names the addresses to give to browsers. */
export async function bridge(
  line: CommandLine,
  options: ChainOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  if (options.beacon.length === 0)
    throw new UsageError('a bridge needs --beacon URL (and --execution URL to serve proofs of state)')
  const wsPort = port(line.values['ws-port'], '--ws-port') ?? 0
  const webrtcDirectPort = port(line.values['webrtc-port'], '--webrtc-port') ?? 0
  const { runBridge } = await import('../bridge.ts') // brings libp2p
  const engines = await loadHeadlessEngines()
  const running = await runBridge({
    profile: options.profile,
    engines,
    trust: trustOf(options),
    upstream: openHttpSources(options, engines.hashes),
    listen: { host: '127.0.0.1', wsPort, webrtcDirectPort },
    ...(options.dataFolder ? { store: fileStore(options.dataFolder) } : {}),
    report: (message) => output.warn(message),
  })
  try {
    const addresses = running.multiaddrs()
    output.result({ network: options.profile.name, peerId: running.node.peerId, multiaddrs: addresses }, addresses)
    const stop = running.client.subscribe((status) => {
      if (status.state === 'following')
        output.live(
          `carrying · slot ${status.head.optimistic.slot} · finalized block ${status.head.finalized.blockNumber} · ${running.node.peers().length} peers`,
        )
      if (status.state === 'stalled') output.live(`stalled: ${status.cause.message}`)
    })
    if (!signal.aborted)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    stop()
  } finally {
    await running.close()
  }
}
