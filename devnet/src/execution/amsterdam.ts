/**
 * Amsterdam headers (Gloas' execution side) over blocks by anvil, which does not know that hard fork. Each block of a
 * Gloas slot is sealed again with the two new header fields, so that it has another hash; what leaves the chain speaks
 * of the new hashes, what comes in is translated back. Limits: the block access list hash is that of an empty list
 * whatever the block did, and contracts that look at earlier block hashes (BLOCKHASH, EIP-2935) see anvil's own.
 * @module
 */
import type { ExecutionBlock } from '../beacon/block.ts'

/** keccak256(0xc0): the hash of an empty list. */
const EMPTY_BLOCK_ACCESS_LIST = '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347'

interface Seal {
  readonly hash: string
  readonly slotNumber: string
}

export interface Resealer {
  /** Seals a block of a Gloas slot; the parent must have been sealed before if it lies in one. */
  seal(block: ExecutionBlock, slot: number): Promise<ExecutionBlock>
  /** Translates what the node says: answers to JSON-RPC, decoded. */
  outward(value: unknown): unknown
  /** Translates what is asked of the node: parameters of JSON-RPC. */
  inward(value: unknown): unknown
}

export function createResealer(): Resealer {
  const seals = new Map<string, Seal>()
  const originals = new Map<string, string>()

  function outward(value: unknown): unknown {
    if (seals.size === 0) return value
    if (Array.isArray(value)) return value.map((entry) => (typeof entry === 'string' ? nameOf(entry) : outward(entry)))
    if (typeof value !== 'object' || value === null) return value
    const fields = Object.entries(value).map(([key, field]) => {
      if (key === 'storageProof' || key === 'accountProof') return [key, field]
      if (typeof field === 'string') return [key, NAMES_A_BLOCK.has(key) ? nameOf(field) : field]
      return [key, outward(field)]
    })
    const translated = Object.fromEntries(fields) as Record<string, unknown>
    const seal = 'stateRoot' in value && 'hash' in value ? seals.get(String(value.hash)) : undefined
    return seal ? { ...translated, ...newFields(seal) } : translated
  }
  const nameOf = (hash: string) => seals.get(hash)?.hash ?? hash

  function inward(value: unknown): unknown {
    if (seals.size === 0) return value
    if (typeof value === 'string') return originals.get(value) ?? value
    if (Array.isArray(value)) return value.map(inward)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, inward(field)]))
  }

  return {
    outward,
    inward,
    async seal(block, slot) {
      const slotNumber = `0x${slot.toString(16)}`
      const sealed = { ...block, parentHash: nameOf(block.parentHash), ...newFields({ hash: '', slotNumber }) }
      const hash = await hashOf(sealed)
      seals.set(block.hash, { hash, slotNumber })
      originals.set(hash, block.hash)
      return { ...sealed, hash }
    },
  }
}

const NAMES_A_BLOCK = new Set(['hash', 'blockHash', 'parentHash', 'result'])

function newFields({ slotNumber }: Seal) {
  return { blockAccessListHash: EMPTY_BLOCK_ACCESS_LIST, slotNumber }
}

/** keccak256 of the RLP of the 23 header fields. viem is loaded for Gloas only: it takes a while. */
async function hashOf(block: Readonly<Record<string, unknown>> | ExecutionBlock): Promise<string> {
  const { keccak256, toRlp } = await import('viem/utils')
  const fields = block as Readonly<Record<string, string>>
  const data = (name: string) => fields[name] as `0x${string}`
  const quantity = (name: string): `0x${string}` => {
    const digits = BigInt(fields[name]!).toString(16)
    return digits === '0' ? '0x' : `0x${digits.length % 2 ? '0' : ''}${digits}`
  }
  return keccak256(
    toRlp([
      ...['parentHash', 'sha3Uncles', 'miner', 'stateRoot', 'transactionsRoot', 'receiptsRoot', 'logsBloom'].map(data),
      ...['difficulty', 'number', 'gasLimit', 'gasUsed', 'timestamp'].map(quantity),
      ...['extraData', 'mixHash', 'nonce'].map(data),
      quantity('baseFeePerGas'),
      data('withdrawalsRoot'),
      ...['blobGasUsed', 'excessBlobGas'].map(quantity),
      ...['parentBeaconBlockRoot', 'requestsHash', 'blockAccessListHash'].map(data),
      quantity('slotNumber'),
    ]),
  )
}
