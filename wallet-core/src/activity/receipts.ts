/**
 * Follows what was sent until its receipt is proven and final. At each new head the receipts that may have changed are
 * asked for again; a receipt once proven stays on show until a newer proof, or its absence, replaces it.
 * @module
 */
import type { Answer, Head, Hex, LightClient, Receipt } from '@glowworm/light-client'
import { fromHex } from '@glowworm/light-client/data/hex'
import type { Engines } from '@glowworm/wasm-core'
import { problemOf } from '../errors.ts'
import type { ActivityEntry } from '../facade/facade.ts'
import type { Handles } from '../facade/handles.ts'
import { shownProven } from '../facade/shown.ts'
import type { Keyring } from '../session/keyring.ts'
import { decodeTransaction } from '../signing/transaction-decode.ts'
import type { ActivityRecord } from '../vault/content.ts'
import { activityOf, afterNoReceipt, afterReceipt, changeEntry } from './activity.ts'

type ShownReceipt = NonNullable<ActivityEntry['receipt']>

export interface Receipts {
  of(entryId: string): ActivityEntry['receipt']
  /** Asks for the receipts that may have changed. One round at a time; never rejects. */
  follow(client: LightClient, head: Head): Promise<void>
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
  let shown = new Map<string, ShownReceipt>()
  let running = false

  function due(head: Head): ActivityRecord[] {
    const { records } = options.keyring()
    const entries = records === null ? [] : activityOf(records, network)
    return entries.filter(({ id, hash, state }, place) => {
      if (hash === null) return false
      const receipt = shown.get(id)
      if (receipt?.kind !== 'proven') return state !== 'final' || place < RECENT
      // Between inclusion and finality nothing is asked: the finalized head answers for good.
      return !receipt.final && head.finalized.blockNumber >= receipt.value.blockNumber
    })
  }

  async function look(client: LightClient, entry: ActivityRecord, hash: Hex): Promise<void> {
    const mine = shown
    const { id } = entry
    let answer: Answer<Receipt> | null
    try {
      answer = await client.receipt(hash)
    } catch (error) {
      if (mine.get(id)?.kind !== 'proven') mine.set(id, { kind: 'unproven', problem: problemOf(error) })
      return
    }
    if (answer === null) {
      mine.delete(id)
      const nonce = await finalizedNonce(client, entry)
      await options
        .keyring()
        .update((records) => changeEntry(records, network, id, (current) => afterNoReceipt(current, nonce)))
      return
    }
    const receipt = answer.verified.value
    const gift = entry.kind === 'faucet' && entry.value === null ? await giftOf(client, entry, hash) : entry.value
    mine.set(
      id,
      shownProven(answer, handles, ({ success, gasUsed, blockNumber }) => ({ success, gasUsed, blockNumber })),
    )
    const final = answer.verified.finality.level === 'final'
    await options.keyring().update((records) =>
      changeEntry(records, network, id, (current) => {
        const next = afterReceipt(current, receipt, final)
        return next.value === gift ? next : { ...next, value: gift }
      }),
    )
  }

  async function finalizedNonce(client: LightClient, entry: ActivityRecord): Promise<bigint | null> {
    const account = options.keyring().records?.accounts.find(({ id }) => id === entry.accountId)
    if (entry.signed === null || account === undefined) return null
    const answer = await client.account(account.address, 'finalized').catch(() => null)
    return answer?.verified.value.nonce ?? null
  }

  /** What a faucet gave, read from its proven transaction; null when that went to somebody else. */
  async function giftOf(client: LightClient, entry: ActivityRecord, hash: Hex): Promise<bigint | null> {
    const answer = await client.transaction(hash).catch(() => null)
    if (answer === null) return null
    const gift = decodeTransaction(fromHex(answer.verified.value.raw, 'transaction'), options.engines)
    return gift.to === entry.to ? gift.value : null
  }

  return {
    of: (id) => shown.get(id) ?? null,
    async follow(client, head) {
      if (running) return
      running = true
      try {
        for (const entry of due(head)) {
          if (entry.hash === null || options.keyring().records === null) continue
          await look(client, entry, entry.hash)
          changed()
        }
      } catch {
        // The wallet was locked, or its storage failed, meanwhile: the next head finds the same entries due.
      } finally {
        running = false
      }
    },
    clear() {
      shown = new Map()
    },
  }
}
