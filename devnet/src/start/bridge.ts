/** The one place where `npm start` meets the light client's bridge. @module */
import type { Status } from '@glowworm/light-client/application/light-client'
import type { NetworkProfile } from '@glowworm/light-client/ledgers/ethereum/profile'

/** What the bridge has verified; null is "not known yet". */
export interface BridgeStatus {
  readonly state: Status['state']
  readonly slot: number | null
  readonly finalizedBlock: number | null
  readonly peers: number
  /** For a person: what it is doing, or why it stands still. */
  readonly words: string
}

export interface Bridge {
  readonly multiaddrs: readonly string[]
  status(): BridgeStatus
  close(): Promise<void>
}

export interface BridgeOptions {
  /** With its sources and checkpoint. */
  readonly profile: NetworkProfile
  /** Where it keeps its identity and evidence; without it, nowhere. */
  readonly dataFolder?: string
  /** Told what went wrong, in words for a person. */
  readonly report: (message: string) => void
}

export type StartBridge = (options: BridgeOptions) => Promise<Bridge>

/** Starts the bridge on free loopback ports. Its modules are loaded when needed: they bring libp2p. */
export const startBridge: StartBridge = async ({ profile, dataFolder, report }) => {
  const [{ loadEngines }, { runBridge }, { openHttpSources }, { fileStore }] = await Promise.all([
    import('@glowworm/wasm-core'),
    import('@glowworm/light-client/application/bridge'),
    import('@glowworm/light-client/application/cli/open-sources'),
    import('@glowworm/light-client/infrastructure/file-store'),
  ])
  const engines = await loadEngines()
  const { checkpoint, sources } = profile
  if (checkpoint === undefined) throw new TypeError('startBridge: the profile has no checkpoint')
  const { beacon, execution } = sources
  const bridge = await runBridge({
    profile,
    engines,
    trust: { checkpoint },
    upstream: openHttpSources({ profile, beacon, execution }, engines),
    listen: { host: '127.0.0.1', wsPort: 0, webrtcDirectPort: 0, stunPort: 0 },
    ...(dataFolder === undefined ? {} : { store: fileStore(dataFolder) }),
    report,
  })
  return {
    multiaddrs: bridge.multiaddrs(),
    status: () => describe(bridge.client.status, bridge.node.peers().length),
    close: bridge.close,
  }
}

function describe(status: Status, peers: number): BridgeStatus {
  const head = status.state === 'following' || status.state === 'stalled' ? status.head : null
  const slot = head?.optimistic.slot ?? null
  const finalizedBlock = head ? Number(head.finalized.blockNumber) : null
  return { state: status.state, slot, finalizedBlock, peers, words: wordsFor(status, peers) }
}

function wordsFor(status: Status, peers: number): string {
  switch (status.state) {
    case 'starting':
      return status.step === 'checkpoint'
        ? 'checking the checkpoint'
        : `checking committee ${status.done} of ${status.of}`
    case 'following': {
      const { finalized, optimistic } = status.head
      const connected = `${peers} ${peers === 1 ? 'peer' : 'peers'}`
      return `verified slot ${optimistic.slot} · block ${finalized.blockNumber} is final · ${connected}`
    }
    case 'stalled':
      return `cannot verify: ${status.cause.message}`
    case 'closed':
      return 'closed'
  }
}
