/**
 * How browsers find each other: each keeps one stream to a bridge open, and the bridge tells it the peer ids of its
 * neighbours among those who do the same. The bridge learns nothing it did not know (it relays their signalling), and
 * says nothing they rely on: a dial proves who answers.
 * @module
 */
import { GlowwormError } from '../../errors.ts'
import type { Clock } from '../../infrastructure/ports.ts'
import { PRODUCT } from '../../product.ts'
import { addressGroup } from './carrier.ts'
import { orAborted, startDeadline } from './deadline.ts'
import { encodeFrame, frameReader, InvalidFrame } from './frame.ts'
import type { Connection, Libp2p, Stream } from './node-types.ts'
import { readChunks } from './stream-bytes.ts'

export const RENDEZVOUS_PROTOCOL = `/${PRODUCT.slug}/rendezvous/1`

/** Of one frame, either way. */
const MAX_FRAME_BYTES = 4096
/** A member hears of at most so many others, half of them before and half after it in the order of peer ids. */
export const MAX_NEIGHBOURS = 32
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

/**
 * The bridge's side. `label` is `networkLabel` of the one network this bridge serves, `stun` the UDP port on which it
 * answers STUN, if it does.
 */
export async function hostRendezvous(
  node: Libp2p,
  label: string,
  clock: Clock,
  stun?: number,
  most = MAX_MEMBERS,
): Promise<Rendezvous> {
  const members = new Map<string, { readonly stream: Stream; readonly group: string | undefined }>()
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
        members.get(peer)?.stream.abort(new Error('replaced by a newer stream'))
        members.set(peer, { stream, group })
        changed.resolve()
      }
    } finally {
      hello.clear()
      if (members.get(peer)?.stream === stream) {
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
      const ids = [...members.keys()].sort()
      // a member that does not read misses this list and gets the next
      for (const [peer, { stream }] of members)
        if (!stream.writableNeedsDrain) send(stream, { peers: neighbours(ids, peer), ...(stun ? { stun } : {}) })
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

/** Up to MAX_NEIGHBOURS ids around `self` in the ring of sorted ids. Neighbourhood is mutual. */
export function neighbours(sorted: readonly string[], self: string): string[] {
  const at = sorted.indexOf(self)
  if (sorted.length - 1 <= MAX_NEIGHBOURS) return sorted.filter((id) => id !== self)
  const half = MAX_NEIGHBOURS / 2
  return Array.from({ length: MAX_NEIGHBOURS }, (_, i) => {
    const step = i < half ? i - half : i - half + 1
    return sorted[(at + step + sorted.length) % sorted.length]!
  })
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
