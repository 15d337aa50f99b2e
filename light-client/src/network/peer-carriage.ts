/**
 * Peer connections exist in documents, verification in workers. The document *carries*: it runs the libp2p node and
 * decides nothing. The worker *commands* and verifies. Four named channels join them: `node` (start and stop),
 * `evidence` (what peers offer the worker), `served` (what the worker has verified and offers to peers), and `pairing`
 * (with a device nearby). A fifth is that of `pairing/page/phone-channel.ts`, where there is one.
 * @module
 */
import type { Clock } from '../infrastructure/ports.ts'
import { type EvidenceSource, NotAvailable } from './evidence-source.ts'
import type { BrowserNode, createBrowserNode } from './libp2p/browser-node.ts'
import type { ValidateUpdate } from './libp2p/gossip.ts'
import { type NetworkIdentity, networkLabel } from './libp2p/network-identity.ts'
import { LocalNetworkDenied } from './local-network.ts'
import { type Channel, namedChannel } from './message-channel.ts'
import { exposeSources, remoteSources } from './message-port-source.ts'
import type { createPairing, Pairing } from './pairing/pair.ts'
import { type RemotePairing, remotePairing, servePairing } from './pairing/pairing-channel.ts'
import type { TurnServer } from './turn-address.ts'

/** Which bridges to reach, on which network. */
export interface PeerPlan {
  readonly bridges: readonly string[]
  readonly network: NetworkIdentity
  /** TURN servers of the user's choice. */
  readonly turn?: readonly TurnServer[]
}

/** The document's end of the channel. */
export interface WorkerChannel extends Channel {
  /** Calls `handler` when the worker has gone; another may come. Absent where the worker lives as long as the document. */
  onLost?(handler: () => void): () => void
}

export interface Carrier {
  /** Tries lost connections at once; for when the page becomes visible or online again. */
  wake(): void
  close(): Promise<void>
}

export interface CarrierOptions {
  readonly clock: Clock
  /** Loads libp2p when it is first needed. */
  readonly loadNode: () => Promise<{ createBrowserNode: typeof createBrowserNode }>
  /** Loads what connects to a device nearby, when somebody asks for that. */
  readonly loadPairing: () => Promise<{ createPairing: typeof createPairing }>
  readonly report?: (message: string) => void
}

/** The document's side. Nothing is loaded or contacted before the worker commands it. */
export function carryPeers(channel: WorkerChannel, { clock, loadNode, loadPairing, report }: CarrierOptions): Carrier {
  const exposed = exposeSources(namedChannel(channel, 'evidence'), clock)
  const served = remoteSources(namedChannel(channel, 'served'), { onSource: () => {}, onSourceGone: () => {} })
  // Peers that wait for a worker that died would wait in vain.
  const stopLosing = channel.onLost?.(served.forget)
  let running: { plan: string; node: Promise<BrowserNode | null> } | null = null

  let ended: Promise<void> = Promise.resolve()

  const denied = new Set<string>()
  function deny(peerId: string, denial: LocalNetworkDenied): void {
    denied.add(peerId)
    exposed.add(deniedSource(peerId, denial))
  }
  function allow(peerId: string): void {
    denied.delete(peerId)
    exposed.remove(deniedId(peerId))
  }

  /** Resolves when every node that ran before has closed. */
  function stop(): Promise<void> {
    const ending = running
    running = null
    for (const peerId of [...denied]) allow(peerId)
    ended = ended
      .then(async () => (await ending?.node)?.close())
      .catch((cause: unknown) => report?.(`peers were not left in order: ${wordsOf(cause)}`))
    return ended
  }
  async function start(plan: PeerPlan): Promise<BrowserNode | null> {
    try {
      const { createBrowserNode } = await loadNode()
      const node = await createBrowserNode({
        bridges: plan.bridges,
        network: plan.network,
        iceServers: [...(plan.turn ?? [])],
        clock,
        validate: exposed.validate,
        onSource,
        onSourceGone,
        onBridgeState(peerId, state) {
          if (state.state === 'waiting' && state.cause instanceof LocalNetworkDenied) deny(peerId, state.cause)
          if (state.state === 'connected') allow(peerId)
        },
        serve,
      })
      for (const id of barred) node.bar(id)
      return node
    } catch (cause) {
      report?.(`peers cannot be reached: ${wordsOf(cause)}`)
      return null
    }
  }

  const onSource = (source: EvidenceSource) => exposed.add(source)
  const onSourceGone = (id: string) => exposed.remove(id)
  const serve = verifiedBy(() => served.sources()[0])

  let paired: { network: string; pairing: Promise<Pairing> } | null = null
  function pairingFor(network: NetworkIdentity): Promise<Pairing> {
    const key = networkLabel(network)
    if (paired?.network === key) return paired.pairing
    void paired?.pairing.then((before) => before.close())
    const pairing = loadPairing().then(({ createPairing }) =>
      createPairing({ network, clock, served: serve, onSource, onSourceGone }),
    )
    paired = { network: key, pairing }
    return pairing
  }
  const stopPairing = servePairing(namedChannel(channel, 'pairing'), pairingFor)

  /** Caught lying; kept for the next node too. The oldest are forgotten: names are free. */
  const barred = new Set<string>()
  const bar = (id: string) => {
    barred.add(id)
    if (barred.size > MOST_BARRED) barred.delete(barred.values().next().value!)
    void running?.node.then((node) => node?.bar(id))
  }

  const unlisten = namedChannel(channel, 'node').listen((message) => {
    const liar = readBar(message)
    if (liar !== null) return bar(liar)
    const plan = readPlan(message)
    const key = JSON.stringify(plan)
    // A worker that died and came back gives the same command again: the node it had lives on.
    if (running?.plan === key) return
    const stopped = stop()
    // Without bridges there is nobody to reach that way; libp2p is not even loaded.
    if (plan && plan.bridges.length > 0) running = { plan: key, node: stopped.then(() => start(plan)) }
  })
  return {
    wake() {
      void running?.node.then((node) => node?.wake())
    },
    async close() {
      unlisten()
      stopLosing?.()
      stopPairing()
      await paired?.pairing.then((pairing) => pairing.close())
      await stop()
      exposed.close()
      served.close()
    },
  }
}

export interface CommandedPeers {
  /** Ends the connections to a peer that was caught lying, for good. */
  bar(peerId: string): void
  close(): void
}

/** The worker's side: has the document reach these bridges and hands over each peer it finds as a source. */
export function commandPeers(
  channel: Channel,
  plan: PeerPlan,
  options: {
    readonly clock: Clock
    readonly onSource: (source: EvidenceSource) => void
    readonly onSourceGone: (id: string) => void
    readonly validate: ValidateUpdate
    /** What peers may have from here. */
    readonly served: EvidenceSource
  },
): CommandedPeers {
  const { onSource, onSourceGone, validate } = options
  const evidence = remoteSources(namedChannel(channel, 'evidence'), { onSource, onSourceGone, validate })
  const offered = exposeSources(namedChannel(channel, 'served'), options.clock)
  offered.add(options.served)
  const command = namedChannel(channel, 'node')
  command.send({
    plan: { bridges: [...plan.bridges], network: identityOf(plan.network), turn: [...(plan.turn ?? [])] },
  })
  return {
    bar: (id) => command.send({ bar: id }),
    close() {
      command.send({ plan: null })
      offered.close()
      evidence.close()
    },
  }
}

/** The worker's way to pair this device with another; the peer it brings comes as a source of `commandPeers`. */
export function commandPairing(channel: Channel, network: NetworkIdentity): RemotePairing {
  return remotePairing(namedChannel(channel, 'pairing'), network)
}

const deniedId = (peerId: string) => `${peerId} denied`

/** Stands for a bridge the browser keeps this page from, so that whoever asks hears why there is no evidence. */
function deniedSource(peerId: string, denial: LocalNetworkDenied): EvidenceSource {
  const words = `bridge ${peerId.slice(0, 4)}…${peerId.slice(-4)}`
  return {
    description: { id: deniedId(peerId), carrier: 'websocket', words },
    serves: () => true,
    request: () => Promise.reject(denial),
    close: async () => {},
  }
}

/** The worker's verified evidence as the node serves it, whichever worker is alive now. */
function verifiedBy(current: () => EvidenceSource | undefined): EvidenceSource {
  const description = { id: 'self', carrier: 'file', words: 'what this wallet has verified' } as const
  return {
    description,
    // Without a worker nobody knows; peers would remember a no.
    serves: (type) => current()?.serves(type) ?? true,
    async request(request, signal) {
      const source = current()
      if (!source) throw new NotAvailable('this wallet', request.type)
      return source.request(request, signal)
    },
    close: async () => {},
  }
}

const wordsOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

const identityOf = ({ name, chainId, genesis }: NetworkIdentity): NetworkIdentity => ({
  name,
  chainId,
  genesis: { validatorsRoot: genesis.validatorsRoot },
})

const MOST_BARRED = 1024
const MOST_ID = 128

function readBar(message: unknown): string | null {
  const id = (message as { bar?: unknown } | null)?.bar
  return typeof id === 'string' && id.length <= MOST_ID ? id : null
}

/** The worker is trusted more than the document, but a malformed command must not stop the document. */
function readPlan(message: unknown): PeerPlan | null {
  const plan = (message as { plan?: Partial<PeerPlan> | null } | null)?.plan
  if (!plan || !Array.isArray(plan.bridges) || typeof plan.network?.name !== 'string') return null
  const turn = Array.isArray(plan.turn) ? plan.turn.filter(isTurnServer) : []
  return { bridges: plan.bridges.map(String), network: plan.network, turn }
}

function isTurnServer(given: Partial<TurnServer> | null): given is TurnServer {
  return [given?.urls, given?.username, given?.credential].every((field) => typeof field === 'string')
}
