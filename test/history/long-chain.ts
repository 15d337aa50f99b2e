/** A chain of tens of thousands of headers whose states, at a few blocks, hold the hashes of past ones (EIP-2935). */
import { createMerkleProof, createMPT, type MerklePatriciaTrie } from '@ethereumjs/mpt'
import { RLP } from '@ethereumjs/rlp'
import { Account, hexToBytes, unpadBytes } from '@ethereumjs/util'
import type { EvidenceSource, Hex, PeerRequest } from '@glowworm/light-client'
import { minimalBytes, toHex } from '@glowworm/light-client/data/hex'
import { orderedTrieRoot } from '@glowworm/light-client/data/trie-root'
import { HISTORY_STORAGE_ADDRESS, historySlot } from '@glowworm/light-client/ledgers/ethereum/history-contract'
import { NotAvailable } from '@glowworm/light-client/network/evidence-source'
import type { Engines } from '@glowworm/wasm-core'

export interface LongChain {
  hash(number: number): Hex
  readonly transactions: readonly Uint8Array[]
  readonly receipts: readonly Uint8Array[]
  /** `archive` also has the states. */
  source(kind: 'archive' | 'headers'): EvidenceSource & { readonly asked: PeerRequest[] }
}

/**
 * @param states blocks whose state holds the hashes of the blocks named, at most 8,191 back
 * @param full the one block with content; all others are empty
 */
export async function buildLongChain(
  length: number,
  states: ReadonlyMap<number, readonly number[]>,
  full: {
    readonly number: number
    readonly transactions: Uint8Array[]
    readonly receipts: Uint8Array[]
    readonly logsBloom: Uint8Array
  },
  { hashes }: Engines,
): Promise<LongChain> {
  const empty = orderedTrieRoot([], hashes)
  const word = new Uint8Array(32)
  const headers: Uint8Array[] = []
  const raw: Uint8Array[] = []
  const numbers = new Map<Hex, number>()
  const state = new Map<number, { trie: MerklePatriciaTrie; storage: MerklePatriciaTrie }>()
  for (let number = 0; number <= length; number++) {
    const kept = states.get(number)
    if (kept) state.set(number, await historyState(kept.map((past) => [past, raw[past]!] as const)))
    const content = number === full.number ? full : null
    headers.push(
      RLP.encode([
        raw[number - 1] ?? word,
        hexToBytes('0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347'),
        new Uint8Array(20),
        state.get(number)?.trie.root() ?? word,
        content ? orderedTrieRoot(content.transactions, hashes) : empty,
        content ? orderedTrieRoot(content.receipts, hashes) : empty,
        content?.logsBloom ?? new Uint8Array(256),
        new Uint8Array(0),
        minimalBytes(BigInt(number)),
        minimalBytes(30_000_000n),
        new Uint8Array(0),
        minimalBytes(BigInt(1_700_000_000 + number * 12)),
        new Uint8Array(0),
        word,
        new Uint8Array(8),
        minimalBytes(7n),
      ]),
    )
    raw.push(hashes.keccak256(headers[number]!))
    numbers.set(toHex(raw[number]!), number)
  }

  const answer = async (request: PeerRequest, archive: boolean): Promise<Uint8Array> => {
    const number = 'blockHash' in request ? numbers.get(request.blockHash) : undefined
    if (number === undefined) throw new NotAvailable('the long chain', request.type)
    switch (request.type) {
      case 'execution_header':
        return headers[number]!
      case 'execution_headers':
        return RLP.encode(headers.slice(Math.max(0, number + 1 - request.count), number + 1).reverse())
      case 'transactions':
      case 'receipts':
        return RLP.encode(number === full.number ? full[request.type] : [])
      case 'account': {
        const tries = archive ? state.get(number) : undefined
        if (!tries) throw new NotAvailable('the long chain', 'that state')
        const proofs = await Promise.all(
          request.slots.map((slot) => createMerkleProof(tries.storage, hexToBytes(slot))),
        )
        return RLP.encode([await createMerkleProof(tries.trie, hexToBytes(request.address)), proofs])
      }
      default:
        throw new NotAvailable('the long chain', request.type)
    }
  }
  return {
    hash: (number) => toHex(raw[number]!),
    transactions: full.transactions,
    receipts: full.receipts,
    source(kind) {
      const description = { id: kind, carrier: 'file', words: `the long chain (${kind})` } as const
      const asked: PeerRequest[] = []
      return {
        description,
        asked,
        serves: (type) => type !== 'transaction_location',
        async request(request) {
          asked.push(request)
          return { bytes: await answer(request, kind === 'archive'), from: description }
        },
        close: async () => {},
      }
    },
  }
}

async function historyState(past: readonly (readonly [number, Uint8Array])[]) {
  const storage = await createMPT({ useKeyHashing: true })
  for (const [number, hash] of past)
    await storage.put(hexToBytes(historySlot(BigInt(number))), RLP.encode(unpadBytes(hash)))
  const trie = await createMPT({ useKeyHashing: true })
  await trie.put(hexToBytes(HISTORY_STORAGE_ADDRESS), new Account(1n, 0n, storage.root()).serialize())
  return { trie, storage }
}
