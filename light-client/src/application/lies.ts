/** Caught with false evidence: what is kept of it, on disk, and for showing it to others. @module */
import { fromHex, toHex } from '../data/hex.ts'
import { GlowwormError } from '../errors.ts'
import type { ByteStore } from '../infrastructure/ports.ts'
import type { NetworkProfile } from '../ledgers/ethereum/profile.ts'
import type { PeerRequest } from '../ledgers/ledger-evidence.ts'
import type { Instant } from '../ledgers/verified.ts'
import type { SourceDescription } from '../network/evidence-source.ts'
import { networkKey } from './evidence-store.ts'

export interface Lie {
  readonly source: SourceDescription
  readonly at: Instant
  /** What is wrong with it; of kind `lie`. */
  readonly error: GlowwormError
  readonly request: PeerRequest
  /** The answer, whole; null when it was too long to keep. */
  readonly evidence: Uint8Array | null
  readonly evidenceBytes: number
}

/** Longest evidence that is kept. With 64 liars remembered this bounds what they cost to 8 MiB. */
const MOST_EVIDENCE = 128 * 1024
const DAY = 24 * 3600_000
/** A node in a fixed place may have been repaired since, and may be the only one its owner has. */
const NODES_KEPT_FOR = DAY
const PEERS_KEPT_FOR = 90 * DAY
const keptFor = ({ carrier }: SourceDescription) =>
  carrier === 'beacon-rest' || carrier === 'execution-rpc' ? NODES_KEPT_FOR : PEERS_KEPT_FOR

/** Whether its source is still not asked. */
export const isInForce = ({ at, source }: Lie, now: Instant): boolean => at > now - keptFor(source)

export function lieOf(
  source: SourceDescription,
  request: PeerRequest,
  evidence: Uint8Array,
  error: GlowwormError,
  at: Instant,
): Lie {
  const kept = evidence.length <= MOST_EVIDENCE ? evidence.slice() : null
  return { source, at, error, request, evidence: kept, evidenceBytes: evidence.length }
}

interface WrittenLie extends Omit<Lie, 'error' | 'evidence'> {
  readonly error: { readonly name: string; readonly code: string; readonly message: string; readonly next?: string }
  readonly evidence: string | null
}

/** As JSON, for the store and for a person who wants to show it: `{"version": 1, "lies": […]}`, evidence as 0x-hex. */
export function writeLies(lies: readonly Lie[]): string {
  const written = lies.map(
    ({ error: { name, code, message, next }, evidence, ...rest }): WrittenLie => ({
      ...rest,
      error: { name, code, message, ...(next === undefined ? {} : { next }) },
      evidence: evidence && toHex(evidence),
    }),
  )
  return JSON.stringify({ version: 1, lies: written })
}

/** What cannot be read is left out: whoever lied will lie again. */
export function readLies(text: string, now: Instant): Lie[] {
  try {
    const { version, lies } = JSON.parse(text) as { version: unknown; lies: WrittenLie[] }
    if (version !== 1 || !Array.isArray(lies)) return []
    return lies.flatMap((written) => {
      try {
        const lie = readLie(written)
        return isInForce(lie, now) ? [lie] : []
      } catch {
        return []
      }
    })
  } catch {
    return []
  }
}

function readLie({ source, at, error, request, evidence, evidenceBytes }: WrittenLie): Lie {
  const { name, code, message, next } = error
  if (![source.id, source.carrier, source.words, name, code, message].every((text) => typeof text === 'string'))
    throw new TypeError('it has another form')
  return {
    source,
    at: Number(at),
    error: new GlowwormError({ name, code, kind: 'lie' }, message, next === undefined ? {} : { next }),
    request,
    evidence: evidence === null ? null : fromHex(evidence, 'evidence'),
    evidenceBytes: Number(evidenceBytes),
  }
}

/**
 * Lies of one network; the sources of another one may bear the same names.
 * @param name of the list, where there is more than the client's own
 */
export function createLieStore(store: ByteStore, profile: NetworkProfile, name = 'lies') {
  const key = `ethereum/${networkKey(profile)}/${name}`
  return {
    async load(now: Instant): Promise<Lie[]> {
      const bytes = await store.read(key)
      return bytes ? readLies(new TextDecoder().decode(bytes), now) : []
    },
    keep: (lies: readonly Lie[]): Promise<void> => store.write(key, new TextEncoder().encode(writeLies(lies))),
  }
}
