/**
 * Everything the liar can say, one entry per lie. Lies are pure: a question or an answer goes in, a changed one comes
 * out. A lie about a question asks the honest node something else and lets the answer pass for the answer.
 * @module
 */
import type {
  BeaconAsk,
  BeaconItem,
  CommitteeJson,
  Delivery,
  HeaderJson,
  LightClientJson,
  LogJson,
  Memory,
  ProofJson,
  ReceiptJson,
  RpcAsk,
} from './answers.ts'

export interface Lie {
  /** In words, for logs and test names. */
  readonly words: string
  /** Resources and methods whose answers it changes; `everything` for lies about the transport. */
  readonly affects: readonly string[]
  readonly beaconAsk?: (ask: BeaconAsk) => BeaconAsk
  readonly beaconAnswer?: (items: readonly BeaconItem[], ask: BeaconAsk, memory: Memory) => readonly BeaconItem[]
  readonly rpcAsk?: (ask: RpcAsk, memory: Memory) => RpcAsk
  /** `result` is what the node answered, decoded; errors of the node pass unchanged. */
  readonly rpcAnswer?: (result: unknown, ask: RpcAsk, memory: Memory) => unknown
  readonly delivery?: (body: Uint8Array, type: string) => Delivery
}

const ALL_OBJECTS = ['bootstrap', 'updates', 'finality_update', 'optimistic_update'] as const
const SIGNED_OBJECTS = ['updates', 'finality_update', 'optimistic_update'] as const
const EVERYTHING = ['everything'] as const

/** An account that exists and is not the one asked about. */
const OTHER_ACCOUNT = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const YET_ANOTHER_ACCOUNT = '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc'
/** A valid point of the signature group that signs nothing here: the group's generator, compressed. */
const G2_GENERATOR =
  '0x93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e' +
  '024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8'
const FLOOD_BYTES = 64 * 1024 * 1024

export const LIES = {
  honest: { words: 'the truth', affects: [] },
  'balance-times-million': {
    words: 'a balance a million times as high',
    affects: ['eth_getProof', 'eth_getBalance'],
    rpcAnswer: (result, { method }) => {
      if (method === 'eth_getBalance') return timesMillion(result as string)
      if (method !== 'eth_getProof') return result
      const proof = result as ProofJson
      return { ...proof, balance: timesMillion(proof.balance) }
    },
  },
  'swapped-address': {
    words: 'the proof of another account under the name of the one asked for',
    affects: ['eth_getProof'],
    rpcAsk: (ask) => {
      if (ask.method !== 'eth_getProof') return ask
      return { ...ask, params: [otherThan(ask.params[0]), ...ask.params.slice(1)] }
    },
    rpcAnswer: (result, { method, params }) =>
      method === 'eth_getProof' ? { ...(result as ProofJson), address: params[0] } : result,
  },
  'swapped-key': {
    words: 'the proofs of other storage slots under the names of those asked for',
    affects: ['eth_getProof'],
    rpcAsk: (ask) => {
      const keys = ask.params[1]
      if (ask.method !== 'eth_getProof' || !Array.isArray(keys)) return ask
      return { ...ask, params: [ask.params[0], keys.map((key) => nextKey(String(key))), ...ask.params.slice(2)] }
    },
    rpcAnswer: (result, { method, params }) => {
      const keys = params[1]
      if (method !== 'eth_getProof' || !Array.isArray(keys)) return result
      const proof = result as ProofJson
      return { ...proof, storageProof: proof.storageProof.map((entry, i) => ({ ...entry, key: String(keys[i]) })) }
    },
  },
  'fewer-storage-proofs': {
    words: 'one storage proof fewer than asked for',
    affects: ['eth_getProof'],
    rpcAnswer: (result, { method }) => {
      if (method !== 'eth_getProof') return result
      const proof = result as ProofJson
      return { ...proof, storageProof: proof.storageProof.slice(0, -1) }
    },
  },
  stale: {
    words: 'what was true some time ago',
    affects: ['updates', 'finality_update', 'optimistic_update', 'eth_getProof', 'eth_getBalance', 'eth_blockNumber'],
    beaconAsk: (ask) => (ask.resource === 'updates' ? { ...ask, startPeriod: Math.max(0, ask.startPeriod - 1) } : ask),
    beaconAnswer: (items, { resource }, memory) =>
      resource === 'finality_update' || resource === 'optimistic_update' ? (memory.items[resource] ?? items) : items,
    rpcAsk: (ask, memory) => atBlock(ask, memory.oldBlock),
    rpcAnswer: (result, { method }, memory) => (method === 'eth_blockNumber' ? memory.oldBlock : result),
  },
  'wrong-branch': {
    words: 'a Merkle branch with one flipped bit',
    affects: ALL_OBJECTS,
    beaconAnswer: eachData((data, { resource }) => {
      if (resource === 'optimistic_update') return onHeader(data, (header) => flipBranch(header, 'execution_branch'))
      if (resource === 'bootstrap') return flipBranch(data, 'current_sync_committee_branch')
      return flipBranch(data, resource === 'updates' ? 'next_sync_committee_branch' : 'finality_branch')
    }),
  },
  'wrong-signature': {
    words: 'a well-formed signature of something else',
    affects: SIGNED_OBJECTS,
    beaconAnswer: eachData((data) =>
      data.sync_aggregate
        ? { ...data, sync_aggregate: { ...data.sync_aggregate, sync_committee_signature: G2_GENERATOR } }
        : data,
    ),
  },
  'wrong-committee': {
    words: 'a sync committee with two keys swapped',
    affects: ['bootstrap', 'updates'],
    beaconAnswer: eachData((data) => ({
      ...data,
      ...(data.current_sync_committee ? { current_sync_committee: swapKeys(data.current_sync_committee) } : {}),
      ...(data.next_sync_committee ? { next_sync_committee: swapKeys(data.next_sync_committee) } : {}),
    })),
  },
  'wrong-execution': {
    words: 'an execution block the beacon block does not contain',
    affects: ALL_OBJECTS,
    beaconAnswer: eachData((data) =>
      onHeader(data, (header) => {
        // From Gloas on there is only the hash of the execution block.
        const { execution, execution_block_hash: blockHash } = header
        if (!execution) return { ...header, execution_block_hash: flipBit(blockHash ?? '0x00') }
        return { ...header, execution: { ...execution, state_root: flipBit(execution.state_root ?? '0x00') } }
      }),
    ),
  },
  'wrong-digest': {
    words: 'true objects under the fork digest of another network',
    affects: ['updates (SSZ)'],
    beaconAnswer: (items) => items.map((item) => ({ ...item, digest: flipBit(item.digest) })),
  },
  'wrong-code': {
    words: 'code with one flipped bit',
    affects: ['eth_getCode'],
    rpcAnswer: (result, { method }) => (method === 'eth_getCode' ? flipBit(result as string) : result),
  },
  'forged-header': {
    words: 'a block whose state root was changed and whose hash was not',
    affects: ['eth_getBlockByHash', 'eth_getBlockByNumber'],
    rpcAnswer: (result, { method }) => {
      if (!isRecord(result) || !method.startsWith('eth_getBlockBy')) return result
      return { ...result, stateRoot: flipBit(String(result.stateRoot)) }
    },
  },
  'forged-receipt': {
    words: 'receipts whose status is the opposite',
    affects: ['eth_getTransactionReceipt', 'eth_getBlockReceipts'],
    rpcAnswer: eachReceipt((receipt) => ({ ...receipt, status: receipt.status === '0x1' ? '0x0' : '0x1' })),
  },
  'omitted-log': {
    words: 'receipts and log lists without their last log',
    affects: ['eth_getTransactionReceipt', 'eth_getBlockReceipts', 'eth_getLogs'],
    rpcAnswer: (result, ask, memory) => {
      if (ask.method === 'eth_getLogs' && Array.isArray(result)) return (result as LogJson[]).slice(0, -1)
      return withoutLastLog(result, ask, memory)
    },
  },
  'wrong-hash': {
    words: 'another hash for the transaction that was sent',
    affects: ['eth_sendRawTransaction'],
    rpcAnswer: (result, { method }) => (method === 'eth_sendRawTransaction' ? flipBit(result as string) : result),
  },
  truncated: {
    words: 'the first half of the answer',
    affects: EVERYTHING,
    delivery: (body) => ({ way: 'whole', body: body.subarray(0, body.length >> 1) }),
  },
  oversized: {
    words: 'the answer followed by 64 MiB of padding',
    affects: EVERYTHING,
    delivery: (body, type) => ({
      way: 'flood',
      body,
      padding: type === 'application/json' ? 0x20 : 0,
      bytes: FLOOD_BYTES,
    }),
  },
  slow: { words: 'the answer, byte by byte', affects: EVERYTHING, delivery: (body) => ({ way: 'drip', body }) },
  silent: { words: 'nothing, for ever', affects: EVERYTHING, delivery: () => ({ way: 'never' }) },
  'not-json': {
    words: 'a web page',
    affects: EVERYTHING,
    delivery: () => ({ way: 'whole', body: new TextEncoder().encode('<!doctype html><title>Welcome</title>') }),
  },
} as const satisfies Record<string, Lie>

export type LiarMode = keyof typeof LIES
export const LIAR_MODES = Object.keys(LIES) as readonly LiarMode[]
export const isLiarMode = (mode: unknown): mode is LiarMode => typeof mode === 'string' && Object.hasOwn(LIES, mode)

/** Where the block stands among the parameters of methods that read at a block. */
const BLOCK_PARAMETER: Readonly<Record<string, number>> = {
  eth_getProof: 2,
  eth_getStorageAt: 2,
  eth_getBalance: 1,
  eth_getCode: 1,
  eth_getTransactionCount: 1,
  eth_call: 1,
  eth_getBlockByNumber: 0,
  eth_getBlockReceipts: 0,
}

function atBlock(ask: RpcAsk, block: string): RpcAsk {
  if (ask.method === 'eth_getBlockByHash')
    return { method: 'eth_getBlockByNumber', params: [block, ...ask.params.slice(1)] }
  const at = BLOCK_PARAMETER[ask.method]
  return at === undefined ? ask : { ...ask, params: [...ask.params.slice(0, at), block, ...ask.params.slice(at + 1)] }
}

function eachData(change: (data: LightClientJson, ask: BeaconAsk) => LightClientJson): Lie['beaconAnswer'] {
  return (items, ask) => items.map((item) => ({ ...item, data: change(item.data, ask) }))
}

function eachReceipt(change: (receipt: ReceiptJson) => ReceiptJson): NonNullable<Lie['rpcAnswer']> {
  return (result, { method }) => {
    if (method === 'eth_getTransactionReceipt' && result !== null) return change(result as ReceiptJson)
    if (method === 'eth_getBlockReceipts' && Array.isArray(result)) return (result as ReceiptJson[]).map(change)
    return result
  }
}

function withoutLastLog(result: unknown, ask: RpcAsk, memory: Memory): unknown {
  return eachReceipt((receipt) => ({ ...receipt, logs: receipt.logs.slice(0, -1) }))(result, ask, memory)
}

function onHeader(data: LightClientJson, change: (header: HeaderJson) => HeaderJson): LightClientJson {
  if (data.header) return { ...data, header: change(data.header) }
  return data.attested_header ? { ...data, attested_header: change(data.attested_header) } : data
}

function flipBranch<T extends object, K extends keyof T>(object: T, key: K): T {
  const branch = object[key] as string[] | undefined
  const [lowest = '0x00', ...others] = branch ?? []
  return branch ? { ...object, [key]: [flipBit(lowest), ...others] } : object
}

/** Swaps the first key with the first one that differs from it. */
function swapKeys(committee: CommitteeJson): CommitteeJson {
  const pubkeys = [...committee.pubkeys]
  const first = pubkeys[0] ?? ''
  const other = pubkeys.findIndex((key) => key !== first)
  if (other < 0) return committee
  pubkeys[0] = pubkeys[other] ?? ''
  pubkeys[other] = first
  return { ...committee, pubkeys }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** An empty account is said to own a million wei, so that this is never the truth. */
function timesMillion(balance: string): string {
  return `0x${((BigInt(balance) || 1n) * 1_000_000n).toString(16)}`
}
function otherThan(address: unknown): string {
  return String(address).toLowerCase() === OTHER_ACCOUNT ? YET_ANOTHER_ACCOUNT : OTHER_ACCOUNT
}
function nextKey(key: string): string {
  return `0x${BigInt.asUintN(256, BigInt(key) + 1n)
    .toString(16)
    .padStart(64, '0')}`
}
/** Flips the lowest bit of the last byte. */
function flipBit(hex: string): string {
  if (hex.length < 4) return '0x01'
  return hex.slice(0, -1) + (Number.parseInt(hex.slice(-1), 16) ^ 1).toString(16)
}
