import { platformClock } from '../../infrastructure/clock.ts'
import { fileStore } from '../../infrastructure/file-store.ts'
import type { WebServer } from '../../infrastructure/web-server.ts'
import { listenOf, mailboxesOf, mailboxWords } from './bridge.ts'
import { type CommandLine, list, networkOf, text, UsageError } from './options.ts'
import type { Output } from './output.ts'

/** Options of the evidence that a relay does not have. */
const NOT_FOR_RELAYS = [
  'beacon',
  'execution',
  'peer',
  'checkpoint',
  'checkpoint-from',
  'earlier-checkpoint',
  'consensus-peer',
  'consensus-port',
  'redis',
  'operations-port',
  'drain',
] as const

/** `glowworm bridge --relay-only`: browsers find and reach each other through it; it has no evidence and asks nobody. */
export async function relay(line: CommandLine, output: Output, signal: AbortSignal): Promise<void> {
  for (const name of NOT_FOR_RELAYS)
    if (line.values[name] !== undefined) throw new UsageError(`--relay-only has no use for --${name}`)
  const profile = await networkOf(line)
  const dataFolder = text(line.values.data)
  const listen = listenOf(line)
  const openMailboxes = mailboxesOf(line, listen.host)
  const { createRelayNode } = await import('../../network/libp2p/relay-node.ts') // brings libp2p
  const node = await createRelayNode({
    network: profile,
    listen,
    clock: platformClock,
    announce: list(line.values.announce) ?? [],
    ...(dataFolder ? { store: fileStore(dataFolder) } : {}),
    report: (message) => output.warn(message),
  })
  let mailboxes: WebServer | null = null
  try {
    mailboxes = await openMailboxes()
    const addresses = node.multiaddrs()
    output.result(
      {
        network: profile.name,
        peerId: node.peerId,
        multiaddrs: addresses,
        stunPort: node.stun?.port ?? null,
        ...(mailboxes ? { mailboxPort: mailboxes.port } : {}),
      },
      mailboxes ? [...addresses, mailboxWords(listen.host, mailboxes.port)] : addresses,
    )
    if (!signal.aborted)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  } finally {
    await mailboxes?.close()
    await node.close()
  }
}
