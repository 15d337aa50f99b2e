/** Transactions of every kind: encoding, signing, and the hash they will be known by. */
import type { Hex } from '@glowworm/light-client'
import { concatBytes, fromHex, minimalBytes, toHex } from '@glowworm/light-client/data/hex'
import { encode, type RlpItem } from '@glowworm/light-client/data/rlp'
import type { Engines } from '@glowworm/wasm-core'
import { WalletError } from '../errors.ts'
import { authorizationItem, type SignedAuthorization } from './authorization.ts'
import { type BlobSidecar, sidecarItems, versionedHashesOf } from './blob-sidecar.ts'

export interface AccessListEntry {
  readonly address: Hex
  readonly storageKeys: readonly Hex[]
}

/** What all kinds have. Amounts in wei. */
interface Common {
  readonly nonce: bigint
  readonly gasLimit: bigint
  /** Null creates a contract. */
  readonly to: Hex | null
  readonly value: bigint
  readonly data: Hex
}

/** Before EIP-2718; signed with the chain's number (EIP-155), so that it is valid nowhere else. */
export interface LegacyTransaction extends Common {
  readonly type: 'legacy'
  readonly chainId: number
  readonly gasPrice: bigint
}

export interface Eip2930Transaction extends Common {
  readonly type: 'eip2930'
  readonly chainId: number
  readonly gasPrice: bigint
  readonly accessList?: readonly AccessListEntry[]
}

/** What pays by a limit and a tip. */
interface Tipped extends Common {
  readonly chainId: number
  readonly maxPriorityFeePerGas: bigint
  readonly maxFeePerGas: bigint
  readonly accessList?: readonly AccessListEntry[]
}

export interface Eip1559Transaction extends Tipped {
  readonly type: 'eip1559'
}

export interface Eip4844Transaction extends Tipped {
  readonly type: 'eip4844'
  readonly to: Hex
  readonly maxFeePerBlobGas: bigint
  /** What is signed are the hashes of its commitments. */
  readonly sidecar: BlobSidecar
}

export interface Eip7702Transaction extends Tipped {
  readonly type: 'eip7702'
  readonly to: Hex
  readonly authorizationList: readonly SignedAuthorization[]
}

export type Transaction =
  | LegacyTransaction
  | Eip2930Transaction
  | Eip1559Transaction
  | Eip4844Transaction
  | Eip7702Transaction

export interface SignedTransaction {
  /** What nodes take: with its blobs where it has some. */
  readonly raw: Hex
  readonly hash: Hex
}

type Kernels = Pick<Engines, 'hashes' | 'secp256k1'>

const TYPE_BYTE_LENGTH = 1
const TYPE_BYTES = { eip2930: 1, eip1559: 2, eip4844: 3, eip7702: 4 } as const

/** What is hashed and signed. @throws {InvalidTransaction} */
export function encodeUnsigned(transaction: Transaction, hashes: Engines['hashes']): Uint8Array {
  const fields = fieldsOf(transaction, hashes)
  if (transaction.type !== 'legacy') return concatBytes(Uint8Array.of(TYPE_BYTES[transaction.type]), encode(fields))
  return encode([...fields, unsigned(BigInt(transaction.chainId), 64, 'chainId'), NOTHING, NOTHING])
}

/** Bytes that it has once it is signed, at most: in some of a hundred cases it is one less. @throws {InvalidTransaction} */
export function signedLength(transaction: Eip1559Transaction, hashes: Engines['hashes']): number {
  const half = new Uint8Array(32).fill(0xff)
  return TYPE_BYTE_LENGTH + encode([...fieldsOf(transaction, hashes), NOTHING, half, half]).length
}

/** Signs with `secretKey` (32 bytes, not kept). @throws {InvalidTransaction} */
export function signTransaction(transaction: Transaction, secretKey: Uint8Array, engines: Kernels): SignedTransaction {
  const { hashes } = engines
  const signature = engines.secp256k1.sign(hashes.keccak256(encodeUnsigned(transaction, hashes)), secretKey)
  return withSignature(transaction, signature, hashes)
}

/** The transaction with its signature, r ‖ s ‖ parity, which is not checked here. @throws {InvalidTransaction} */
export function withSignature(
  transaction: Transaction,
  signature: Uint8Array,
  hashes: Engines['hashes'],
): SignedTransaction {
  const parity = BigInt(signature[64]!)
  const v = transaction.type === 'legacy' ? BigInt(transaction.chainId) * 2n + 35n + parity : parity
  const items = [
    ...fieldsOf(transaction, hashes),
    minimalBytes(v),
    withoutLeadingZeros(signature.subarray(0, 32)),
    withoutLeadingZeros(signature.subarray(32, 64)),
  ]
  if (transaction.type === 'legacy') return signed(encode(items), null, hashes)
  const type = Uint8Array.of(TYPE_BYTES[transaction.type])
  const canonical = concatBytes(type, encode(items))
  const network =
    transaction.type === 'eip4844' ? concatBytes(type, encode([items, ...sidecarItems(transaction.sidecar)])) : null
  return signed(canonical, network, hashes)
}

/** @param network what is sent where that is more than what is hashed */
function signed(canonical: Uint8Array, network: Uint8Array | null, hashes: Engines['hashes']): SignedTransaction {
  return { raw: toHex(network ?? canonical), hash: toHex(hashes.keccak256(canonical)) }
}

/** The fields that are signed, without those that only EIP-155 adds. */
function fieldsOf(transaction: Transaction, hashes: Engines['hashes']): RlpItem[] {
  const { type, nonce, gasLimit, to, value, data } = transaction
  const middle = [
    unsigned(gasLimit, 64, 'gasLimit'),
    recipient(to),
    unsigned(value, 256, 'value'),
    fromHex(data, 'data'),
  ]
  const first = unsigned(nonce, 64, 'nonce')
  if (type === 'legacy') return [first, unsigned(transaction.gasPrice, 256, 'gasPrice'), ...middle]
  const head = [unsigned(BigInt(transaction.chainId), 64, 'chainId'), first]
  const list = accessListItem(transaction.accessList ?? [])
  if (type === 'eip2930') return [...head, unsigned(transaction.gasPrice, 256, 'gasPrice'), ...middle, list]
  if (transaction.maxPriorityFeePerGas > transaction.maxFeePerGas)
    throw new InvalidTransaction('the tip is greater than the fee limit')
  const tipped = [
    ...head,
    unsigned(transaction.maxPriorityFeePerGas, 256, 'maxPriorityFeePerGas'),
    unsigned(transaction.maxFeePerGas, 256, 'maxFeePerGas'),
    ...middle,
    list,
  ]
  switch (type) {
    case 'eip1559':
      return tipped
    case 'eip4844': {
      if (to === null) throw new InvalidTransaction('a transaction with blobs cannot create a contract')
      const blobHashes = versionedHashesOf(transaction.sidecar, hashes)
      return [...tipped, unsigned(transaction.maxFeePerBlobGas, 256, 'maxFeePerBlobGas'), blobHashes]
    }
    case 'eip7702':
      if (to === null) throw new InvalidTransaction('a transaction with authorizations cannot create a contract')
      if (transaction.authorizationList.length === 0) throw new InvalidTransaction('there are no authorizations in it')
      return [...tipped, transaction.authorizationList.map(authorizationItem)]
  }
}

const NOTHING = new Uint8Array(0)

const recipient = (to: Hex | null): Uint8Array => (to === null ? NOTHING : fromHex(to, 'to', 20))

function accessListItem(entries: readonly AccessListEntry[]): RlpItem[] {
  return entries.map(({ address, storageKeys }) => [
    fromHex(address, 'accessList.address', 20),
    storageKeys.map((key) => fromHex(key, 'accessList.storageKeys', 32)),
  ])
}

function unsigned(value: bigint, bits: number, what: string): Uint8Array {
  if (value < 0n || value >= 1n << BigInt(bits)) throw new InvalidTransaction(`${what} does not fit into ${bits} bits`)
  return minimalBytes(value)
}

function withoutLeadingZeros(bytes: Uint8Array): Uint8Array {
  let from = 0
  while (from < bytes.length && bytes[from] === 0) from++
  return bytes.slice(from)
}

export class InvalidTransaction extends WalletError {
  constructor(reason: string) {
    super(
      { name: 'Signing.InvalidTransaction', code: 'INVALID_TRANSACTION', kind: 'usage' },
      `This is not a transaction that can be signed: ${reason}.`,
    )
  }
}
