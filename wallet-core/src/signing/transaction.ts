/** EIP-1559 transactions: encoding, signing, and the hash they will be known by. */
import type { Hex } from '@glowworm/light-client'
import { concatBytes, fromHex, minimalBytes, toHex } from '@glowworm/light-client/data/hex'
import { encode, type RlpItem } from '@glowworm/light-client/data/rlp'
import type { Engines } from '@glowworm/wasm-core'
import { WalletError } from '../errors.ts'

export interface AccessListEntry {
  readonly address: Hex
  readonly storageKeys: readonly Hex[]
}

/** EIP-1559 `TransactionPayload`. Amounts in wei. */
export interface Eip1559Transaction {
  readonly chainId: number
  readonly nonce: bigint
  readonly maxPriorityFeePerGas: bigint
  readonly maxFeePerGas: bigint
  readonly gasLimit: bigint
  /** Null creates a contract. */
  readonly to: Hex | null
  readonly value: bigint
  readonly data: Hex
  readonly accessList?: readonly AccessListEntry[]
}

export interface SignedTransaction {
  readonly raw: Hex
  readonly hash: Hex
}

const TYPE = 0x02

/** 0x02 ‖ RLP of the nine unsigned fields: what is hashed and signed. @throws {InvalidTransaction} */
export function encodeUnsigned(transaction: Eip1559Transaction): Uint8Array {
  return concatBytes(Uint8Array.of(TYPE), encode(fieldsOf(transaction)))
}

/** Signs with `secretKey` (32 bytes, not kept). @throws {InvalidTransaction} */
export function signTransaction(
  transaction: Eip1559Transaction,
  secretKey: Uint8Array,
  engines: Pick<Engines, 'hashes' | 'secp256k1'>,
): SignedTransaction {
  const digest = engines.hashes.keccak256(encodeUnsigned(transaction))
  const signature = engines.secp256k1.sign(digest, secretKey)
  const raw = concatBytes(
    Uint8Array.of(TYPE),
    encode([
      ...fieldsOf(transaction),
      minimalBytes(BigInt(signature[64]!)),
      withoutLeadingZeros(signature.subarray(0, 32)),
      withoutLeadingZeros(signature.subarray(32, 64)),
    ]),
  )
  return { raw: toHex(raw), hash: toHex(engines.hashes.keccak256(raw)) }
}

function fieldsOf(transaction: Eip1559Transaction): RlpItem[] {
  if (transaction.maxPriorityFeePerGas > transaction.maxFeePerGas)
    throw new InvalidTransaction('the tip is greater than the fee limit')
  return [
    unsigned(BigInt(transaction.chainId), 64, 'chainId'),
    unsigned(transaction.nonce, 64, 'nonce'),
    unsigned(transaction.maxPriorityFeePerGas, 256, 'maxPriorityFeePerGas'),
    unsigned(transaction.maxFeePerGas, 256, 'maxFeePerGas'),
    unsigned(transaction.gasLimit, 64, 'gasLimit'),
    transaction.to === null ? new Uint8Array(0) : fromHex(transaction.to, 'to', 20),
    unsigned(transaction.value, 256, 'value'),
    fromHex(transaction.data, 'data'),
    (transaction.accessList ?? []).map(({ address, storageKeys }) => [
      fromHex(address, 'accessList.address', 20),
      storageKeys.map((key) => fromHex(key, 'accessList.storageKeys', 32)),
    ]),
  ]
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
