/**
 * What a bridge carries from nodes to peers without following it itself: asked for once, checked against the hash it
 * was asked by, and kept. A node's lie ends here; a bridge that passed it on would be taken for the liar.
 * @module
 */
import type { Engines } from '@glowworm/wasm-core'
import { GlowwormError } from '../../errors.ts'
import type { ByteStore, Clock } from '../../infrastructure/ports.ts'
import { EMPTY_CODE_HASH } from '../../ledgers/ethereum/contract.ts'
import { type EvidenceRequest, keyOf } from '../../ledgers/ethereum/evidence.ts'
import type { NetworkProfile } from '../../ledgers/ethereum/profile.ts'
import { certify, headerNeededFor, type SelfCertifyingRequest } from '../../ledgers/ethereum/self-certifying.ts'
import { type EvidenceSource, NotAvailable } from '../../network/evidence-source.ts'
import { memorySource } from '../../network/memory-source.ts'
import { type Lie, lieOf } from '../lies.ts'
import { createSharedWork } from '../shared-work.ts'
import { createConvictions } from './convictions.ts'
import { createTurns } from './turns.ts'

/** Where an answer came from. */
export type CacheTier = 'memory' | 'shared' | 'node'

export interface CertifiedEvidenceOptions {
  readonly profile: NetworkProfile
  readonly engines: Engines
  readonly nodes: readonly EvidenceSource[]
  readonly maxBytes: number
  /** What several bridges keep together. What is read from it is checked like a node's answer. */
  readonly shared?: Pick<ByteStore, 'read' | 'write'>
  readonly clock: Clock
  /** A node answered with something else than what was asked for; it is not asked for some time (`convictions.ts`). */
  readonly onLie: (lie: Lie) => void
}

export interface CertifiedEvidence {
  /** @throws {NotAvailable} and whatever the last node failed with */
  request(request: SelfCertifyingRequest, signal: AbortSignal): Promise<Uint8Array>
  isBarred(node: EvidenceSource): boolean
  /** Answers so far, by where they came from. */
  readonly answered: Readonly<Record<CacheTier, number>>
}

export function certifiedEvidence(options: CertifiedEvidenceOptions): CertifiedEvidence {
  const { profile, engines, shared, maxBytes, clock } = options
  const kept = memorySource({ id: 'bridge', carrier: 'file', words: 'this bridge' }, maxBytes)
  const convictions = createConvictions<EvidenceSource>()
  const isBarred = (node: EvidenceSource) => convictions.isBarred(node, clock.now())
  const answered: Record<CacheTier, number> = { memory: 0, shared: 0, node: 0 }
  /** Many peers ask for the same at the same time, when a block has just become final. */
  const together = createSharedWork<Uint8Array>(NODE_WITHIN)
  const turns = createTurns(clock)

  async function find(request: SelfCertifyingRequest, signal: AbortSignal): Promise<Uint8Array> {
    const needed = headerNeededFor(request)
    const header = needed && (await obtain(needed, signal))
    const check = (bytes: Uint8Array) => certify(request, bytes, header, profile, engines)
    const found = await fromShared(request, check)
    if (found) {
      answered.shared++
      kept.put(request, found)
      return found
    }
    const bytes = await fromNodes(request, check, signal)
    answered.node++
    kept.put(request, bytes)
    await shared?.write(keyOf(request), bytes)
    return bytes
  }

  /** Whatever stands in the shared store proves itself or is not there. */
  async function fromShared(request: EvidenceRequest, check: (bytes: Uint8Array) => void): Promise<Uint8Array | null> {
    const bytes = (await shared?.read(keyOf(request))) ?? null
    if (!bytes) return null
    try {
      check(bytes)
      return bytes
    } catch (cause) {
      if (cause instanceof GlowwormError) return null
      throw cause
    }
  }

  async function fromNodes(
    request: SelfCertifyingRequest,
    check: (bytes: Uint8Array) => void,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    let failure: unknown = new NotAvailable('this bridge', `what ${request.type} asks for`)
    const able = options.nodes.filter((node) => node.serves(request.type) && !isBarred(node))
    const order = turns.inOrder(able)
    for (const node of order) {
      if (isBarred(node)) continue
      const ask = (within: AbortSignal) => node.request(request, within)
      let bytes: Uint8Array
      try {
        // nobody comes after the last: it may take what time there is
        bytes = (await (node === order.at(-1) ? ask(signal) : turns.give(node, ask, signal))).bytes
      } catch (cause) {
        // an error page of a proxy, or a block from before there was such a thing, proves nothing against a node
        if (!(cause instanceof GlowwormError)) throw cause
        failure = cause
        continue
      }
      try {
        check(bytes)
        return bytes
      } catch (cause) {
        if (!(cause instanceof GlowwormError)) throw cause
        failure = new NotAvailable('this bridge', `what ${request.type} asks for`, { cause })
        // of many answers that were under way together only the first is told: they are one fault
        if (cause.kind !== 'lie' || !namesItsAnswer(request) || isBarred(node)) continue
        convictions.convict(node, clock.now())
        options.onLie(lieOf(node.description, request, bytes, cause, clock.now()))
      }
    }
    throw failure
  }

  async function obtain(request: SelfCertifyingRequest, signal: AbortSignal): Promise<Uint8Array> {
    // of whatever account: nobody need be asked, and nothing kept
    if (request.type === 'code' && request.codeHash === EMPTY_CODE_HASH) return new Uint8Array(0)
    const held = kept.get(request)
    if (held) {
      answered.memory++
      return held
    }
    signal.throwIfAborted()
    return together(keyOf(request), (within) => find(request, within), signal)
  }

  return { request: obtain, isBarred, answered }
}

/**
 * Whether one question has one true answer. Not that for code: the node is asked by address, the answer is checked
 * against a hash that the peer names, so a peer that names a wrong one would have honest nodes taken for liars.
 */
const namesItsAnswer = ({ type }: SelfCertifyingRequest): boolean => type !== 'code'

/** Milliseconds; as long as a peer is kept waiting for a source (`serve-evidence.ts`). */
const NODE_WITHIN = 20_000
