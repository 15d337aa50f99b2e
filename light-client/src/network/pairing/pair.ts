/**
 * Two wallets exchange evidence over a connection that was made with codes alone (`connect.ts`). What the other device says
 * is verified all the same. Over the connection runs the evidence protocol, on a data channel of whoever asks.
 * @module
 */
import { bytesEqual, fromHex, toHex } from '../../data/hex.ts'
import type { Clock } from '../../infrastructure/ports.ts'
import type { EvidenceSource } from '../evidence-source.ts'
import { orAborted, startDeadline } from '../libp2p/deadline.ts'
import { EVIDENCE_PROTOCOL } from '../libp2p/evidence-protocol.ts'
import type { NetworkIdentity } from '../libp2p/network-identity.ts'
import type { StreamOpener } from '../libp2p/node-types.ts'
import { streamSource } from '../libp2p/peer-source.ts'
import { answerEvidence, type EvidenceAnswerer, MAX_STREAMS_PER_PEER } from '../libp2p/serve-evidence.ts'
import { channelStream } from './channel-stream.ts'
import { type Connected, createConnector, type ShownCode } from './connect.ts'
import { OtherNetwork } from './errors.ts'
import { readCode, writeCode } from './pairing-code.ts'

export interface PairOptions {
  readonly network: NetworkIdentity
  readonly clock: Clock
  /** What the other device may have from here. */
  readonly served: EvidenceSource
  readonly onSource: (source: EvidenceSource) => void
  /** `id` is the description's id. */
  readonly onSourceGone: (id: string) => void
}

export type { ShownCode } from './connect.ts'

export interface Pairing {
  /** Begins: a code for the other device. An attempt before it is cancelled. */
  offer(): Promise<ShownCode>
  /** Takes the other device's offer; gives the code that answers it. */
  answer(code: string): Promise<ShownCode>
  /** Takes the answer to the own offer. Resolves with the id of the source once connected. */
  accept(code: string): Promise<string>
  /** Resolves once the device that got the answer has connected. */
  connected(): Promise<string>
  /** Ends the attempt under way; devices that are connected stay so. */
  cancel(): void
  /** Disconnects all. */
  close(): void
}

/** Milliseconds. */
const OPEN_WITHIN = 10_000

export function createPairing(options: PairOptions): Pairing {
  const { clock } = options
  const network = fromHex(options.network.genesis.validatorsRoot, 'genesis validators root', 32).slice(0, 4)
  const answerer = answerEvidence(options.served, { clock })
  const connections = new Set<RTCPeerConnection>()

  /** The channel both sides agree on in advance: it gives the offer its media, and its end tells of the other's end. */
  const farewells = new WeakMap<RTCPeerConnection, RTCDataChannel>()
  const prepare = (connection: RTCPeerConnection) => {
    farewells.set(connection, connection.createDataChannel('pair', { negotiated: true, id: 0 }))
    serveChannels(connection, answerer)
  }

  const connector = createConnector({
    clock,
    write: (code) => writeCode({ ...code, network }),
    read(text) {
      const code = readCode(text)
      if (!bytesEqual(code.network, network)) throw new OtherNetwork()
      return code
    },
    prepare,
  })

  function keep({ connection, other }: Connected): string {
    const id = `paired:${toHex(other.fingerprint.slice(0, 8)).slice(2)}`
    const description = { id, carrier: 'webrtc', words: `paired device ${id.slice(7, 11)}… over WebRTC` } as const
    const opener = channelOpener(connection, clock)
    const current = () => ({ connection: isUp(connection) ? opener : undefined, description })
    const source = streamSource(current, { clock })
    connections.add(connection)
    connection.addEventListener('connectionstatechange', () => {
      // `disconnected` may pass; `failed` does not
      if (connection.connectionState !== 'failed' && connection.connectionState !== 'closed') return
      connection.close()
      gone()
    })
    // a closed tab says goodbye by closing this channel, long before ICE notices
    const gone = () => {
      if (!connections.delete(connection)) return
      connection.close()
      void source.close()
      options.onSourceGone(id)
    }
    farewells.get(connection)?.addEventListener('close', gone)
    options.onSource(source)
    return id
  }

  return {
    offer: connector.offer,
    async answer(text) {
      const { code, expiresAt } = await connector.answer(text)
      return { code, expiresAt }
    },
    accept: async (text) => keep(await connector.accept(text)),
    connected: async () => keep(await connector.connected()),
    cancel: connector.cancel,
    close() {
      connector.cancel()
      void answerer.close()
      for (const connection of [...connections]) connection.close()
      connections.clear()
    },
  }
}

const isUp = (connection: RTCPeerConnection) => connection.connectionState === 'connected'

function channelOpener(connection: RTCPeerConnection, clock: Clock): StreamOpener {
  return {
    async newStream(protocol, { signal }) {
      const channel = connection.createDataChannel(protocol)
      const deadline = startDeadline(clock, OPEN_WITHIN, signal)
      try {
        const opened = new Promise<void>((resolve, reject) => {
          channel.addEventListener('open', () => resolve(), { once: true })
          channel.addEventListener('close', () => reject(new Error('the connection is gone')), { once: true })
        })
        await orAborted(opened, deadline.signal)
        return channelStream(channel, true)
      } catch (error) {
        channel.close()
        throw error
      } finally {
        deadline.clear()
      }
    },
  }
}

function serveChannels(connection: RTCPeerConnection, answerer: EvidenceAnswerer): void {
  let open = 0
  connection.addEventListener('datachannel', ({ channel }) => {
    if (channel.label !== EVIDENCE_PROTOCOL || open >= MAX_STREAMS_PER_PEER) return channel.close()
    open += 1
    channel.addEventListener('close', () => {
      open -= 1
    })
    void answerer.answer(channelStream(channel, false), 'paired')
  })
}
