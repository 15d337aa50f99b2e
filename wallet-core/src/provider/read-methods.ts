/**
 * Reads for sites. Every value is proven by the light client before it is handed on. Three answers rest on hearsay,
 * because nothing can prove them, and are kept within bounds: `eth_gasPrice` and `eth_maxPriorityFeePerGas` (a proven
 * base fee, a bounded tip) and `eth_estimateGas` (bounded; 21000 where the recipient is proven to have no code).
 * @module
 */
import type { Hex, LightClient } from '@glowworm/light-client'
import { fromHex, toQuantity } from '@glowworm/light-client/data/hex'
import { decodeTransaction } from '@glowworm/light-client/ledgers/ethereum/transaction'
import { activityOf } from '../activity/activity.ts'
import type { Core } from '../facade/core.ts'
import { networkKey } from '../facade/state.ts'
import { boundedTip, DEFAULT_TIP, TRANSFER_GAS, withinGasLimits } from '../transfer/fees.ts'
import { isPlain } from '../transfer/plan.ts'
import {
  addressParam,
  blockParam,
  dataParam,
  hashParam,
  optionalQuantity,
  type Params,
  record,
  slotParam,
} from './parameters.ts'
import { receiptForm, transactionForm } from './rpc-form.ts'

export type Read = (core: Core, params: Params, origin: string) => Promise<unknown>

/** Waits for the first head: a site must not notice that the wallet has only just been woken. */
async function heights(core: Core): Promise<{ optimistic: bigint; finalized: bigint }> {
  const head = core.connection.head ?? (await core.connection.client().ready())
  return { optimistic: head.optimistic.blockNumber, finalized: head.finalized.blockNumber }
}

const at = async (core: Core, block: unknown) => blockParam(block, await heights(core))
const address = (core: Core, value: unknown) => addressParam(value, 'address', core.ports.engines.hashes.keccak256)

async function tipOf(client: LightClient, baseFee: bigint): Promise<bigint> {
  const hint = await client.tipHint().catch(() => null)
  return boundedTip(hint?.value ?? DEFAULT_TIP, baseFee).tip
}

export const READS: Readonly<Record<string, Read>> = {
  async eth_blockNumber(core) {
    return toQuantity((await heights(core)).optimistic)
  },
  async eth_getBalance(core, [who, block]) {
    const { verified } = await core.connection.client().account(address(core, who), await at(core, block))
    return toQuantity(verified.value.balance)
  },
  async eth_getTransactionCount(core, [who, block]) {
    const { verified } = await core.connection.client().account(address(core, who), await at(core, block))
    return toQuantity(verified.value.nonce)
  },
  async eth_getCode(core, [who, block]) {
    const { verified } = await core.connection.client().code(address(core, who), await at(core, block))
    return verified.value
  },
  async eth_getStorageAt(core, [who, slot, block]) {
    const { verified } = await core.connection
      .client()
      .storage(address(core, who), slotParam(slot), await at(core, block))
    return verified.value
  },
  async eth_getTransactionReceipt(core, [which]) {
    const hash = hashParam(which, 'hash')
    const client = core.connection.client()
    const [receipt, transaction] = await Promise.all([client.receipt(hash), client.transaction(hash)])
    if (receipt === null || transaction === null) return null
    // Two proofs, possibly against two heads: they must speak of the same block.
    if (receipt.verified.value.blockHash !== transaction.verified.value.blockHash) return null
    const { engines } = core.ports
    const decoded = decodeTransaction(fromHex(transaction.verified.value.raw, 'transaction'), engines)
    return receiptForm(receipt.verified.value, decoded, engines.hashes.keccak256)
  },
  async eth_getTransactionByHash(core, [which], origin) {
    const hash = hashParam(which, 'hash')
    const { engines } = core.ports
    const answer = await core.connection.client().transaction(hash)
    if (answer !== null) {
      const { raw, ...place } = answer.verified.value
      return transactionForm(hash, decodeTransaction(fromHex(raw, 'transaction'), engines), place)
    }
    const own = ownTransaction(core, hash, origin)
    return own && transactionForm(hash, decodeTransaction(fromHex(own, 'transaction'), engines), null)
  },
  async eth_gasPrice(core) {
    const client = core.connection.client()
    const { verified } = await client.baseFee()
    return toQuantity(verified.value + (await tipOf(client, verified.value)))
  },
  async eth_maxPriorityFeePerGas(core) {
    const client = core.connection.client()
    const { verified } = await client.baseFee()
    return toQuantity(await tipOf(client, verified.value))
  },
  async eth_estimateGas(core, [call]) {
    const fields = record(call, 'transaction')
    const { keccak256 } = core.ports.engines.hashes
    const client = core.connection.client()
    const to = fields.to === undefined || fields.to === null ? null : addressParam(fields.to, 'to', keccak256)
    const data = dataParam(fields.data ?? fields.input ?? '0x', 'data')
    if (to !== null && data === '0x') {
      const { verified } = await client.account(to, 'optimistic')
      if (isPlain(to, verified.value)) return toQuantity(TRANSFER_GAS)
    }
    const hint = await client.gasHint({
      from: addressParam(fields.from ?? `0x${'00'.repeat(20)}`, 'from', keccak256),
      to,
      value: optionalQuantity(fields.value, 'value', 256) ?? 0n,
      data,
    })
    return toQuantity(withinGasLimits(hint.value))
  },
}

/** Methods whose answers could only be passed on unproven, and why they are not. */
export const REFUSED: Readonly<Record<string, string>> = {
  eth_call: 'the result of a call is not proven by this wallet',
  eth_getBlockByNumber: 'whole blocks are not proven by this wallet',
  eth_getBlockByHash: 'whole blocks are not proven by this wallet',
  eth_getLogs: 'the completeness of a list of logs is not proven by this wallet',
  eth_feeHistory: 'fee history is not proven by this wallet',
  eth_sign: 'signing bare digests can give everything away',
  eth_sendRawTransaction: 'only transactions signed by this wallet are sent',
}

/** A transaction of this site's own that is not in a block yet: known because it was signed here. */
function ownTransaction(core: Core, hash: Hex, origin: string): Hex | null {
  const { records } = core.keyring
  if (records === null) return null
  const entries = activityOf(records, networkKey(core.ports.network))
  return entries.find((entry) => entry.origin === origin && entry.hash === hash)?.signed?.raw ?? null
}
