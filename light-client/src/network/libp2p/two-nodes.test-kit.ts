/** What a server of evidence and who asks it are tested with. */
import { afterEach, beforeEach } from 'vitest'
import { concatBytes } from '../../data/hex.ts'
import { platformClock } from '../../infrastructure/clock.ts'
import type { PeerRequest } from '../../ledgers/ledger-evidence.ts'
import { DEFAULT_ASK_TIMES } from './ask-session.ts'
import { EVIDENCE_PROTOCOL, encodePartHeader, type Status } from './evidence-protocol.ts'
import { chunksOf } from './infrastructure/upstream-faults.ts'
import type { Connection, Stream } from './node-types.ts'
import { peerSource } from './peer-source.ts'
import { type EvidenceServer, type ServeOptions, serveEvidence } from './serve-evidence.ts'
import { sourceOf, startNode, type TestNode } from './test-nodes.ts'

export const signal = () => new AbortController().signal

/** A server and a client of their own for each test of the file that calls this. */
export function twoNodes() {
  let server: TestNode
  let client: TestNode
  let evidence: EvidenceServer | undefined

  beforeEach(async () => {
    server = await startNode(['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws', '/ip4/127.0.0.1/udp/0/webrtc-direct'])
    client = await startNode()
  })
  afterEach(async () => {
    await evidence?.close()
    evidence = undefined
    await client.node.stop()
    await server.node.stop()
  })

  const addressOf = (part: RegExp) => {
    const address = server.node.getMultiaddrs().find((candidate) => part.test(candidate.toString()))
    if (!address) throw new Error(`the server does not listen on ${part}`)
    return address
  }

  async function connect(part = /\/ws\//, times = { ...DEFAULT_ASK_TIMES, silence: 5_000, whole: 20_000, jitter: 0 }) {
    const connection = await client.node.dial(addressOf(part))
    return {
      connection,
      source: peerSource(client.node, server.node.peerId, { clock: platformClock, role: 'bridge', times }),
    }
  }

  async function serve(
    answer: (request: PeerRequest, signal: AbortSignal) => Promise<Uint8Array>,
    options: Partial<ServeOptions> = {},
  ) {
    evidence = await serveEvidence(server.node, sourceOf(answer), { clock: platformClock, ...options })
    return evidence
  }

  /** Once the first requests of a stream have come, a peer does as `answer` does. */
  async function lie(answer: (stream: Stream) => Promise<void> | void) {
    const hearThenAnswer = async (stream: Stream) => {
      for await (const _requests of chunksOf(stream)) break
      await answer(stream)
    }
    await server.node.handle(EVIDENCE_PROTOCOL, (stream: Stream) => {
      hearThenAnswer(stream).catch(() => {})
    })
  }

  return {
    get server() {
      return server
    },
    get client() {
      return client
    },
    /** What `serve` has begun. */
    get evidence() {
      return evidence
    },
    addressOf,
    connect,
    serve,
    lie,
  }
}

/** A part of the answer to a request; on a new stream the first one has the id 1. */
export const part = (
  content: Uint8Array,
  { id = 1, status = 'ok', length = content.length }: { id?: number; status?: Status; length?: number } = {},
) => concatBytes(encodePartHeader(id, status, length, content.length), content)

export const evidenceStreams = ({ streams }: Connection) =>
  streams.filter(({ protocol }) => protocol === EVIDENCE_PROTOCOL)
