/** State evidence of recent blocks, and code whichever block it was seen at, so that calls ask once. @module */
import { type EvidenceRequest, type Hex, keyOf } from '../ledgers/ethereum/evidence.ts'
import { addTo, type StateList } from './call-state.ts'

type StateRequest = EvidenceRequest & { readonly type: 'state' }

/** What is held about one block. The arrays are the very ones that were verified: verifying them again costs nothing. */
export interface BlockState {
  readonly evidence: ReadonlyMap<string, Uint8Array>
  readonly list: StateList
  /** Accounts and slots together. */
  readonly size: number
  has(address: Hex): boolean
  put(request: StateRequest, bytes: Uint8Array): void
}

export interface StateCache {
  at(blockHash: Hex): BlockState
  putCode(address: Hex, codeHash: Hex, code: Uint8Array): void
  /** Whether the code an account had when it was last seen is held. */
  knowsCode(address: Hex): boolean
  /** Adds that code to evidence about a block; if the account has another by then, execution will ask for it. */
  seedCode(address: Hex, blockHash: Hex, evidence: Map<string, Uint8Array>): void
}

/** A head and those just before it, so that calls under way at a change of head do not start over. */
const MAX_BLOCKS = 4
const MAX_BLOCK_BYTES = 4 * 1024 * 1024
const MAX_CODE_BYTES = 8 * 1024 * 1024

export function createStateCache(): StateCache {
  const blocks = new Map<Hex, BlockState>()
  const codeOf = new Map<Hex, Hex>()
  /** By hash, least recently used first. */
  const codes = new Map<Hex, Uint8Array>()
  let codeBytes = 0

  return {
    at(blockHash) {
      const block = blocks.get(blockHash) ?? createBlockState()
      blocks.delete(blockHash)
      blocks.set(blockHash, block)
      if (blocks.size > MAX_BLOCKS) blocks.delete(blocks.keys().next().value!)
      return block
    },
    putCode(address, codeHash, code) {
      codeOf.set(address, codeHash)
      if (!codes.has(codeHash)) codeBytes += code.length
      codes.set(codeHash, code)
      for (const [hash, oldest] of codes) {
        if (codeBytes <= MAX_CODE_BYTES) break
        codes.delete(hash)
        codeBytes -= oldest.length
      }
      for (const [owner, hash] of codeOf) if (!codes.has(hash)) codeOf.delete(owner)
    },
    knowsCode: (address) => codeOf.has(address),
    seedCode(address, blockHash, evidence) {
      const codeHash = codeOf.get(address)
      const code = codeHash && codes.get(codeHash)
      if (!codeHash || !code || code.length === 0) return
      codes.delete(codeHash)
      codes.set(codeHash, code)
      evidence.set(keyOf({ type: 'code', blockHash, address, codeHash }), code)
    },
  }
}

function createBlockState(): BlockState {
  const evidence = new Map<string, Uint8Array>()
  const list: StateList = new Map()
  let bytes = 0
  return {
    evidence,
    list,
    get size() {
      let items = 0
      for (const slots of list.values()) items += 1 + slots.size
      return items
    },
    has: (address) => list.has(address),
    put(request, answer) {
      if (bytes + answer.length > MAX_BLOCK_BYTES) return
      bytes += answer.length
      evidence.set(keyOf(request), answer)
      for (const { address, slots } of request.accounts) addTo(list, address, slots)
    },
  }
}
