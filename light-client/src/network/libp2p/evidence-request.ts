/**
 * Strict reading of a request that came from somebody else: over a libp2p stream or across a worker boundary.
 * Unknown types, unknown fields, missing fields and malformed values are refused; nothing is repaired.
 * @module
 */
import { GlowwormError } from '../../errors.ts'
import { type EthereumRequest, MAX_STATE_ITEMS } from '../../ledgers/ethereum/evidence.ts'
import { isFamilyType, MAX_FAMILY_KEY, type PeerRequest } from '../../ledgers/ledger-evidence.ts'

/** Returns what was expected when the value is wrong, otherwise null. */
type Check = (value: unknown) => string | null

const bytes =
  (length: number): Check =>
  (value) =>
    typeof value === 'string' && value.length === 2 + length * 2 && /^0x[0-9a-f]*$/.test(value)
      ? null
      : `0x and ${length * 2} lower-case hex digits`

const word = bytes(32)
const address = bytes(20)
const quantity: Check = (value) =>
  typeof value === 'string' && /^0x[0-9a-f]{1,64}$/.test(value) ? null : '0x and 1 to 64 lower-case hex digits'
const data: Check = (value) =>
  typeof value === 'string' && /^0x(?:[0-9a-f]{2})*$/.test(value) ? null : '0x and an even number of hex digits'
const whole =
  (from: number, to: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to
      ? null
      : `a whole number from ${from} to ${to}`
const addressOrNull: Check = (value) => (value === null ? null : address(value))
const words: Check = (value) =>
  Array.isArray(value) && value.length <= MAX_SLOTS && value.every((entry) => word(entry) === null)
    ? null
    : `a list of at most ${MAX_SLOTS} times 0x and 64 lower-case hex digits`

const stateAccounts: Check = (value) => {
  const entries = Array.isArray(value) ? (value as unknown[]) : []
  const items = entries.map((entry) => (isStateAccount(entry) ? 1 + entry.slots.length : Number.NaN))
  const count = items.reduce((sum, one) => sum + one, 0)
  return count >= 1 && count <= MAX_STATE_ITEMS
    ? null
    : `a list of {address, slots, code} with at most ${MAX_STATE_ITEMS} addresses and slots together`
}

function isStateAccount(entry: unknown): entry is { slots: readonly string[] } {
  if (typeof entry !== 'object' || entry === null) return false
  const fields = entry as Record<string, unknown>
  return (
    Object.keys(fields).sort().join() === 'address,code,slots' &&
    address(fields.address) === null &&
    words(fields.slots) === null &&
    typeof fields.code === 'boolean'
  )
}

/** Headers in one request. */
export const MAX_HEADERS = 512

/** Storage slots in one account request. */
const MAX_SLOTS = 256
/** consensus-specs MAX_REQUEST_LIGHT_CLIENT_UPDATES. */
const MAX_UPDATES = 128
/** No slot number of Ethereum reaches 2^40; keeps arithmetic on periods exact. */
const MAX_PERIOD = 2 ** 40

const FIELDS: Record<EthereumRequest['type'], Readonly<Record<string, Check>>> = {
  bootstrap: { root: word },
  updates: { startPeriod: whole(0, MAX_PERIOD), count: whole(1, MAX_UPDATES) },
  finality_update: {},
  optimistic_update: {},
  compact_bootstrap: { root: word },
  hops: { startPeriod: whole(0, MAX_PERIOD), count: whole(1, MAX_UPDATES) },
  compact_finality_update: {},
  committee: { pubkeysRoot: word },
  execution_header: { blockHash: word },
  execution_headers: { blockHash: word, count: whole(1, MAX_HEADERS) },
  historical_block: { finalizedRoot: word, blockNumber: whole(0, Number.MAX_SAFE_INTEGER) },
  account: { blockHash: word, address, slots: words },
  code: { blockHash: word, address, codeHash: word },
  state: { blockHash: word, accounts: stateAccounts },
  receipts: { blockHash: word },
  transactions: { blockHash: word },
  withdrawals: { blockHash: word },
  transaction_location: { transactionHash: word },
  pending_nonce: { address },
  fee_hint: {},
  gas_hint: { from: address, to: addressOrNull, value: quantity, data },
  access_list_hint: { blockHash: word, from: address, to: addressOrNull, value: quantity, data },
  log_blocks_hint: { address, topic: word },
  send_transaction: { raw: data },
}

const FAMILY_FIELDS: Readonly<Record<string, Check>> = {
  key: (value) =>
    data(value) ?? ((value as string).length <= 2 + 2 * MAX_FAMILY_KEY ? null : `at most ${MAX_FAMILY_KEY} bytes`),
}

/** Every request type of Ethereum. */
export const REQUEST_TYPES = Object.keys(FIELDS) as readonly EthereumRequest['type'][]

export function isRequestType(value: unknown): value is PeerRequest['type'] {
  return isFamilyType(value) || (typeof value === 'string' && Object.hasOwn(FIELDS, value))
}

/** Reads a request. The result is a copy that holds the known fields only. @throws {InvalidRequest} */
export function parseRequest(value: unknown): PeerRequest {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidRequest('the request', 'expected an object')
  const given = value as Record<string, unknown>
  if (!isRequestType(given.type)) throw new InvalidRequest('type', `expected one of ${REQUEST_TYPES.join(', ')}`)
  const fields = isFamilyType(given.type) ? FAMILY_FIELDS : FIELDS[given.type]
  for (const name of Object.keys(given))
    if (name !== 'type' && !Object.hasOwn(fields, name))
      throw new InvalidRequest('the request', `has a field that ${given.type} does not know`)
  const request: Record<string, unknown> = { type: given.type }
  for (const [name, check] of Object.entries(fields)) {
    const field = given[name]
    const expected = check(field)
    if (expected !== null) throw new InvalidRequest(`${given.type}.${name}`, `expected ${expected}`)
    request[name] = copyOf(field)
  }
  return request as unknown as PeerRequest
}

/** Of what was checked: lists, plain objects and what stands in them. A tenth of what `structuredClone` takes. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, copyOf(inner)]))
}

/** A request is malformed. The receiver answers with a refusal; the sender must not send it. */
export class InvalidRequest extends GlowwormError {
  constructor(what: string, reason: string, options: { cause?: unknown } = {}) {
    super(
      { name: 'Network.InvalidRequest', code: 'INVALID_REQUEST', kind: 'usage' },
      `invalid request: ${what}: ${reason}`,
      { ...options, next: 'Send the request in the form docs/protocol.md gives.' },
    )
  }
}
