/** Reads calls, overrides and the block of a call as the execution APIs write them. @module */
import type {
  AccessList,
  AccountOverride,
  Authorization,
  BlockOverrides,
  CallRequest,
  StateAt,
  StateOverrides,
} from '../../ledgers/ethereum/call-claims.ts'
import type { Hex } from '../../ledgers/ethereum/evidence.ts'
import type { ChainReader } from '../chain-reader.ts'
import type { CallOptions } from '../light-client.ts'
import { blockParameter } from './block-parameter.ts'
import { invalidParams, RPC_CODES, RpcError } from './errors.ts'
import type { Params } from './method.ts'
import {
  addressParam,
  dataParam,
  hashParam,
  listParam,
  optionalQuantity,
  quantityParam,
  record,
  slotParam,
} from './parameters.ts'

const MAX_BLOBS = 64
const MAX_ENTRIES = 4096

/** @throws {RpcError} */
export function callParam(value: unknown, what = 'transaction'): CallRequest {
  const fields = record(value, what)
  const { to, data, input } = fields
  if (present(data) && present(input) && dataParam(data, 'data') !== dataParam(input, 'input'))
    throw invalidParams(`${what}: data and input are both given and differ`)
  return defined({
    from: present(fields.from) ? addressParam(fields.from, 'from') : undefined,
    to: present(to) ? addressParam(to, 'to') : null,
    gas: optionalQuantity(fields.gas, 'gas', 64) ?? undefined,
    gasPrice: optionalQuantity(fields.gasPrice, 'gasPrice', 256) ?? undefined,
    maxFeePerGas: optionalQuantity(fields.maxFeePerGas, 'maxFeePerGas', 256) ?? undefined,
    maxPriorityFeePerGas: optionalQuantity(fields.maxPriorityFeePerGas, 'maxPriorityFeePerGas', 256) ?? undefined,
    maxFeePerBlobGas: optionalQuantity(fields.maxFeePerBlobGas, 'maxFeePerBlobGas', 256) ?? undefined,
    value: optionalQuantity(fields.value, 'value', 256) ?? undefined,
    nonce: optionalQuantity(fields.nonce, 'nonce', 64) ?? undefined,
    data: present(input) ? dataParam(input, 'input') : present(data) ? dataParam(data, 'data') : undefined,
    accessList: present(fields.accessList) ? accessListParam(fields.accessList) : undefined,
    blobVersionedHashes: present(fields.blobVersionedHashes)
      ? listParam(fields.blobVersionedHashes, 'blobVersionedHashes', MAX_BLOBS).map((hash) => hashParam(hash))
      : undefined,
    authorizationList: present(fields.authorizationList)
      ? listParam(fields.authorizationList, 'authorizationList', MAX_ENTRIES).map(authorizationParam)
      : undefined,
  })
}

function accessListParam(value: unknown): AccessList {
  return listParam(value, 'accessList', MAX_ENTRIES).map((entry) => {
    const { address, storageKeys } = record(entry, 'accessList entry')
    return {
      address: addressParam(address, 'accessList address'),
      storageKeys: listParam(storageKeys ?? [], 'storageKeys', MAX_ENTRIES).map((key) => hashParam(key, 'storage key')),
    }
  })
}

function authorizationParam(value: unknown): Authorization {
  const fields = record(value, 'authorization')
  return {
    chainId: quantityParam(fields.chainId, 'authorization chainId', 256),
    address: addressParam(fields.address, 'authorization address'),
    nonce: quantityParam(fields.nonce, 'authorization nonce', 64),
    yParity: Number(quantityParam(fields.yParity ?? fields.v, 'authorization yParity', 8)),
    r: quantityParam(fields.r, 'authorization r', 256),
    s: quantityParam(fields.s, 'authorization s', 256),
  }
}

/** @throws {RpcError} */
export function stateOverridesParam(value: unknown): StateOverrides | undefined {
  if (!present(value)) return undefined
  const entries = Object.entries(record(value, 'state overrides'))
  if (entries.length > MAX_ENTRIES) throw invalidParams(`state overrides: at most ${MAX_ENTRIES} accounts`)
  return Object.fromEntries(
    entries.map(([key, override]) => [addressParam(key), accountOverrideParam(override)]),
  ) as StateOverrides
}

function accountOverrideParam(value: unknown): AccountOverride {
  const fields = record(value, 'account override')
  if (present(fields.movePrecompileToAddress))
    throw invalidParams('movePrecompileToAddress: precompiled contracts cannot be moved here')
  return defined({
    balance: optionalQuantity(fields.balance, 'balance', 256) ?? undefined,
    nonce: optionalQuantity(fields.nonce, 'nonce', 64) ?? undefined,
    code: present(fields.code) ? dataParam(fields.code, 'code') : undefined,
    state: present(fields.state) ? storageParam(fields.state, 'state') : undefined,
    stateDiff: present(fields.stateDiff) ? storageParam(fields.stateDiff, 'stateDiff') : undefined,
  })
}

function storageParam(value: unknown, what: string): Record<Hex, Hex> {
  const entries = Object.entries(record(value, what))
  if (entries.length > MAX_ENTRIES) throw invalidParams(`${what}: at most ${MAX_ENTRIES} slots`)
  return Object.fromEntries(entries.map(([slot, content]) => [slotParam(slot), slotParam(content, 'slot content')]))
}

/** Names of the execution APIs and, where they differ, of older nodes. @throws {RpcError} */
export function blockOverridesParam(value: unknown): BlockOverrides | undefined {
  if (!present(value)) return undefined
  const fields = record(value, 'block overrides')
  const { feeRecipient = fields.coinbase, prevRandao = fields.random } = fields
  if (present(fields.withdrawals) && listParam(fields.withdrawals, 'withdrawals', MAX_ENTRIES).length > 0)
    throw invalidParams('withdrawals: they cannot be simulated here')
  return defined({
    number: optionalQuantity(fields.number, 'number', 64) ?? undefined,
    time: optionalQuantity(fields.time, 'time', 64) ?? undefined,
    gasLimit: optionalQuantity(fields.gasLimit, 'gasLimit', 64) ?? undefined,
    feeRecipient: present(feeRecipient) ? addressParam(feeRecipient, 'feeRecipient') : undefined,
    prevRandao: present(prevRandao) ? slotParam(prevRandao, 'prevRandao') : undefined,
    baseFeePerGas: optionalQuantity(fields.baseFeePerGas ?? fields.baseFee, 'baseFeePerGas', 256) ?? undefined,
    blobBaseFee: optionalQuantity(fields.blobBaseFee, 'blobBaseFee', 256) ?? undefined,
  })
}

/** The block whose state a call sees. @throws {RpcError} when no such block is known */
export async function stateAt(chain: ChainReader, value: unknown): Promise<StateAt> {
  const parameter = blockParameter(value)
  if (parameter.by === 'head') return parameter.head
  const hash = parameter.by === 'hash' ? parameter.hash : (await chain.byNumber(parameter.number))?.value.hash
  if (hash === undefined)
    throw new RpcError(RPC_CODES.unprovable, 'block: no such block is known', { code: 'UNKNOWN_BLOCK' })
  // What the signed header of a head says needs no more evidence.
  for (const head of ['finalized', 'optimistic'] as const) if ((await chain.head(head)).value.hash === hash) return head
  return { blockHash: hash }
}

/** The parameters of `eth_call` and those like it: call, block, state overrides, block overrides. @throws {RpcError} */
export async function callAndOptions(
  chain: ChainReader,
  [call, block, stateOverrides, blockOverrides]: Params,
): Promise<{ call: CallRequest; options: CallOptions }> {
  return {
    call: callParam(call),
    options: defined({
      at: await stateAt(chain, block),
      stateOverrides: stateOverridesParam(stateOverrides),
      blockOverrides: blockOverridesParam(blockOverrides),
    }),
  }
}

const present = (value: unknown): boolean => value !== undefined && value !== null

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Without the fields that are undefined. */
function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>
}
