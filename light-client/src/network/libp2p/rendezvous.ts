/**
 * How browsers find each other: each keeps one stream to a bridge open, and the bridge tells it the peer ids of its
 * neighbours among those who do the same. The bridge learns nothing it did not know (it relays their signalling), and
 * says nothing they rely on: a dial proves who answers.
 * @module
 */
import { GlowwormError } from '../../errors.ts'
import type { Clock, Random } from '../../infrastructure/ports.ts'
import { PRODUCT } from '../../product.ts'
import { addressGroup } from './carrier.ts'
import { orAborted, startDeadline } from './deadline.ts'
import { encodeFrame, frameReader, InvalidFrame } from './frame.ts'
import type { Connection, Libp2p, Stream } from './node-types.ts'
import { createPlaces, MAX_NEIGHBOURS, neighbours } from './ring.ts'
import { readChunks } from './stream-bytes.ts'

export const RENDEZVOUS_PROTOCOL = `/${PRODUCT.slug}/rendezvous/1`

/** Of one frame, either way. */
const MAX_FRAME_BYTES = 4096
/** Half of them may come from one group of addresses (`carrier.ts`). */
const MAX_MEMBERS = 256
/** Milliseconds: changes are gathered for this long, and the list is sent again at the latest after that. */
const GATHER = 150
const REPEAT = 30_000
const HELLO_WITHIN = 5_000
const OPEN_WITHIN = 4_000

export interface Rendezvous {
  readonly members: () => readonly string[]
  close(): Promise<void>
}

export interface RendezvousOptions {
  /** `networkLabel` of the one network this bridge serves. */
  readonly label: string
  readonly clock: Clock
  readonly random: Random
  /** The UDP port on which the bridge answers STUN, if it does. */
  readonly stun?: number | undefined
  readonly most?: number
}

interface Member {
  readonly stream: Stream
  readonly group: string | undefined
  /** In the ring (`ring.ts`), with the group that drew it. */
  readonly place: string
  readonly drawnBy: string
  /** The list it was sent last, as text; null before the first. */
  told: string | null
  toldAt: number
}

/** The bridge's side. */
export async function hostRendezvous(
  node: Libp2p,
  { label, clock, random, stun, most = MAX_MEMBERS }: RendezvousOptions,
): Promise<Rendezvous> {
  const members = new Map<string, Member>()
  const places = createPlaces(random)
  const closing = new AbortController()
  let changed = Promise.withResolvers<void>()

  const isFull = (peer: string, group: string | undefined) => {
    const others = [...members].filter(([member]) => member !== peer)
    const alike = others.filter(([, member]) => group !== undefined && member.group === group)
    return others.length >= most || alike.length >= most / 2
  }

  const attend = async (stream: Stream, peer: string, group: string | undefined) => {
    stream.maxReadBufferLength = MAX_FRAME_BYTES * 2
    const reader = frameReader(MAX_FRAME_BYTES)
    const hello = startDeadline(clock, HELLO_WITHIN, closing.signal)
    try {
      for await (const chunk of readChunks(stream, hello.signal)) {
        const [frame, more] = reader.push(chunk)
        if (members.get(peer)?.stream === stream || more) throw new InvalidFrame('is one too many')
        if (!frame) continue
        if (stringField(frame, 'network') !== label) throw new InvalidFrame('names another network')
        if (isFull(peer, group)) throw new InvalidFrame('comes when the house is full')
        hello.clear()
        const before = members.get(peer)
        before?.stream.abort(new Error('replaced by a newer stream'))
        const drawnBy = before?.drawnBy ?? group ?? peer
        const place = before?.place ?? places.take(drawnBy)
        members.set(peer, { stream, group, place, drawnBy, told: null, toldAt: 0 })
        changed.resolve()
      }
    } finally {
      hello.clear()
      const member = members.get(peer)
      if (member?.stream === stream) {
        places.giveBack(member.drawnBy, member.place)
        members.delete(peer)
        changed.resolve()
      }
    }
  }

  const announce = async () => {
    while (!closing.signal.aborted) {
      const pause = startDeadline(clock, REPEAT, closing.signal)
      await orAborted(changed.promise, pause.signal).catch(() => {})
      pause.clear()
      await clock.sleep(GATHER, closing.signal)
      changed = Promise.withResolvers()
      const ring = [...members].sort(([, a], [, b]) => (a.place < b.place ? -1 : 1)).map(([peer]) => peer)
      for (const [peer, member] of members) {
        const peers = neighbours(ring, peer)
        const list = peers.join()
        const isNews = list !== member.told || clock.now() - member.toldAt >= REPEAT
        // a member that does not read misses this list and gets the next
        if (member.stream.writableNeedsDrain || !isNews) continue
        member.told = list
        member.toldAt = clock.now()
        send(member.stream, { peers, ...(stun ? { stun } : {}) })
      }
    }
  }

  await node.handle(
    RENDEZVOUS_PROTOCOL,
    (stream: Stream, connection: Connection) => {
      attend(stream, connection.remotePeer.toString(), addressGroup(connection)).then(
        () => stream.close().catch(() => {}),
        (error) => stream.abort(error instanceof Error ? error : new Error('not welcome')),
      )
    },
    { maxInboundStreams: 4, runOnLimitedConnection: false },
  )
  // ends when `closing` aborts
  announce().catch(() => {})

  return {
    members: () => [...members.keys()],
    async close() {
      closing.abort(new Error('the bridge is closing'))
      await node.unhandle(RENDEZVOUS_PROTOCOL)
    },
  }
}

/** What a bridge says: whom it knows nearby, and the UDP port of its own host on which it answers STUN. */
export interface Announcement {
  readonly peers: readonly string[]
  readonly stun: number | null
}

/**
 * The member's side: stays until the stream ends or `signal` aborts, and calls back with each announcement.
 * Rejects when the bridge does not host a rendezvous, or ends the stream by force.
 * @throws {BridgeSilent} when not even a stream can be opened: the connection is dead, whatever its state says
 */
export async function attendRendezvous(
  bridge: Connection,
  label: string,
  onAnnouncement: (announcement: Announcement) => void,
  signal: AbortSignal,
  clock: Clock,
): Promise<void> {
  const stream = await openStream(bridge, signal, clock)
  stream.maxReadBufferLength = MAX_FRAME_BYTES * 2
  try {
    const reader = frameReader(MAX_FRAME_BYTES)
    stream.send(encodeJson({ network: label }))
    for await (const chunk of readChunks(stream, signal))
      for (const frame of reader.push(chunk)) onAnnouncement(announcementOf(frame))
  } finally {
    stream.abort(new Error('leaving'))
  }
}

async function openStream(bridge: Connection, signal: AbortSignal, clock: Clock): Promise<Stream> {
  const deadline = startDeadline(clock, OPEN_WITHIN, signal)
  try {
    return await bridge.newStream(RENDEZVOUS_PROTOCOL, { signal: deadline.signal })
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof Error && error.name === 'UnsupportedProtocolError') throw error
    throw new BridgeSilent(error)
  } finally {
    deadline.clear()
  }
}

function announcementOf(frame: Uint8Array): Announcement {
  const { peers, stun = null } = readJson(frame)
  if (stun !== null && !(Number.isInteger(stun) && (stun as number) > 0 && (stun as number) < 65536))
    throw new InvalidFrame('has a STUN port that is none')
  return { peers: peersOf(peers), stun: stun as number | null }
}

function peersOf(peers: unknown): string[] {
  if (!Array.isArray(peers) || peers.length > MAX_NEIGHBOURS) throw new InvalidFrame('has no list of peers')
  return peers.map((id) => {
    if (typeof id !== 'string' || !/^[1-9A-HJ-NP-Za-km-z]{40,64}$/.test(id)) throw new InvalidFrame('has no peer id')
    return id
  })
}

function stringField(frame: Uint8Array, name: string): string | null {
  const field = readJson(frame)[name]
  return typeof field === 'string' ? field : null
}

function readJson(frame: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(frame))
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // refused below
  }
  throw new InvalidFrame('is not a JSON object')
}

function encodeJson(value: unknown): Uint8Array {
  return encodeFrame(new TextEncoder().encode(JSON.stringify(value)))
}

function send(stream: Stream, value: unknown): void {
  try {
    stream.send(encodeJson(value))
  } catch {
    // the stream has just ended; `attend` takes the member off the list
  }
}

/** The bridge does not answer on a connection that seems open. */
export class BridgeSilent extends GlowwormError {
  constructor(cause: unknown) {
    super(
      { name: 'Network.BridgeSilent', code: 'BRIDGE_SILENT', kind: 'unreachable' },
      `the bridge does not answer: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause, next: 'Wait for the reconnection, or add another bridge.' },
    )
  }
}
