/** The RLP execution header (Yellow Paper §4.3 and the EIPs that extended it). @module */
import { toHex } from '../../data/hex.ts'
import { asBytes, asList, asNumber, decode, RlpError, type RlpItem } from '../../data/rlp.ts'
import type { Hex } from './evidence.ts'

/** Fields that a fork added are null in headers from before it. Numbers are bigints, everything else is hex. */
export interface ExecutionHeader {
  readonly parentHash: Hex
  readonly sha3Uncles: Hex
  readonly miner: Hex
  readonly stateRoot: Hex
  readonly transactionsRoot: Hex
  readonly receiptsRoot: Hex
  readonly logsBloom: Hex
  readonly difficulty: bigint
  readonly number: bigint
  readonly gasLimit: bigint
  readonly gasUsed: bigint
  /** Seconds since the Unix epoch. */
  readonly timestamp: bigint
  readonly extraData: Hex
  readonly mixHash: Hex
  readonly nonce: Hex
  /** wei */
  readonly baseFeePerGas: bigint | null
  readonly withdrawalsRoot: Hex | null
  readonly blobGasUsed: bigint | null
  readonly excessBlobGas: bigint | null
  readonly parentBeaconBlockRoot: Hex | null
  readonly requestsHash: Hex | null
  readonly blockAccessListHash: Hex | null
  readonly slotNumber: bigint | null
}

type Kind = number | 'number' | 'extra'

/** Field kinds in order: a number of bytes, an unsigned number, or up to 32 bytes of extra data. */
const BASE_FIELDS: readonly [string, Kind][] = [
  ['parentHash', 32],
  ['sha3Uncles', 32],
  ['miner', 20],
  ['stateRoot', 32],
  ['transactionsRoot', 32],
  ['receiptsRoot', 32],
  ['logsBloom', 256],
  ['difficulty', 'number'],
  ['number', 'number'],
  ['gasLimit', 'number'],
  ['gasUsed', 'number'],
  ['timestamp', 'number'],
  ['extraData', 'extra'],
  ['mixHash', 32],
  ['nonce', 8],
]

/** What each fork appended. A header has the fields of all forks up to its own, none missing and none more. */
const APPENDED: readonly [fork: string, fields: readonly [string, Kind][]][] = [
  ['london', [['baseFeePerGas', 'number']]],
  ['shanghai', [['withdrawalsRoot', 32]]],
  [
    'cancun',
    [
      ['blobGasUsed', 'number'],
      ['excessBlobGas', 'number'],
      ['parentBeaconBlockRoot', 32],
    ],
  ],
  ['prague', [['requestsHash', 32]]],
  [
    'amsterdam',
    [
      ['blockAccessListHash', 32],
      ['slotNumber', 'number'],
    ],
  ],
]

/** Header layouts by number of fields. */
export const HEADER_LAYOUTS: readonly { readonly fork: string; readonly fields: readonly [string, Kind][] }[] = [
  { fork: 'frontier', fields: BASE_FIELDS },
  ...APPENDED.map(([fork], i) => ({
    fork,
    fields: [...BASE_FIELDS, ...APPENDED.slice(0, i + 1).flatMap(([, fields]) => fields)],
  })),
]

/** Decodes a header strictly. The caller has checked, or will check, keccak256 of these very bytes. @throws {RlpError} */
export function decodeExecutionHeader(bytes: Uint8Array): ExecutionHeader {
  const items = asList(decode(bytes), 'the header')
  const layout = HEADER_LAYOUTS.find(({ fields }) => fields.length === items.length)
  if (!layout) throw new RlpError(`a header has ${items.length} fields, which is no fork's layout`)
  const values = new Map<string, RlpItem>()
  layout.fields.forEach(([name, kind], i) => {
    const item = items[i]
    if (kind === 'number') asNumber(item, name)
    else if (kind === 'extra') {
      if (asBytes(item, name).length > 32) throw new RlpError('extraData is longer than 32 bytes')
    } else asBytes(item, name, kind)
    values.set(name, item!)
  })
  const hash = (name: string) => toHex(asBytes(values.get(name), name))
  const number = (name: string) => asNumber(values.get(name), name)
  const laterHash = (name: string) => (values.has(name) ? hash(name) : null)
  const laterNumber = (name: string) => (values.has(name) ? number(name) : null)
  return {
    parentHash: hash('parentHash'),
    sha3Uncles: hash('sha3Uncles'),
    miner: hash('miner'),
    stateRoot: hash('stateRoot'),
    transactionsRoot: hash('transactionsRoot'),
    receiptsRoot: hash('receiptsRoot'),
    logsBloom: hash('logsBloom'),
    difficulty: number('difficulty'),
    number: number('number'),
    gasLimit: number('gasLimit'),
    gasUsed: number('gasUsed'),
    timestamp: number('timestamp'),
    extraData: hash('extraData'),
    mixHash: hash('mixHash'),
    nonce: hash('nonce'),
    baseFeePerGas: laterNumber('baseFeePerGas'),
    withdrawalsRoot: laterHash('withdrawalsRoot'),
    blobGasUsed: laterNumber('blobGasUsed'),
    excessBlobGas: laterNumber('excessBlobGas'),
    parentBeaconBlockRoot: laterHash('parentBeaconBlockRoot'),
    requestsHash: laterHash('requestsHash'),
    blockAccessListHash: laterHash('blockAccessListHash'),
    slotNumber: laterNumber('slotNumber'),
  }
}
