/**
 * One transaction on an overlay: what surrounds execution (geth's `core/state_transition.go`) — checks, intrinsic gas,
 * warm addresses, authorizations, refunds, fees. Execution itself is the EVM library's.
 * @module
 */
import type { ExecResult } from '@ethereumjs/evm'
import { Account } from '@ethereumjs/util'
import { fromHex, toHex } from '../data/hex.ts'
import type { AccessList, Authorization } from '../ledgers/ethereum/call-claims.ts'
import type { Log } from '../ledgers/ethereum/claims.ts'
import type { Hex } from '../ledgers/ethereum/evidence.ts'
import { applyAuthorization, delegationOf } from './authorization.ts'
import { type BlockContext, isAtLeast } from './block-context.ts'
import { CallRefused } from './call-refused.ts'
import {
  floorDataGas,
  GAS_PER_BLOB,
  intrinsicGas,
  MAX_INITCODE_SIZE,
  MAX_REFUND_QUOTIENT,
  MAX_TX_GAS,
} from './intrinsic-gas.ts'
import { addressOf, change, type Machine } from './machine.ts'

/** A call with every default filled in. */
export interface Message {
  readonly from: Hex
  readonly to: Hex | null
  readonly gas: bigint
  /** What is paid for each gas. */
  readonly gasPrice: bigint
  /** What the sender must be able to pay for each gas. */
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
  readonly maxFeePerBlobGas: bigint
  readonly value: bigint
  readonly data: Uint8Array
  readonly accessList: AccessList
  readonly blobVersionedHashes: readonly Hex[]
  readonly authorizationList: readonly Authorization[]
  /** Null: not checked, and neither is anything else that only blocks demand. */
  readonly nonce: bigint | null
}

export interface TransactionResult {
  readonly status: 'success' | 'revert' | 'halt'
  readonly returnData: Uint8Array
  readonly halt: string | null
  readonly gasUsed: bigint
  /** Before refunds. */
  readonly peakGas: bigint
  readonly created: Hex | null
  readonly logs: readonly Log[]
}

/**
 * @param last nothing follows that could see what the transaction leaves behind
 * @throws {CallRefused | MissingEvidence}
 */
export async function runTransaction(
  machine: Machine,
  block: BlockContext,
  message: Message,
  last = false,
): Promise<TransactionResult> {
  const { evm, overlay } = machine
  const fork = block.hardFork
  const { from, to, gas, value, data } = message
  checkFees(message, block)
  checkShape(message, block)
  const sender = overlay.account(from) ?? new Account()
  const blobGas = BigInt(message.blobVersionedHashes.length) * GAS_PER_BLOB
  const owed = gas * message.maxFeePerGas + value + blobGas * message.maxFeePerBlobGas
  if (sender.balance < owed) throw insufficientFunds(from, sender.balance, owed)
  const intrinsic = intrinsicGas(
    {
      data,
      creates: to === null,
      accessList: message.accessList,
      authorizations: message.authorizationList.length,
    },
    fork,
  )
  if (gas < intrinsic) throw new CallRefused('intrinsic-gas', `intrinsic gas too low: have ${gas}, want ${intrinsic}`)
  const floor = floorDataGas(data, fork)
  if (gas < floor)
    throw new CallRefused('intrinsic-gas', `insufficient gas for floor data gas cost: have ${gas}, want ${floor}`)
  if (message.nonce !== null && sender.nonce !== message.nonce)
    throw new CallRefused(
      message.nonce < sender.nonce ? 'nonce-too-low' : 'nonce-too-high',
      `nonce too ${message.nonce < sender.nonce ? 'low' : 'high'}: address ${from}, tx: ${message.nonce} state: ${sender.nonce}`,
    )

  if (message.nonce !== null) {
    const code = await overlay.getCode(addressOf(from))
    if (code.length > 0 && delegationOf(code) === null)
      throw new CallRefused('sender-code', `sender not an eoa: address ${from}`)
  }

  overlay.originalStorageCache.clear()
  evm.journal.cleanJournal()
  const paid = gas * message.gasPrice + blobGas * (message.maxFeePerBlobGas > 0n ? block.blobBaseFee : 0n)
  await change(machine, from, (account) => {
    account.balance -= paid
    account.nonce += 1n
  })
  warm(machine, block, message)
  let authorizationRefund = 0n
  for (const authorization of message.authorizationList)
    authorizationRefund += await applyAuthorization(machine, authorization)
  if (to !== null && isAtLeast(fork, 'prague')) {
    const target = delegationOf(await overlay.getCode(addressOf(to)))
    if (target) evm.journal.addAlwaysWarmAddress(target)
  }

  const { execResult, createdAddress } = await evm.runCall({
    block: { header: evmHeader(block, message) },
    gasPrice: message.gasPrice,
    origin: addressOf(from),
    caller: addressOf(from),
    gasLimit: gas - intrinsic,
    ...(to === null ? {} : { to: addressOf(to) }),
    value,
    data,
    depth: 0,
    blobVersionedHashes: [...message.blobVersionedHashes],
    skipNonceIncrement: true,
  })
  const peak = max(intrinsic + execResult.executionGasUsed, floor)
  const used = intrinsic + execResult.executionGasUsed
  const refund = min((execResult.gasRefund ?? 0n) + authorizationRefund, used / MAX_REFUND_QUOTIENT)
  const gasUsed = max(used - refund, floor)
  if (!last) await settle(machine, block, message, gasUsed, execResult)
  return {
    ...outcomeOf(execResult),
    gasUsed,
    peakGas: peak,
    created: to === null ? (createdAddress?.toString() ?? null) : null,
  }
}

/** Gives back what was not used, pays the block's fee recipient, removes what destroyed itself or stayed empty. */
async function settle(machine: Machine, block: BlockContext, message: Message, gasUsed: bigint, result: ExecResult) {
  const { evm, overlay } = machine
  const returned = (message.gas - gasUsed) * message.gasPrice
  if (returned > 0n)
    await change(machine, message.from, (account) => {
      account.balance += returned
    })
  const tip = message.gasPrice > block.baseFeePerGas ? message.gasPrice - block.baseFeePerGas : 0n
  if (tip > 0n)
    await change(machine, block.feeRecipient, (account) => {
      account.balance += gasUsed * tip
    })
  for (const address of result.selfdestruct?.keys() ?? [])
    if (!isAtLeast(block.hardFork, 'cancun') || result.createdAddresses?.has(address))
      await overlay.deleteAccount(addressOf(address))
  await evm.journal.cleanup()
}

function warm({ evm }: Machine, block: BlockContext, { from, to, accessList }: Message): void {
  const { journal } = evm
  journal.addAlwaysWarmAddress(from)
  if (to !== null) journal.addAlwaysWarmAddress(to)
  for (const precompile of evm.precompiles.keys()) journal.addAlwaysWarmAddress(precompile)
  if (isAtLeast(block.hardFork, 'shanghai')) journal.addAlwaysWarmAddress(block.feeRecipient)
  for (const { address, storageKeys } of accessList) {
    journal.addAlwaysWarmAddress(address)
    for (const key of storageKeys) journal.addAlwaysWarmSlot(address, key)
  }
}

function checkFees(
  { maxFeePerGas, maxPriorityFeePerGas, maxFeePerBlobGas, nonce, blobVersionedHashes }: Message,
  block: BlockContext,
): void {
  // A call that offers nothing for gas is a question, not an offer: it is held against no base fee.
  const offers = maxFeePerGas > 0n || maxPriorityFeePerGas > 0n || nonce !== null
  if (maxFeePerGas < maxPriorityFeePerGas)
    throw new CallRefused(
      'fees',
      `max priority fee per gas higher than max fee per gas: maxPriorityFeePerGas: ${maxPriorityFeePerGas}, maxFeePerGas: ${maxFeePerGas}`,
    )
  if (offers && maxFeePerGas < block.baseFeePerGas)
    throw new CallRefused(
      'fees',
      `max fee per gas less than block base fee: maxFeePerGas: ${maxFeePerGas}, baseFee: ${block.baseFeePerGas}`,
    )
  if (blobVersionedHashes.length > 0 && maxFeePerBlobGas > 0n && maxFeePerBlobGas < block.blobBaseFee)
    throw new CallRefused(
      'fees',
      `max fee per blob gas less than block blob gas fee: maxFeePerBlobGas: ${maxFeePerBlobGas}, blobBaseFee: ${block.blobBaseFee}`,
    )
}

function checkShape(
  { to, gas, data, nonce, blobVersionedHashes, authorizationList }: Message,
  block: BlockContext,
): void {
  const fork = block.hardFork
  if (to === null && isAtLeast(fork, 'shanghai') && data.length > MAX_INITCODE_SIZE)
    throw new CallRefused(
      'initcode-size',
      `max initcode size exceeded: code size ${data.length} limit ${MAX_INITCODE_SIZE}`,
    )
  if (blobVersionedHashes.length > 0) {
    if (!isAtLeast(fork, 'cancun')) throw new CallRefused('shape', 'blobs are not known before Cancun')
    if (to === null) throw new CallRefused('shape', 'blob transaction of type create')
    blobVersionedHashes.forEach((hash, i) => {
      if (!hash.startsWith('0x01')) throw new CallRefused('shape', `blob ${i} has invalid hash version`)
    })
  }
  if (authorizationList.length > 0) {
    if (!isAtLeast(fork, 'prague')) throw new CallRefused('shape', 'authorizations are not known before Prague')
    if (to === null) throw new CallRefused('shape', 'EIP-7702 transaction cannot be used to create contract')
  }
  if (nonce !== null && isAtLeast(fork, 'osaka') && gas > MAX_TX_GAS)
    throw new CallRefused('shape', `transaction gas limit too high (cap: ${MAX_TX_GAS}, tx: ${gas})`)
}

function evmHeader(block: BlockContext, message: Message) {
  // As geth: without a price offered, the base fees that a call sees are zero, so that fees never exceed offers.
  const asked = message.maxFeePerGas === 0n && message.maxPriorityFeePerGas === 0n && message.nonce === null
  const baseFeePerGas = asked ? 0n : block.baseFeePerGas
  const blobFee = message.maxFeePerBlobGas === 0n && message.nonce === null ? 0n : block.blobBaseFee
  return {
    number: block.number,
    coinbase: addressOf(block.feeRecipient),
    timestamp: block.timestamp,
    difficulty: 0n,
    prevRandao: fromHex(block.prevRandao, 'prevRandao', 32),
    gasLimit: block.gasLimit,
    baseFeePerGas,
    getBlobGasPrice: () => blobFee,
  }
}

function outcomeOf({ exceptionError, returnValue, logs }: ExecResult) {
  const reason = exceptionError?.error ?? null
  const status = reason === null ? 'success' : reason === 'revert' ? 'revert' : 'halt'
  return {
    status,
    returnData: status === 'halt' ? new Uint8Array(0) : returnValue,
    halt: status === 'halt' ? haltWords(String(reason)) : null,
    logs: (logs ?? []).map(
      ([address, topics, data]): Log => ({
        address: toHex(address),
        topics: topics.map(toHex),
        data: toHex(data),
      }),
    ),
  } as const
}

/** What geth says where the library says something else. */
const GETH_WORDS: Readonly<Record<string, string>> = {
  'invalid JUMP': 'invalid jump destination',
  'static state change': 'write protection',
  'create collision': 'contract address collision',
  'insufficient balance': 'insufficient balance for transfer',
  'initcode exceeds max initcode size': 'max initcode size exceeded',
  'code size to deposit exceeds maximum code size': 'max code size exceeded',
  'invalid bytecode deployed': 'invalid code: must not begin with 0xef',
}

function haltWords(reason: string): string {
  const [words] = reason.split(' at ', 1)
  return GETH_WORDS[words!] ?? words!
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)

function insufficientFunds(from: Hex, have: bigint, want: bigint): CallRefused {
  return new CallRefused(
    'funds',
    `insufficient funds for gas * price + value: address ${from} have ${have} want ${want}`,
  )
}
