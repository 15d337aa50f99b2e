/**
 * Reads the consensus encoding of a transaction (legacy, EIP-2930, EIP-1559, EIP-4844, EIP-7702) and recovers who
 * signed it. The bytes are proven before they come here; reading them is strict all the same.
 * @module
 */
import type { Engines } from '@glowworm/wasm-core'
import { concatBytes, minimalBytes, toHex } from '../../data/hex.ts'
import { asBytes, asList, asNumber, decode, encode, type RlpItem } from '../../data/rlp.ts'
import { GlowwormError } from '../../errors.ts'
import type { Hex } from './evidence.ts'

export interface AccessListEntry {
  readonly address: Hex
  readonly storageKeys: readonly Hex[]
}

/** A signed permission to run code in an account's name (EIP-7702). */
export interface Authorization {
  readonly chainId: bigint
  readonly address: Hex
  readonly nonce: bigint
  readonly yParity: bigint
  readonly r: bigint
  readonly s: bigint
}

export interface DecodedTransaction {
  readonly type: number
  /** Null for a legacy transaction without EIP-155. */
  readonly chainId: bigint | null
  readonly nonce: bigint
  /** Of legacy and EIP-2930 transactions. */
  readonly gasPrice: bigint | null
  readonly maxFeePerGas: bigint | null
  readonly maxPriorityFeePerGas: bigint | null
  readonly maxFeePerBlobGas: bigint | null
  readonly blobVersionedHashes: readonly Hex[] | null
  readonly gasLimit: bigint
  readonly to: Hex | null
  readonly value: bigint
  readonly data: Hex
  readonly accessList: readonly AccessListEntry[] | null
  readonly authorizationList: readonly Authorization[] | null
  readonly from: Hex
  /** As JSON-RPC shows it: 27/28 or EIP-155 for legacy, the parity for the others. */
  readonly v: bigint
  readonly r: bigint
  readonly s: bigint
}

/** Number of unsigned fields of each typed transaction. */
const FIELDS: Readonly<Record<number, number>> = { 1: 8, 2: 9, 3: 11, 4: 10 }

/** @throws {InvalidTransaction} {@link RlpError} */
export function decodeTransaction(raw: Uint8Array, engines: Pick<Engines, 'hashes' | 'secp256k1'>): DecodedTransaction {
  const first = raw[0]
  if (first === undefined) throw new InvalidTransaction('there are no bytes')
  if (first >= 0xc0) return decodeLegacy(asList(decode(raw), 'the transaction', 9), engines)
  const count = FIELDS[first]
  if (count === undefined) throw new InvalidTransaction(`type ${first} is not known`)
  const items = asList(decode(raw.subarray(1)), 'the transaction', count + 3)
  const digest = engines.hashes.keccak256(concatBytes(Uint8Array.of(first), encode(items.slice(0, count))))
  const signature = signatureOf(items.slice(count))
  if (signature.v > 1n) throw new InvalidTransaction('the parity of its signature is neither 0 nor 1')
  // EIP-2930 has one price where the later kinds have tip and limit.
  const priced = first === 1
  const [gasLimit, to, value, data, accessList] = items.slice(priced ? 3 : 4)
  return {
    type: first,
    chainId: asNumber(items[0], 'chainId', 8),
    nonce: asNumber(items[1], 'nonce', 8),
    gasPrice: priced ? asNumber(items[2], 'gasPrice') : null,
    maxPriorityFeePerGas: priced ? null : asNumber(items[2], 'maxPriorityFeePerGas'),
    maxFeePerGas: priced ? null : asNumber(items[3], 'maxFeePerGas'),
    maxFeePerBlobGas: first === 3 ? asNumber(items[9], 'maxFeePerBlobGas') : null,
    blobVersionedHashes:
      first === 3 ? asList(items[10], 'blob hashes').map((hash) => toHex(asBytes(hash, 'blob hash', 32))) : null,
    gasLimit: asNumber(gasLimit, 'gasLimit', 8),
    to: recipientOf(to, first >= 3),
    value: asNumber(value, 'value'),
    data: toHex(asBytes(data, 'data')),
    accessList: accessListOf(accessList),
    authorizationList: first === 4 ? asList(items[9], 'authorizationList').map(authorizationOf) : null,
    from: signerOf(signature, Number(signature.v), digest, engines),
    ...signature,
  }
}

function decodeLegacy(items: readonly RlpItem[], engines: Pick<Engines, 'hashes' | 'secp256k1'>): DecodedTransaction {
  const signature = signatureOf(items.slice(6))
  const { v } = signature
  const chainId = v >= 35n ? (v - 35n) / 2n : null
  if (chainId === null && v !== 27n && v !== 28n) throw new InvalidTransaction(`v is ${v}`)
  const unsigned =
    chainId === null
      ? items.slice(0, 6)
      : [...items.slice(0, 6), minimalBytes(chainId), new Uint8Array(0), new Uint8Array(0)]
  const digest = engines.hashes.keccak256(encode(unsigned))
  return {
    type: 0,
    chainId,
    nonce: asNumber(items[0], 'nonce', 8),
    gasPrice: asNumber(items[1], 'gasPrice'),
    maxFeePerGas: null,
    maxPriorityFeePerGas: null,
    maxFeePerBlobGas: null,
    blobVersionedHashes: null,
    gasLimit: asNumber(items[2], 'gasLimit', 8),
    to: recipientOf(items[3], false),
    value: asNumber(items[4], 'value'),
    data: toHex(asBytes(items[5], 'data')),
    accessList: null,
    authorizationList: null,
    from: signerOf(signature, Number(chainId === null ? v - 27n : (v - 35n) % 2n), digest, engines),
    ...signature,
  }
}

function signatureOf(items: readonly RlpItem[]): { v: bigint; r: bigint; s: bigint } {
  return { v: asNumber(items[0], 'v'), r: asNumber(items[1], 'r'), s: asNumber(items[2], 's') }
}

function signerOf(
  signature: { r: bigint; s: bigint },
  parity: number,
  digest: Uint8Array,
  engines: Pick<Engines, 'hashes' | 'secp256k1'>,
): Hex {
  const bytes = new Uint8Array(65)
  const [r, s] = [minimalBytes(signature.r), minimalBytes(signature.s)]
  bytes.set(r, 32 - r.length)
  bytes.set(s, 64 - s.length)
  bytes[64] = parity
  const publicKey = engines.secp256k1.recover(bytes, digest)
  return toHex(engines.hashes.keccak256(publicKey.subarray(1)).subarray(12))
}

function recipientOf(item: RlpItem | undefined, required: boolean): Hex | null {
  const bytes = asBytes(item, 'to')
  if (bytes.length === 0 && !required) return null
  if (bytes.length !== 20) throw new InvalidTransaction(`its recipient has ${bytes.length} bytes, expected 20`)
  return toHex(bytes)
}

function accessListOf(item: RlpItem | undefined): AccessListEntry[] {
  return asList(item, 'accessList').map((entry) => {
    const [address, keys] = asList(entry, 'accessList entry', 2)
    return {
      address: toHex(asBytes(address, 'accessList address', 20)),
      storageKeys: asList(keys, 'storageKeys').map((key) => toHex(asBytes(key, 'storage key', 32))),
    }
  })
}

function authorizationOf(item: RlpItem): Authorization {
  const [chainId, address, nonce, yParity, r, s] = asList(item, 'authorization', 6)
  return {
    chainId: asNumber(chainId, 'chainId'),
    address: toHex(asBytes(address, 'authorization address', 20)),
    nonce: asNumber(nonce, 'nonce', 8),
    yParity: asNumber(yParity, 'yParity', 1),
    r: asNumber(r, 'r'),
    s: asNumber(s, 's'),
  }
}

/** Bytes that are no transaction of a known kind. */
export class InvalidTransaction extends GlowwormError {
  constructor(reason: string) {
    super(
      { name: 'Ethereum.InvalidTransaction', code: 'INVALID_TRANSACTION', kind: 'usage' },
      `not a transaction: ${reason}`,
    )
  }
}
