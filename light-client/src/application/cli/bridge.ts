import { loadHeadlessEngines } from '@glowworm/wasm-core/load-headless-engines'
import { fromHex, toHex } from '../../data/hex.ts'
import { fileStore } from '../../infrastructure/file-store.ts'
import type { RedisStore } from '../../infrastructure/redis-store.ts'
import type { WebServer } from '../../infrastructure/web-server.ts'
import { networkLabel } from '../../network/libp2p/network-identity.ts'
import type { BridgeListen } from '../../network/libp2p/relay-node.ts'
import { PRODUCT } from '../../product.ts'
import { openHttpSources } from './open-sources.ts'
import { type ChainOptions, type CommandLine, list, port, seconds, text, trustOf, UsageError } from './options.ts'
import type { Output } from './output.ts'
import { refusedAsStale } from './recovery.ts'

const LOOPBACK = '127.0.0.1'
const DRAIN = 5_000
/** Evidence never becomes wrong, only less wanted. */
const SHARED_SECONDS = 7 * 24 * 3600

/** `glowworm bridge`: until interrupted. The first line of output names the addresses to give to browsers. */
export async function bridge(
  line: CommandLine,
  options: ChainOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const { values } = line
  if (options.beacon.length + options.consensusPeers.length === 0)
    throw new UsageError(
      'a bridge needs --beacon URL or --consensus-peer MULTIADDR (and --execution URL to serve proofs of state)',
    )
  const listen = listenOf(line)
  const consensusPort = port(values['consensus-port'], '--consensus-port')
  const operationsPort = port(values['operations-port'], '--operations-port')
  const openMailboxes = mailboxesOf(line, listen.host)
  const earlierCheckpoints = (list(values['earlier-checkpoint']) ?? []).map((root) =>
    toHex(fromHex(root, '--earlier-checkpoint', 32)),
  )
  const drain = seconds(values.drain, '--drain') ?? DRAIN
  const { runBridge } = await import('../bridge.ts') // brings libp2p
  const engines = await loadHeadlessEngines()
  const shared = await openShared(text(values.redis), options, output)
  const running = await runBridge({
    profile: options.profile,
    engines,
    trust: trustOf(options),
    earlierCheckpoints,
    upstream: openHttpSources(options, engines),
    listen,
    announce: list(values.announce) ?? [],
    ...(options.consensusPeers.length > 0 || consensusPort !== undefined
      ? {
          consensus: {
            peers: options.consensusPeers,
            ...(consensusPort === undefined ? {} : { listen: { host: listen.host, tcpPort: consensusPort } }),
          },
        }
      : {}),
    ...(options.dataFolder ? { store: fileStore(options.dataFolder) } : {}),
    ...(shared ? { shared } : {}),
    report: (message) => output.warn(message),
  }).catch(async (cause) => {
    await shared?.close()
    throw cause
  })
  try {
    const operations =
      operationsPort === undefined ? null : await openOperations(running, listen.host, operationsPort, signal)
    let mailboxes: WebServer | null = null
    try {
      mailboxes = await openMailboxes()
      const addresses = running.multiaddrs()
      output.result(
        {
          network: options.profile.name,
          peerId: running.node.peerId,
          multiaddrs: addresses,
          stunPort: running.node.stun?.port ?? null,
          ...(operations ? { operationsPort: operations.port } : {}),
          ...(mailboxes ? { mailboxPort: mailboxes.port } : {}),
        },
        [
          ...addresses,
          ...(operations ? [`operations on ${urlOf(listen.host, operations.port)}`] : []),
          ...(mailboxes ? [mailboxWords(listen.host, mailboxes.port)] : []),
        ],
      )
      const stop = running.client.subscribe((status) => {
        if (status.state === 'following')
          output.live(
            `carrying · slot ${status.head.optimistic.slot} · finalized block ${status.head.finalized.blockNumber} · ${running.node.peers().length} peers`,
          )
        if (status.state === 'stalled') output.live(`stalled: ${status.cause.message}`)
      })
      if (!signal.aborted)
        await Promise.race([
          new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
          refusedAsStale(running.client),
        ])
      stop()
      // Before the operations end, so that whoever balances load sees it stopping.
      await running.close(drain)
    } finally {
      await mailboxes?.close()
      await operations?.close()
    }
  } finally {
    await running.close()
    await shared?.close()
  }
}

async function openShared(
  url: string | undefined,
  { profile }: ChainOptions,
  output: Output,
): Promise<RedisStore | null> {
  if (url === undefined) return null
  const { redisStore } = await import('../../infrastructure/redis-store.ts')
  const prefix = `${PRODUCT.slug}:evidence:1:${networkLabel(profile)}`
  return redisStore({ url, prefix, secondsToLive: SHARED_SECONDS, report: (message) => output.warn(message) })
}

async function openOperations(
  running: Awaited<ReturnType<typeof import('../bridge.ts')['runBridge']>>,
  host: string,
  operationsPort: number,
  signal: AbortSignal,
) {
  const [{ bridgeMetrics }, { startOperations }] = await Promise.all([
    import('../bridge/metrics.ts'),
    import('../bridge/operations.ts'),
  ])
  const metrics = bridgeMetrics(running)
  return startOperations({ bridge: running, metrics, host, port: operationsPort, stopping: () => signal.aborted })
}

const urlOf = (host: string, at: number) => `http://${host.includes(':') ? `[${host}]` : host}:${at}`

export const mailboxWords = (host: string, at: number) => `mailboxes on ${urlOf(host, at)}`

/** What opens mailboxes for phones where the command line says so, and null else. @throws {UsageError} */
export function mailboxesOf({ values }: CommandLine, host: string): () => Promise<WebServer | null> {
  const wanted = port(values['mailbox-port'], '--mailbox-port')
  return async () =>
    wanted === undefined ? null : (await import('../bridge/mailbox-server.ts')).startMailboxes(host, wanted)
}

/** Where the command line says to listen. @throws {UsageError} */
export function listenOf({ values }: CommandLine): BridgeListen {
  const given = (name: string) => port(values[name], `--${name}`)
  const tcpPort = given('tcp-port')
  const quicPort = given('quic-port')
  return {
    host: text(values.host) ?? LOOPBACK,
    wsPort: given('ws-port') ?? 0,
    webrtcDirectPort: given('webrtc-port') ?? 0,
    stunPort: given('stun-port') ?? 0,
    ...(tcpPort === undefined ? {} : { tcpPort }),
    ...(quicPort === undefined ? {} : { quicPort }),
  }
}
