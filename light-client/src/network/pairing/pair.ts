/**
 * Two browsers connect with no server at all: one shows an offer, the other answers, both codes carried by people (as QR
 * codes, or pasted). The DTLS fingerprint in the code authenticates the other device; what it says is verified all the
 * same. Over the connection runs the evidence protocol, on a data channel of whoever asks.
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
import { OtherNetwork, PairingCancelled, PairingExpired, PairingFailed, WrongPairingCode } from './errors.ts'
import { openPeerConnection } from './infrastructure/peer-connection.ts'
import { type PairingCode, readCode, writeCode } from './pairing-code.ts'
import { type Endpoint, type Role, readDescription, writeDescription } from './session-description.ts'

export interface PairOptions {
  readonly network: NetworkIdentity
  readonly clock: Clock
  /** What the other device may have from here. */
  readonly served: EvidenceSource
  readonly onSource: (source: EvidenceSource) => void
  /** `id` is the description's id. */
  readonly onSourceGone: (id: string) => void
}

/** A code to show, and until when somebody waits behind it, in milliseconds since the Unix epoch. */
export interface ShownCode {
  readonly code: string
  readonly expiresAt: number
}

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
const CODE_LIVES = 5 * 60_000
const GATHER_WITHIN = 3_000
const CONNECT_WITHIN = 20_000
const OPEN_WITHIN = 10_000

interface Attempt {
  readonly connection: RTCPeerConnection
  readonly role: Role
  readonly own: Endpoint
  readonly expiresAt: number
  readonly cancelled: AbortController
  other: Endpoint | null
}

export function createPairing(options: PairOptions): Pairing {
  const { clock } = options
  const network = fromHex(options.network.genesis.validatorsRoot, 'genesis validators root', 32).slice(0, 4)
  const answerer = answerEvidence(options.served, { clock })
  const connections = new Set<RTCPeerConnection>()
  let attempt: Attempt | null = null
  /** Counts attempts, so that one that was overtaken while it gathered addresses notices. */
  let turn = 0

  const cancel = () => {
    turn += 1
    attempt?.cancelled.abort(new PairingCancelled())
    attempt?.connection.close()
    attempt = null
  }

  async function begin(role: Role, describe: (connection: RTCPeerConnection) => Promise<void>): Promise<Attempt> {
    cancel()
    const mine = turn
    const connection = openPeerConnection()
    try {
      await describe(connection)
      await gathered(connection, clock)
      if (mine !== turn) throw new PairingCancelled()
      const own = readDescription(connection.localDescription?.sdp ?? '')
      if (!own) throw new PairingFailed('the browser describes the connection in a way that is not understood')
      if (own.candidates.length === 0) throw new PairingFailed('this device has no network to connect over')
      const expiresAt = clock.now() + CODE_LIVES
      attempt = { connection, role, own, expiresAt, cancelled: new AbortController(), other: null }
      return attempt
    } catch (error) {
      connection.close()
      throw error
    }
  }

  const shown = ({ role, own, expiresAt }: Attempt, answers: Endpoint | null): ShownCode => ({
    expiresAt,
    code: writeCode({
      role,
      network,
      expires: Math.floor(expiresAt / 1000),
      answers: answers?.fingerprint.slice(0, 8) ?? null,
      endpoint: own,
    }),
  })

  function read(code: string, role: Role): PairingCode {
    const read = readCode(code)
    if (!bytesEqual(read.network, network)) throw new OtherNetwork()
    if (read.role !== role)
      throw role === 'offer'
        ? new WrongPairingCode('This is an answer, not a code to begin with.', 'Scan it on the device that began.')
        : new WrongPairingCode('This is a code to begin with, not an answer.', 'Have the other device scan yours.')
    if (read.expires * 1000 < clock.now()) throw new PairingExpired()
    return read
  }

  /** Waits for the connection and makes a source of it. Either way the attempt is over. */
  async function settle(current: Attempt, within: number): Promise<string> {
    const deadline = startDeadline(clock, within, current.cancelled.signal)
    try {
      await orAborted(established(current.connection), deadline.signal)
    } catch (error) {
      current.connection.close()
      if (current.cancelled.signal.aborted) throw current.cancelled.signal.reason
      throw error instanceof PairingFailed ? error : new PairingFailed('nothing got through in time')
    } finally {
      deadline.clear()
      if (attempt === current) attempt = null
    }
    return keep(current)
  }

  function keep({ connection, other }: Attempt): string {
    const id = `paired:${toHex(other!.fingerprint.slice(0, 8)).slice(2)}`
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

  /** The channel both sides agree on in advance: it gives the offer its media, and its end tells of the other's end. */
  const farewells = new WeakMap<RTCPeerConnection, RTCDataChannel>()
  const prepare = (connection: RTCPeerConnection) => {
    farewells.set(connection, connection.createDataChannel('pair', { negotiated: true, id: 0 }))
    serveChannels(connection, answerer)
  }

  return {
    async offer() {
      const begun = await begin('offer', async (connection) => {
        prepare(connection)
        await connection.setLocalDescription(await connection.createOffer())
      })
      return shown(begun, null)
    },
    async answer(code) {
      const { endpoint } = read(code, 'offer')
      const begun = await begin('answer', async (connection) => {
        prepare(connection)
        await connection.setRemoteDescription({ type: 'offer', sdp: writeDescription('offer', endpoint) })
        await connection.setLocalDescription(await connection.createAnswer())
      })
      begun.other = endpoint
      return shown(begun, endpoint)
    },
    async accept(code) {
      const { endpoint, answers } = read(code, 'answer')
      const current = attempt
      if (current?.role !== 'offer') throw new PairingExpired()
      if (clock.now() > current.expiresAt) throw new PairingExpired()
      if (!answers || !bytesEqual(answers, current.own.fingerprint.slice(0, 8)))
        throw new WrongPairingCode('This code answers another one.', 'Have the other device scan the code shown here.')
      current.other = endpoint
      await current.connection.setRemoteDescription({ type: 'answer', sdp: writeDescription('answer', endpoint) })
      return settle(current, CONNECT_WITHIN)
    },
    async connected() {
      const current = attempt
      if (current?.role !== 'answer') throw new PairingCancelled()
      return settle(current, CODE_LIVES)
    },
    cancel,
    close() {
      cancel()
      void answerer.close()
      for (const connection of [...connections]) connection.close()
      connections.clear()
    },
  }
}

const isUp = (connection: RTCPeerConnection) => connection.connectionState === 'connected'

/** All addresses, or those that were found in time. */
function gathered(connection: RTCPeerConnection, clock: Clock): Promise<void> {
  const complete = new Promise<void>((resolve) => {
    const look = () => {
      if (connection.iceGatheringState === 'complete') resolve()
    }
    connection.addEventListener('icegatheringstatechange', look)
    look()
  })
  return Promise.race([complete, clock.sleep(GATHER_WITHIN)])
}

function established(connection: RTCPeerConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (connection.connectionState === 'connected') resolve()
      if (connection.connectionState === 'failed') reject(new PairingFailed('no path between them was found'))
      if (connection.connectionState === 'closed') reject(new PairingCancelled())
    }
    connection.addEventListener('connectionstatechange', look)
    look()
  })
}

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
