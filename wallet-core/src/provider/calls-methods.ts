/** `wallet_sendCalls`, `wallet_getCallsStatus` and `wallet_getCapabilities` (EIP-5792), one transaction after the other. */
import type { Hex } from '@glowworm/light-client'
import { listParam, quantityParam, record } from '@glowworm/light-client/application/rpc/parameters'
import { toHex, toQuantity } from '@glowworm/light-client/data/hex'
import { activityOf } from '../activity/activity.ts'
import type { Core } from '../facade/core.ts'
import { networkKey } from '../facade/state.ts'
import { requireSigner } from '../signing/sign-as.ts'
import { batchOf, batchState, requestOfCall, withBatch, withoutBatch } from '../transfer/batches.ts'
import type { TransferRequest } from '../transfer/plan.ts'
import type { AccountRecord, ActivityRecord, BatchRecord } from '../vault/content.ts'
import { Locked } from '../vault/errors.ts'
import { visibleAccounts } from './accounts-methods.ts'
import { invalidParams, RpcError } from './errors.ts'
import { addressParam, type Params } from './parameters.ts'
import { authorized, requestOf } from './signing-methods.ts'

/** Error codes of EIP-5792. */
const CODE = {
  unsupportedCapability: 5700,
  unsupportedChain: 5710,
  duplicateId: 5720,
  unknownId: 5730,
  tooLarge: 5740,
  notAtomic: 5760,
} as const
const VERSION = '2.0.0'
/** More than this nobody decides about one after the other. */
const MOST_CALLS = 10
const MOST_ID = 4096

/** The batches whose calls are still being put up for approval; after a restart none is. */
const running = new WeakMap<Core, Set<BatchRecord>>()

export async function sendCalls(core: Core, origin: string, requestId: string, [given]: Params) {
  const { keyring } = core
  const network = networkKey(core.ports.network)
  const fields = record(given, 'calls')
  const version = typeof fields.version === 'string' ? fields.version : ''
  if (!/^2\.\d+(\.\d+)?$/.test(version))
    throw invalidParams(`version: expected ${VERSION}, got ${version.slice(0, 20)}`)
  checkChain(core, fields.chainId)
  checkCapabilities(fields.capabilities)
  if (typeof fields.atomicRequired !== 'boolean') throw invalidParams('atomicRequired: expected true or false')
  if (fields.atomicRequired)
    throw new RpcError(CODE.notAtomic, 'This wallet sends calls one after the other, not all or none.')
  const account = await sender(core, origin, fields.from)
  requireSigner(account)
  const requests = readCalls(core, origin, fields.calls)
  const before = recordsOf(core).batches?.[network]?.find(
    (batch) => batch.origin === origin && batch.request === requestId,
  )
  const live = running.get(core) ?? new Set<BatchRecord>()
  running.set(core, live)
  if (before && [...live].some(({ id }) => id === before.id)) return { id: before.id }
  // Asked again because the program died meanwhile: what was not signed until then is put up again, not taken as agreed to.
  const next = before ? requests.findIndex((_, i) => entryOfCall(core, before, i) === null) : 0
  if (before && next < 0) return { id: before.id }
  const batch = before ?? (await newBatch(core, origin, requestId, idOf(fields.id), requests.length))
  const { id } = batch
  live.add(batch)
  if (next > 0) {
    void rest(core, account, batch, requests, next).finally(() => live.delete(batch))
    return { id }
  }
  try {
    await putUp(core, account, batch, requests, 0)
  } catch (error) {
    live.delete(batch)
    // The user said no to the first: there is no batch. One that was signed and not taken stays, and can be sent again.
    if (!entryOfCall(core, batch, 0)) await keyring.update((all) => withoutBatch(all, network, batch)).catch(() => {})
    throw error
  }
  void rest(core, account, batch, requests, 1).finally(() => live.delete(batch))
  return { id }
}

/** Written down before anybody is asked. @throws {RpcError} */
async function newBatch(core: Core, origin: string, request: string, named: string | null, calls: number) {
  const { keyring, ports } = core
  const network = networkKey(ports.network)
  // without leading zeros, for those who read it as a quantity
  const id = named ?? toHex(ports.random.bytes(32)).replace(/^0x0+/, '0x')
  if (batchOf(recordsOf(core), network, origin, id))
    throw new RpcError(CODE.duplicateId, 'There is a batch with this id.')
  const batch: BatchRecord = { id, origin, request, calls, at: ports.clock.now() }
  await keyring.update((all) => withBatch(all, network, batch))
  return batch
}

/** Each call waits until the one before it is signed: only then is it known which number it gets, and whether it is covered. */
async function rest(
  core: Core,
  account: AccountRecord,
  batch: BatchRecord,
  requests: readonly Call[],
  from: number,
): Promise<void> {
  try {
    for (let i = from; i < requests.length; i++) await putUp(core, account, batch, requests, i)
  } catch {
    // Rejected, or not covered any more: the site sees it in the status.
  }
}

type Call = Omit<TransferRequest, 'from'>

async function putUp(core: Core, account: AccountRecord, batch: BatchRecord, calls: readonly Call[], index: number) {
  const request = requestOfCall(batch, index)
  const { hash } = await core.transfers.propose(account, calls[index]!, { origin: batch.origin, request })
  core.ports.attention?.()
  await hash
}

export async function callsStatus(core: Core, origin: string, [given]: Params) {
  const { ports } = core
  const network = networkKey(ports.network)
  const records = recordsOf(core)
  const id = idOf(given)
  const batch = id === null ? null : batchOf(records, network, origin, id)
  if (!batch) throw new RpcError(CODE.unknownId, 'There is no batch with this id.')
  const live = [...(running.get(core) ?? [])].some((other) => other.id === batch.id && other.origin === origin)
  const { status, included } = batchState(activityOf(records, network), batch, live)
  const receipts = await Promise.all(included.map((entry) => receiptForm(core, entry)))
  return {
    version: VERSION,
    id: batch.id,
    chainId: toQuantity(ports.network.chainId),
    status,
    atomic: false,
    receipts: receipts.filter((receipt) => receipt !== null),
  }
}

/** Out of the proven receipt. Null when it cannot be proven at the moment. */
async function receiptForm(core: Core, { hash }: ActivityRecord) {
  const answer = hash && (await core.connection.client().receipt(hash))
  if (!answer) return null
  const { success, blockHash, blockNumber, gasUsed, transactionHash, logs } = answer.verified.value
  return {
    logs: logs.map(({ address, data, topics }) => ({ address, data, topics })),
    status: success ? '0x1' : '0x0',
    blockHash,
    blockNumber: toQuantity(blockNumber),
    gasUsed: toQuantity(gasUsed),
    transactionHash,
  }
}

/** What this wallet can do for an account: it never carries calls out all or none, also not where an account is delegated. */
export async function capabilities(core: Core, origin: string, [who, chains]: Params) {
  await authorized(core, origin, addressParam(who, 'address', core.ports.engines.hashes.keccak256))
  const own = toQuantity(core.ports.network.chainId)
  if (chains !== undefined && chains !== null) {
    const wanted = listParam(chains, 'chains', 100).map((chain) => quantityParam(chain, 'chains', 53))
    if (!wanted.includes(BigInt(core.ports.network.chainId))) return {}
  }
  return { [own]: { atomic: { status: 'unsupported' } } }
}

function readCalls(core: Core, origin: string, given: unknown): Call[] {
  if (!Array.isArray(given) || given.length === 0) throw invalidParams('calls: expected a list of at least one')
  if (given.length > MOST_CALLS) throw new RpcError(CODE.tooLarge, `A batch has at most ${MOST_CALLS} calls.`)
  return given.map((call: unknown, i) => {
    const { to, value, data, capabilities: wanted } = record(call, `calls[${i}]`)
    checkCapabilities(wanted)
    return requestOf({ to, value, data }, origin, core.ports.engines.hashes.keccak256)
  })
}

/** What a site needs and does not call optional has to be refused. */
function checkCapabilities(given: unknown): void {
  if (given === undefined || given === null) return
  for (const [name, wanted] of Object.entries(record(given, 'capabilities'))) {
    const optional = typeof wanted === 'object' && wanted !== null && 'optional' in wanted && wanted.optional === true
    if (!optional) throw new RpcError(CODE.unsupportedCapability, `There is no capability “${name.slice(0, 64)}” here.`)
  }
}

function checkChain({ ports }: Core, given: unknown): void {
  const chainId = quantityParam(given, 'chainId', 53)
  if (chainId !== BigInt(ports.network.chainId))
    throw new RpcError(CODE.unsupportedChain, `This wallet is on chain ${ports.network.chainId} only.`)
}

async function sender(core: Core, origin: string, from: unknown): Promise<AccountRecord> {
  const { keccak256 } = core.ports.engines.hashes
  const named: Hex | undefined =
    from === undefined || from === null ? visibleAccounts(core, origin)[0] : addressParam(from, 'from', keccak256)
  return authorized(core, origin, named ?? ZERO)
}

/** Nobody's: a site that is not connected gets the refusal for an account that it may not use. */
const ZERO: Hex = `0x${'00'.repeat(20)}`

function idOf(given: unknown): string | null {
  if (given === undefined || given === null) return null
  if (typeof given !== 'string' || given.length === 0 || given.length > MOST_ID)
    throw invalidParams(`id: expected a text of at most ${MOST_ID} characters`)
  return given
}

function recordsOf(core: Core) {
  if (core.keyring.records === null) throw new Locked()
  return core.keyring.records
}

function entryOfCall(core: Core, batch: BatchRecord, index: number): ActivityRecord | null {
  const { records } = core.keyring
  if (records === null) return null
  const request = requestOfCall(batch, index)
  const entries = activityOf(records, networkKey(core.ports.network))
  return entries.find((entry) => entry.origin === batch.origin && entry.request === request) ?? null
}
