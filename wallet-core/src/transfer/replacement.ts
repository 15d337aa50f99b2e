/**
 * Taking the place of a transaction under way: the same number, and fees so much higher that nodes let the new one in.
 * Which of the two is carried out is the network's choice until one is in a block.
 * @module
 */
import type { Hex } from '@glowworm/light-client'
import { fromHex } from '@glowworm/light-client/data/hex'
import { decodeTransaction } from '@glowworm/light-client/ledgers/ethereum/transaction'
import type { Engines } from '@glowworm/wasm-core'
import { isUnderWay } from '../activity/queue.ts'
import { WalletError } from '../errors.ts'
import type { Fees } from '../facade/facade.ts'
import type { ActivityRecord } from '../vault/content.ts'
import { TRANSFER_GAS } from './fees.ts'
import type { TransferRequest } from './plan.ts'

export type ReplacementWay = 'speed-up' | 'cancel'

/** What a transaction takes the place of. */
export interface Replaced {
  readonly id: string
  readonly how: ReplacementWay
  readonly nonce: bigint
  /** Less is refused by nodes as underpriced. */
  readonly least: Fees
  /** Kept from the one that is replaced. */
  readonly gasLimit: bigint
}

/**
 * Nodes ask for a tenth more on limit and tip (geth, Nethermind, Erigon, Reth), some for an eighth (Besu offers it as a
 * setting): an eighth, rounded up, is enough for all of them.
 */
export function raised(fee: bigint): bigint {
  return fee + (fee + 7n) / 8n
}

/** @throws {NotUnderWay} when it is in a block already, or was never sent */
export function replacementRequest(
  entries: readonly ActivityRecord[],
  id: string,
  how: ReplacementWay,
  from: Hex,
  engines: Pick<Engines, 'hashes' | 'secp256k1'>,
): Omit<TransferRequest, 'from'> & { readonly replaces: Replaced } {
  const entry = entries.find((candidate) => candidate.id === id)
  if (!entry?.signed || !isUnderWay(entries, entry)) throw new NotUnderWay()
  const rivals = entries.filter(
    (other) =>
      other.accountId === entry.accountId && other.signed?.nonce === entry.signed!.nonce && isUnderWay(entries, other),
  )
  // An earlier replacement counts too: the new one has to outbid the dearest.
  const bids = rivals.map(({ signed }) => decodeTransaction(fromHex(signed!.raw, 'transaction'), engines))
  const highest = (read: (bid: (typeof bids)[number]) => bigint | null) =>
    bids.reduce((most, bid) => ((read(bid) ?? 0n) > most ? (read(bid) ?? 0n) : most), 0n)
  const { to, value, data, gasLimit } = decodeTransaction(fromHex(entry.signed.raw, 'transaction'), engines)
  const replaces = {
    id,
    how,
    nonce: entry.signed.nonce,
    least: {
      maxFeePerGas: raised(highest((bid) => bid.maxFeePerGas)),
      maxPriorityFeePerGas: raised(highest((bid) => bid.maxPriorityFeePerGas)),
    },
  }
  if (how === 'cancel')
    return { to: from, value: 0n, data: '0x', proposed: null, replaces: { ...replaces, gasLimit: TRANSFER_GAS } }
  return { to, value, data, proposed: null, replaces: { ...replaces, gasLimit } }
}

export class NotUnderWay extends WalletError {
  constructor() {
    super(
      { name: 'Transfer.NotUnderWay', code: 'NOT_UNDER_WAY', kind: 'usage' },
      'This transaction is not under way any more, so nothing can take its place.',
      { next: 'Look at its state in the activity.' },
    )
  }
}

/** Its number has been used up, as proven: it, or another in its place, is in a block. */
export class NumberUsed extends WalletError {
  constructor() {
    super(
      { name: 'Transfer.NumberUsed', code: 'NUMBER_USED', kind: 'refused' },
      'It is too late: a transaction with this number is in a block already.',
      { next: 'Look at its state in the activity.' },
    )
  }
}

export class ReplacementTooCheap extends WalletError {
  constructor({ maxFeePerGas, maxPriorityFeePerGas }: Fees) {
    super(
      { name: 'Transfer.ReplacementTooCheap', code: 'REPLACEMENT_TOO_CHEAP', kind: 'refused' },
      `Nodes would keep the old transaction: expected a limit of at least ${maxFeePerGas} wei and a tip of at least ${maxPriorityFeePerGas} wei.`,
      { next: 'Raise the fees.' },
    )
  }
}
