/**
 * Blocks, transactions and receipts as JSON-RPC writes them, put back into the bytes that consensus hashes. Nothing
 * is believed: a wrong translation or a false field gives bytes with another hash, which verifiers refuse.
 * @module
 */
import { concatBytes, fromHex, InvalidHex, minimalBytes, quantity } from '../../data/hex.ts'
import { encode, type RlpItem } from '../../data/rlp.ts'
import { HEADER_LAYOUTS } from '../../ledgers/ethereum/execution-header.ts'

type Json = Record<string, unknown>

/** RLP of a block header. The layout is the longest whose fields are all there. @throws {InvalidHex} */
export function encodeHeaderJson(block: Json): Uint8Array {
  const layout = HEADER_LAYOUTS.findLast(({ fields }) => fields.every(([name]) => present(block[name])))
  if (!layout) throw new InvalidHex('header', 'a field is missing')
  return encode(
    layout.fields.map(([name, kind]): RlpItem => {
      const value = block[name]
      if (kind === 'number') return minimalBytes(quantity(value, name))
      return fromHex(value, name, kind === 'extra' ? undefined : kind)
    }),
  )
}

/** EIP-2718 encoding of a transaction of types 0 to 4. @throws {InvalidHex} */
export function encodeTransactionJson(json: unknown): Uint8Array {
  const tx = object(json, 'transaction')
  const number = (name: string) => minimalBytes(quantity(tx[name], name))
  const to = present(tx.to) ? fromHex(tx.to, 'to', 20) : new Uint8Array(0)
  const data = fromHex(tx.input ?? tx.data, 'input')
  const signature = () => [minimalBytes(quantity(tx.yParity ?? tx.v, 'yParity')), number('r'), number('s')]
  const type = present(tx.type) ? Number(quantity(tx.type, 'type')) : 0
  switch (type) {
    case 0:
      return encode([
        number('nonce'),
        number('gasPrice'),
        number('gas'),
        to,
        number('value'),
        data,
        number('v'),
        number('r'),
        number('s'),
      ])
    case 1:
      return typed(1, [
        number('chainId'),
        number('nonce'),
        number('gasPrice'),
        number('gas'),
        to,
        number('value'),
        data,
        accessList(tx),
        ...signature(),
      ])
    case 2:
    case 3:
    case 4: {
      const shared = [
        number('chainId'),
        number('nonce'),
        number('maxPriorityFeePerGas'),
        number('maxFeePerGas'),
        number('gas'),
        to,
        number('value'),
        data,
        accessList(tx),
      ]
      if (type === 2) return typed(2, [...shared, ...signature()])
      if (type === 3) {
        const hashes = list(tx.blobVersionedHashes, 'blobVersionedHashes').map((hash) =>
          fromHex(hash, 'blobVersionedHash', 32),
        )
        return typed(3, [...shared, number('maxFeePerBlobGas'), hashes, ...signature()])
      }
      return typed(4, [...shared, list(tx.authorizationList, 'authorizationList').map(authorization), ...signature()])
    }
    default:
      throw new InvalidHex('transaction', `type ${type} is unknown`)
  }
}

/** Consensus encoding of a receipt. @throws {InvalidHex} */
export function encodeReceiptJson(json: unknown): Uint8Array {
  const receipt = object(json, 'receipt')
  const status = present(receipt.status)
    ? minimalBytes(quantity(receipt.status, 'status'))
    : fromHex(receipt.root, 'root', 32)
  const logs = list(receipt.logs, 'logs').map((entry): RlpItem => {
    const log = object(entry, 'log')
    return [
      fromHex(log.address, 'address', 20),
      list(log.topics, 'topics').map((topic) => fromHex(topic, 'topic', 32)),
      fromHex(log.data, 'data'),
    ]
  })
  const items = [
    status,
    minimalBytes(quantity(receipt.cumulativeGasUsed, 'cumulativeGasUsed')),
    fromHex(receipt.logsBloom, 'logsBloom', 256),
    logs,
  ]
  const type = present(receipt.type) ? Number(quantity(receipt.type, 'type')) : 0
  return type === 0 ? encode(items) : typed(type, items)
}

/** RLP of a withdrawal (EIP-4895). @throws {InvalidHex} */
export function encodeWithdrawalJson(json: unknown): Uint8Array {
  const withdrawal = object(json, 'withdrawal')
  const number = (name: string) => minimalBytes(quantity(withdrawal[name], name))
  return encode([
    number('index'),
    number('validatorIndex'),
    fromHex(withdrawal.address, 'address', 20),
    number('amount'),
  ])
}

function typed(type: number, items: readonly RlpItem[]): Uint8Array {
  return concatBytes(Uint8Array.of(type), encode(items))
}

function accessList(tx: Json): RlpItem {
  return list(tx.accessList ?? [], 'accessList').map((entry) => {
    const { address, storageKeys } = object(entry, 'accessList entry')
    return [
      fromHex(address, 'address', 20),
      list(storageKeys, 'storageKeys').map((key) => fromHex(key, 'storageKey', 32)),
    ]
  })
}

function authorization(entry: unknown): RlpItem {
  const item = object(entry, 'authorization')
  const number = (name: string) => minimalBytes(quantity(item[name], name))
  return [
    number('chainId'),
    fromHex(item.address, 'address', 20),
    number('nonce'),
    minimalBytes(quantity(item.yParity ?? item.v, 'yParity')),
    number('r'),
    number('s'),
  ]
}

const present = (value: unknown) => value !== undefined && value !== null

function object(value: unknown, what: string): Json {
  if (typeof value !== 'object' || value === null) throw new InvalidHex(what, 'expected an object')
  return value as Json
}

function list(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw new InvalidHex(what, 'expected a list')
  return value
}
