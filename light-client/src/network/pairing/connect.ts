/**
 * Two browsers connect with no server at all: one shows an offer, the other answers, both codes carried by people (as QR
 * codes, or pasted). The DTLS fingerprint in the code authenticates the other device. What is spoken over the connection
 * is up to whoever prepares it.
 * @module
 */
import { bytesEqual } from '../../data/hex.ts'
import type { Clock } from '../../infrastructure/ports.ts'
import { orAborted, startDeadline } from '../libp2p/deadline.ts'
import { PairingCancelled, PairingExpired, PairingFailed, WrongPairingCode } from './errors.ts'
import { openPeerConnection } from './infrastructure/peer-connection.ts'
import { type Endpoint, type Role, readDescription, writeDescription } from './session-description.ts'

/** What every kind of code says. */
export interface EndpointCode {
  readonly role: Role
  /** Seconds since the Unix epoch after which nobody waits behind it any more. */
  readonly expires: number
  /** Of an answer: the first 8 bytes of the offer's fingerprint. */
  readonly answers: Uint8Array | null
  readonly endpoint: Endpoint
}

/** A code to show, and until when somebody waits behind it, in milliseconds since the Unix epoch. */
export interface ShownCode {
  readonly code: string
  readonly expiresAt: number
}

export interface Connected {
  readonly connection: RTCPeerConnection
  readonly other: Endpoint
}

export interface ConnectOptions<Code extends EndpointCode> {
  readonly clock: Clock
  readonly write: (code: EndpointCode) => string
  /** @throws errors that say what is wrong with the text */
  readonly read: (text: string) => Code
  /** Makes the channels, before there is a description: without one it would have no media. */
  readonly prepare: (connection: RTCPeerConnection) => void
}

export interface Connector<Code extends EndpointCode> {
  /** Begins: a code for the other device. An attempt before it is cancelled. */
  offer(): Promise<ShownCode>
  /** Takes the other device's offer; gives the code that answers it. */
  answer(text: string): Promise<ShownCode & { readonly offer: Code }>
  /** Takes the answer to the own offer. Resolves once connected. */
  accept(text: string): Promise<Connected>
  /** Resolves once the device that got the answer has connected. */
  connected(): Promise<Connected>
  /** Ends the attempt under way; devices that are connected stay so. */
  cancel(): void
}

/** Milliseconds. */
const CODE_LIVES = 5 * 60_000
const GATHER_WITHIN = 3_000
const CONNECT_WITHIN = 20_000

interface Attempt {
  readonly connection: RTCPeerConnection
  readonly role: Role
  readonly own: Endpoint
  readonly expiresAt: number
  readonly cancelled: AbortController
  other: Endpoint | null
}

export function createConnector<Code extends EndpointCode>(options: ConnectOptions<Code>): Connector<Code> {
  const { clock } = options
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
      options.prepare(connection)
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
    code: options.write({
      role,
      expires: Math.floor(expiresAt / 1000),
      answers: answers?.fingerprint.slice(0, 8) ?? null,
      endpoint: own,
    }),
  })

  function read(text: string, role: Role): Code {
    const read = options.read(text)
    if (read.role !== role)
      throw role === 'offer'
        ? new WrongPairingCode('This is an answer, not a code to begin with.', 'Scan it on the device that began.')
        : new WrongPairingCode('This is a code to begin with, not an answer.', 'Have the other device scan yours.')
    if (read.expires * 1000 < clock.now()) throw new PairingExpired()
    return read
  }

  /** Waits for the connection. Either way the attempt is over. */
  async function settle(current: Attempt, within: number): Promise<Connected> {
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
    return { connection: current.connection, other: current.other! }
  }

  return {
    async offer() {
      const begun = await begin('offer', async (connection) => {
        await connection.setLocalDescription(await connection.createOffer())
      })
      return shown(begun, null)
    },
    async answer(text) {
      const offer = read(text, 'offer')
      const { endpoint } = offer
      const begun = await begin('answer', async (connection) => {
        await connection.setRemoteDescription({ type: 'offer', sdp: writeDescription('offer', endpoint) })
        await connection.setLocalDescription(await connection.createAnswer())
      })
      begun.other = endpoint
      return { ...shown(begun, endpoint), offer }
    },
    async accept(text) {
      const { endpoint, answers } = read(text, 'answer')
      const current = attempt
      if (current?.role !== 'offer' || current.other) throw new PairingExpired()
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
  }
}

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
