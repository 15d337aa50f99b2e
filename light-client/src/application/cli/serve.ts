import { threadedContractLayer } from '../../infrastructure/threaded-contract-layer.ts'
import { CALL_LIMITS } from '../prove-call.ts'
import { openClient } from './open-client.ts'
import { type ChainOptions, type CommandLine, port, timeLimit, UsageError } from './options.ts'
import type { Output } from './output.ts'
import { refusedAsStale } from './recovery.ts'

/** Where wallets look for a node. */
const DEFAULT_PORT = 8545

/** `glowworm serve`: JSON-RPC until interrupted. The first line of output is the address to give to a wallet. */
export async function serve(
  line: CommandLine,
  options: ChainOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const wanted = port(line.values.port, '--port') ?? DEFAULT_PORT
  const origins = originsOf(line.values['allow-origin'])
  if (options.execution.length + options.peers.length === 0)
    throw new UsageError('serving needs --execution URL or --peer MULTIADDR for proofs of state')
  const milliseconds =
    1000 * (timeLimit(line.values['call-seconds'], '--call-seconds') ?? CALL_LIMITS.milliseconds / 1000)
  const { serveRpc } = await import('../serve/serve-rpc.ts') // brings the web server
  // Calls are executed beside this thread, which goes on answering.
  const contractLayer = threadedContractLayer()
  const { client, close } = await openClient(options, output, signal, {
    loadContractLayer: async () => contractLayer,
    calls: { ...CALL_LIMITS, milliseconds },
  })
  try {
    const server = await serveRpc(client, { port: wanted, origins })
    try {
      const [http, webSocket] = [`http://127.0.0.1:${server.port}`, `ws://127.0.0.1:${server.port}`]
      output.result({ network: client.network.name, chainId: client.network.chainId, http, webSocket }, [
        http,
        webSocket,
      ])
      const stop = client.subscribe((status) => {
        if (status.state === 'starting') output.live(`starting: ${status.step} ${status.done} of ${status.of}`)
        if (status.state === 'following')
          output.live(
            `serving · block ${status.head.optimistic.blockNumber} · finalized ${status.head.finalized.blockNumber}`,
          )
        if (status.state === 'stalled') output.live(`stalled: ${status.cause.message}`)
      })
      if (!signal.aborted)
        await Promise.race([
          new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
          refusedAsStale(client),
        ])
      stop()
    } finally {
      await server.close()
    }
  } finally {
    await close()
    await contractLayer.close()
  }
}

function originsOf(value: unknown): string[] {
  const origins = Array.isArray(value) ? (value as string[]) : []
  for (const origin of origins)
    if (!/^[a-z][a-z0-9+.-]*:\/\/[^/\s]+$/i.test(origin))
      throw new UsageError(`--allow-origin: expected an origin like https://app.example, got ${origin.slice(0, 80)}`)
  return origins
}
