/**
 * Follows what was sent until its receipt is proven and final. At each new head the receipts that may have changed are
 * asked for again; a receipt once proven stays on show until a newer proof, or its absence, replaces it. What is final
 * is asked for once more after an unlock, only to show its proof: whatever comes of that, it stays final.
 * @module
 */
import type { Answer, Head, Hex, LightClient, Receipt } from '@glowworm/light-client'
import { fromHex } from '@glowworm/light-client/data/hex'
import { decodeTransaction } from '@glowworm/light-client/ledgers/ethereum/transaction'
import type { Engines } from '@glowworm/wasm-core'
import { problemOf } from '../errors.ts'
import type { ActivityEntry } from '../facade/facade.ts'
import type { Handles } from '../facade/handles.ts'
import { shownProven } from '../facade/shown.ts'
import type { Keyring } from '../session/keyring.ts'
import type { ActivityRecord } from '../vault/content.ts'
import { activityOf, afterNoReceipt, afterReceipt, afterTooFarBack, changeEntry, TOO_FAR_BACK } from './activity.ts'
import { replacementOf } from './queue.ts'

type ShownReceipt = NonNullable<ActivityEntry['receipt']>

export interface Receipts {
  of(entryId: string): ActivityEntry['receipt']
  /** Asks for the receipts that may have changed. One round at a time; never rejects. */
  follow(client: LightClient, head: Head): Promise<void>
  /** Forgets all proofs. A round under way has no effect any more. */
  clear(): void
}

/** Of finished entries, so many are proven again after a start, so that they can be shown with their proof. */
const RECENT = 10

export function createReceipts(options: {
  keyring: () => Keyring
  network: string
  handles: Handles
  engines: Engines
  changed: () => void
}): Receipts {
  const { handles, network, changed } = options
  /** What was proven since the last `clear`, and which final entries have had their answer. */
  interface Proofs {
    readonly shown: Map<string, ShownReceipt>
    readonly settled: Set<string>
    running: boolean
  }
  const fresh = (): Proofs => ({ shown: new Map(), settled: new Set(), running: false })
  let proofs = fresh()

  function due(head: Head): ActivityRecord[] {
    const { records } = options.keyring()
    const entries = records === null ? [] : activityOf(records, network)
    return entries.filter((entry, place) => {
      const { id, hash, state } = entry
      if (hash === null) return false
      const replacement = replacementOf(entries, entry)
      if (replacement && (replacement.state === 'final' || replacement.failedForGood)) return false
      const receipt = proofs.shown.get(id)
      if (receipt?.kind !== 'proven') return state !== 'final' || (place < RECENT && !proofs.settled.has(id))
      // Between inclusion and finality nothing is asked: the finalized head answers for good.
      return !receipt.final && head.finalized.blockNumber >= receipt.value.blockNumber
    })
  }

  async function look(client: LightClient, head: Head, entry: ActivityRecord, hash: Hex): Promise<void> {
    const mine = proofs
    const { id } = entry
    const change = (how: (current: ActivityRecord) => ActivityRecord) =>
      options.keyring().update((records) => (mine === proofs ? changeEntry(records, network, id, how) : records))
    let answer: Answer<Receipt> | null
    try {
      answer = await client.receipt(hash)
    } catch (error) {
      const problem = problemOf(error)
      // Nobody answered: that is no answer to a final entry's one question.
      if (problem.kind !== 'unreachable' && entry.state === 'final') mine.settled.add(id)
      if (mine.shown.get(id)?.kind !== 'proven') mine.shown.set(id, { kind: 'unproven', problem })
      if (problem.code === TOO_FAR_BACK) await change((current) => afterTooFarBack(current, problem))
      return
    }
    if (answer === null) {
      if (entry.state === 'final') mine.settled.add(id)
      mine.shown.delete(id)
      const waiting = entry.state === 'sent' || entry.state === 'signed'
      const nonce = waiting ? await finalizedNonce(client, head, entry) : null
      await change((current) => afterNoReceipt(current, nonce))
      return
    }
    const receipt = answer.verified.value
    const gift = entry.kind === 'faucet' && entry.value === null ? await giftOf(client, entry, hash) : entry.value
    if (mine !== proofs) return
    mine.shown.set(
      id,
      shownProven(answer, handles, ({ success, gasUsed, blockNumber }) => ({ success, gasUsed, blockNumber })),
    )
    const final = answer.verified.finality.level === 'final'
    await change((current) => {
      const next = afterReceipt(current, receipt, final)
      return next.value === gift ? next : { ...next, value: gift }
    })
  }

  /** Null also when it was proven at a newer head than the receipt was asked at: it may be there by now. */
  async function finalizedNonce(client: LightClient, head: Head, entry: ActivityRecord): Promise<bigint | null> {
    const account = options.keyring().records?.accounts.find(({ id }) => id === entry.accountId)
    if (entry.signed === null || account === undefined) return null
    const answer = await client.account(account.address, 'finalized').catch(() => null)
    if (answer === null || answer.verified.anchor.height > head.optimistic.blockNumber) return null
    return answer.verified.value.nonce
  }

  /** What a faucet gave, read from its proven transaction; null when that went to somebody else. */
  async function giftOf(client: LightClient, entry: ActivityRecord, hash: Hex): Promise<bigint | null> {
    const answer = await client.transaction(hash).catch(() => null)
    if (answer === null) return null
    const gift = decodeTransaction(fromHex(answer.verified.value.raw, 'transaction'), options.engines)
    return gift.to === entry.to ? gift.value : null
  }

  return {
    of: (id) => proofs.shown.get(id) ?? null,
    async follow(client, head) {
      const mine = proofs
      if (mine.running) return
      mine.running = true
      try {
        for (const entry of due(head)) {
          if (entry.hash === null || options.keyring().records === null) continue
          await look(client, head, entry, entry.hash)
          if (mine !== proofs) return
          changed()
        }
      } catch {
        // The wallet was locked, or its storage failed, meanwhile: the next head finds the same entries due.
      } finally {
        mine.running = false
      }
    },
    clear() {
      proofs = fresh()
    },
  }
}
