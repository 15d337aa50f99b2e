/** State of several accounts from an execution node, in one exchange where it takes several calls at once. @module */
import { fromHex } from '../../data/hex.ts'
import type { Hex } from '../../ledgers/ethereum/evidence.ts'
import { type AccountNodes, encodeStateAnswer, type StateRequest } from '../../ledgers/ethereum/state-evidence.ts'
import { MalformedAnswer, NotAvailable } from '../evidence-source.ts'

export interface StateNode {
  readonly source: string
  /** Calls of one method in one exchange; undefined for what the node left out or refused. */
  batch(method: string, list: readonly (readonly unknown[])[]): Promise<unknown[]>
  /** One call on the state after a block. */
  atBlock(method: string, params: readonly unknown[], blockHash: Hex): Promise<unknown>
}

export async function askState(node: StateNode, { blockHash, accounts }: StateRequest): Promise<Uint8Array> {
  const withCode = accounts.filter(({ code }) => code)
  const [proofs, codes] = await Promise.all([
    askEach(
      node,
      'eth_getProof',
      accounts.map(({ address, slots }) => [address, slots]),
      blockHash,
    ),
    askEach(
      node,
      'eth_getCode',
      withCode.map(({ address }) => [address]),
      blockHash,
    ),
  ])
  return encodeStateAnswer(
    proofs.map((proof, i) => readProof(node.source, proof, accounts[i]!.slots.length)),
    codes.map((code) => fromHex(code, 'code')),
  )
}

/** All at once, or one by one what cannot be had that way: not every node takes batches, or block hashes in them. */
async function askEach(
  node: StateNode,
  method: string,
  list: readonly unknown[][],
  blockHash: Hex,
): Promise<unknown[]> {
  const single = (params: readonly unknown[]) => node.atBlock(method, params, blockHash)
  if (list.length < 2) return Promise.all(list.map(single))
  const withBlock = list.map((params) => [...params, { blockHash }])
  const results = await node.batch(method, withBlock).catch((cause: unknown): unknown[] => {
    if (cause instanceof NotAvailable) return []
    throw cause
  })
  return Promise.all(list.map((params, i) => results[i] ?? single(params)))
}

/** No proof has as many nodes, and no answer as many proofs: what is longer was made to be long. */
const MAX_ENTRIES = 256

/** The proof nodes in an answer to `eth_getProof`. @throws {MalformedAnswer | InvalidHex} */
export function readProof(source: string, answer: unknown, slotCount: number): AccountNodes {
  const proof = answer as { accountProof?: unknown; storageProof?: { proof?: unknown }[] } | null
  const nodes = (list: unknown, what: string) => {
    if (!Array.isArray(list) || list.length > MAX_ENTRIES)
      throw new MalformedAnswer(source, `${what} is not a list of at most ${MAX_ENTRIES} nodes`)
    return list.map((node, i) => fromHex(node, `${what}[${i}]`))
  }
  const slots = proof?.storageProof ?? []
  if (!Array.isArray(slots) || slots.length > MAX_ENTRIES)
    throw new MalformedAnswer(source, `storageProof is not a list of at most ${MAX_ENTRIES} proofs`)
  // Some nodes leave the proofs out where the account does not exist: none of its slots needs a node then.
  const storage = slots.length > 0 ? slots : Array.from({ length: slotCount }, () => ({ proof: [] }))
  return {
    account: nodes(proof?.accountProof, 'accountProof'),
    slots: storage.map((entry) => nodes(entry?.proof, 'storageProof.proof')),
  }
}
