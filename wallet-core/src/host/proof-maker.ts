/** Proof receipts out of the sources that the wallet has now. A receipt starts at the checkpoint, like who checks it. */
import { type Clock, type Hex, InvalidInput, type LightClient } from '@glowworm/light-client'
import { makeReceipt, type Question } from '@glowworm/light-client/application/receipt/make-receipt'
import { createSourcePool } from '@glowworm/light-client/application/source-pool'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import type { NetworkProfile } from '@glowworm/light-client/ledgers/ethereum/profile'
import type { EvidenceSource } from '@glowworm/light-client/network/evidence-source'
import type { Engines } from '@glowworm/wasm-core'

export interface ProofMaker {
  /** From now on for this client, which has these sources. */
  follow(checkpoint: Hex, client: Pick<LightClient, 'sources'>, sources: readonly EvidenceSource[]): void
  add(source: EvidenceSource): void
  remove(id: string): void
  /** @throws {InvalidInput | GlowwormError | RpcError} as `makeReceipt` */
  prove(questions: readonly Question[]): Promise<{ file: Uint8Array; answers: readonly unknown[] }>
}

/** A receipt takes as long as a start from the checkpoint; after this, in ms, nobody waits for it any more. */
const PATIENCE = 120_000

export function proofMaker(profile: NetworkProfile, engines: Engines, clock: Clock = platformClock): ProofMaker {
  let followed: { checkpoint: Hex; client: Pick<LightClient, 'sources'> } | null = null
  const sources = new Map<string, EvidenceSource>()
  // One after another: each keeps a whole sync in memory.
  let work: Promise<unknown> = Promise.resolve()

  async function make(questions: readonly Question[]): Promise<{ file: Uint8Array; answers: readonly unknown[] }> {
    if (followed === null)
      throw new InvalidInput('sources', 'none are chosen', 'Choose where evidence shall come from.')
    const { checkpoint, client } = followed
    const liars = new Set(client.sources.flatMap(({ description, lie }) => (lie === null ? [] : [description.id])))
    const pool = createSourcePool(clock)
    // They are the wallet's and stay open; the pool is left to itself afterwards.
    for (const source of sources.values()) if (!liars.has(source.description.id)) pool.add(source)
    const [late, done] = [new AbortController(), new AbortController()]
    clock.sleep(PATIENCE, done.signal).then(
      () => late.abort(new InvalidInput('questions', 'they took too long to prove', 'Ask for fewer at once.')),
      () => undefined,
    )
    try {
      const options = { profile, engines, trust: { checkpoint }, pool, clock, signal: late.signal }
      const made = await makeReceipt(questions, options)
      return { file: made.file, answers: made.answers.map(({ result }) => result) }
    } finally {
      done.abort()
    }
  }

  return {
    follow(checkpoint, client, nodes) {
      followed = { checkpoint, client }
      sources.clear()
      for (const node of nodes) sources.set(`${node.description.carrier} ${node.description.id}`, node)
    },
    add: (source) => sources.set(source.description.id, source),
    remove: (id) => sources.delete(id),
    prove(questions) {
      const turn = work.then(() => make(questions))
      work = turn.catch(() => undefined)
      return turn
    },
  }
}
