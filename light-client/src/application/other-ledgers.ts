/**
 * Evidence of ledgers other than Ethereum, for who brings a verifier. Peers carry it as bytes under a key; what they say
 * counts once the family's verifier has accepted it, and only that is kept and given to others.
 * @module
 */
import { fromHex, toHex } from '../data/hex.ts'
import { GlowwormError, InvalidInput } from '../errors.ts'
import type { Clock } from '../infrastructure/ports.ts'
import { keyOf } from '../ledgers/ethereum/evidence.ts'
import {
  type FamilyRequest,
  type FamilyType,
  isFamilyType,
  type LedgerVerifier,
  MAX_FAMILY_KEY,
} from '../ledgers/ledger-evidence.ts'
import { type EvidenceSource, NotAvailable, SourceUnreachable } from '../network/evidence-source.ts'
import { memorySource } from '../network/memory-source.ts'
import type { Lie } from './lies.ts'
import { createSharedWork } from './shared-work.ts'
import { createSourcePool, type SourceRecord } from './source-pool.ts'

export interface OtherLedgersOptions {
  readonly verifiers: readonly LedgerVerifier[]
  readonly clock: Clock
  /** Bytes of verified evidence that are kept; what was used the longest time ago goes first. Default 4 MiB. */
  readonly maxBytes?: number
  /** A source was caught with false evidence; it is not asked again. */
  readonly onLie?: (lie: Lie) => void
}

export interface OtherLedgers {
  /**
   * Evidence that its family's verifier has accepted: held, or asked of one source after another.
   * @throws {InvalidInput} also where no verifier was given for the type @throws {GlowwormError} why no source could give it
   */
  evidence(type: FamilyType, key: Uint8Array, signal: AbortSignal): Promise<Uint8Array>
  /** For peers: what is held. Nobody is asked on their behalf. */
  readonly held: EvidenceSource
  /** Who may be asked; the caller closes it. */
  addSource(source: EvidenceSource): void
  removeSource(id: string): void
}

const KEPT = 4 * 1024 * 1024
/** Milliseconds that all sources together may take; as long as a source whose peer answers slowly. */
const WITHIN = 60_000

/** @throws {InvalidInput} when a type is no family's, or two verifiers have the same */
export function otherLedgers({ verifiers, clock, maxBytes = KEPT, onLie }: OtherLedgersOptions): OtherLedgers {
  const byType = new Map<string, LedgerVerifier>()
  for (const verifier of verifiers) {
    if (!isFamilyType(verifier.type) || byType.has(verifier.type))
      throw new InvalidInput('verifiers', `"${verifier.type}" is not family/name, or is there twice`)
    byType.set(verifier.type, verifier)
  }
  const kept = memorySource({ id: 'self', carrier: 'file', words: 'what this client has verified' }, maxBytes)
  const pool = createSourcePool(clock, ({ lie }: SourceRecord) => lie && onLie?.(lie))

  const together = createSharedWork<Uint8Array>(WITHIN)
  async function obtain(verifier: LedgerVerifier, request: FamilyRequest, signal: AbortSignal): Promise<Uint8Array> {
    const { bytes } = await pool.ask(request, (given) => judge(verifier, request, given), signal)
    const evidence = new Uint8Array(bytes)
    kept.put(request, evidence)
    return evidence
  }

  return {
    async evidence(type, key, signal) {
      const verifier = byType.get(type)
      if (!verifier) throw new InvalidInput('type', `no verifier for "${type}" is here`)
      if (key.length > MAX_FAMILY_KEY)
        throw new InvalidInput('key', `expected at most ${MAX_FAMILY_KEY} bytes, got ${key.length}`)
      const request: FamilyRequest = { type, key: toHex(key) }
      const known = kept.get(request)
      if (known) return known
      const evidence = await together(keyOf(request), (within) => obtain(verifier, request, within), signal)
      return new Uint8Array(evidence)
    },
    held: { ...kept, serves: (type) => byType.has(type) },
    addSource: (source) => pool.add(typed(source)),
    removeSource: pool.remove,
  }
}

/** The verifier gets copies, and not by `slice`, which gives none of a Buffer: what it does to them changes nothing that is kept. */
async function judge(verifier: LedgerVerifier, { type, key }: FamilyRequest, evidence: Uint8Array): Promise<void> {
  try {
    await verifier.verify(fromHex(key, 'key'), new Uint8Array(evidence))
  } catch (cause) {
    if (cause instanceof GlowwormError) throw cause
    // a verifier that stumbles has proven nothing, neither for the evidence nor against who sent it
    throw new NotAvailable('the source', `what ${type} asks for: ${String(cause)}`, { cause })
  }
}

/** Sources of other ledgers are their makers': an error that is none of ours says that this one did not answer. */
function typed(source: EvidenceSource): EvidenceSource {
  return {
    description: source.description,
    serves: (type) => source.serves(type),
    close: () => source.close(),
    async request(request, signal) {
      try {
        return await source.request(request, signal)
      } catch (cause) {
        signal.throwIfAborted()
        if (cause instanceof GlowwormError) throw cause
        throw new SourceUnreachable(source.description.words, String(cause), { cause })
      }
    },
  }
}

/** One source for peers: Ethereum's evidence from one, that of other ledgers from the other. */
export function servedTogether(ethereum: EvidenceSource, others: Pick<OtherLedgers, 'held'>): EvidenceSource {
  const whose = (type: string) => (isFamilyType(type) ? others.held : ethereum)
  return {
    description: ethereum.description,
    serves: (type) => whose(type).serves(type),
    request: (request, signal) => whose(request.type).request(request, signal),
    close: async () => {},
  }
}
