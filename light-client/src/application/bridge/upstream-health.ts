/** Whether any node upstream still answers: a bridge that follows the chain but can prove nothing is of little use. @module */
import type { Clock } from '../../infrastructure/ports.ts'
import type { EthereumRequest } from '../../ledgers/ethereum/evidence.ts'
import { type EvidenceSource, NotAvailable } from '../../network/evidence-source.ts'

/** `null`: none of this kind was named. */
export interface UpstreamHealth {
  readonly consensus: boolean | null
  readonly execution: boolean | null
}

export interface UpstreamHealthOptions {
  readonly nodes: readonly EvidenceSource[]
  /** Convicted of lying: as good as gone. */
  readonly isBarred: (node: EvidenceSource) => boolean
  readonly clock: Clock
}

/** Milliseconds: an answer counts for so long, however often somebody asks how things are. */
const KEPT = 10_000
const WITHIN = 3_000

/** Asks each node one short question, all at once. One question at a time, however many want to know. */
export function upstreamHealth(options: UpstreamHealthOptions): () => Promise<UpstreamHealth> {
  const { nodes, clock } = options
  let kept: { readonly at: number; readonly health: Promise<UpstreamHealth> } | null = null

  async function answers(node: EvidenceSource, request: EthereumRequest): Promise<boolean> {
    if (options.isBarred(node)) return false
    const given = new AbortController()
    const late = clock.sleep(WITHIN, given.signal).catch(() => {})
    // "does not have it" is an answer too
    const answered = node.request(request, given.signal).then(
      () => true,
      (error: unknown) => error instanceof NotAvailable,
    )
    const result = (await Promise.race([answered, late])) ?? false
    given.abort(new Error('no longer needed'))
    return result
  }
  /** Known with the first that answers: one that hangs keeps nobody waiting. */
  async function anyOf(able: readonly EvidenceSource[], request: EthereumRequest): Promise<boolean | null> {
    if (able.length === 0) return null
    const silent = new Error('silent')
    const one = async (node: EvidenceSource) => (await answers(node, request)) || Promise.reject(silent)
    return Promise.any(able.map(one)).catch(() => false)
  }
  async function look(): Promise<UpstreamHealth> {
    const [consensus, execution] = await Promise.all([
      anyOf(
        nodes.filter((node) => !isExecution(node)),
        { type: 'finality_update' },
      ),
      // not for a block: that may be remembered from before the node went away
      anyOf(nodes.filter(isExecution), { type: 'fee_hint' }),
    ])
    return { consensus, execution }
  }

  return () => {
    const now = clock.now()
    if (!kept || now - kept.at >= KEPT) kept = { at: now, health: look() }
    return kept.health
  }
}

const isExecution = ({ description }: EvidenceSource) => description.carrier === 'execution-rpc'
