/**
 * The chain of the execution APIs' test suite, computed again from its genesis and blocks by @ethereumjs/vm: an
 * independent implementation gives the receipts and the state that the suite's files do not hold.
 */
import { type Block, createBlockFromRLP } from '@ethereumjs/block'
import { createCommonFromGethGenesis, parseGethGenesisState } from '@ethereumjs/common'
import { MerklePatriciaTrie } from '@ethereumjs/mpt'
import { RLP } from '@ethereumjs/rlp'
import { getMerkleStateProof, MerkleStateManager } from '@ethereumjs/statemanager'
import { bytesToHex, createAddressFromString, hexToBytes } from '@ethereumjs/util'
import { createVM, encodeReceipt, runBlock } from '@ethereumjs/vm'
import type { EvidenceSource, Hex, PeerRequest } from '@glowworm/light-client'
import { type AccountNodes, encodeStateAnswer } from '@glowworm/light-client/ledgers/ethereum/state-evidence'
import { NotAvailable } from '@glowworm/light-client/network/evidence-source'
import { nobleEngines } from '@glowworm/wasm-core'
import { vectorBytes, vectorJson, vectorText } from '../vector-files.ts'

const FOLDER = 'eth-rpc/execution-apis'

export interface ReplayedChain {
  readonly source: EvidenceSource
  readonly head: Hex
  readonly blocks: number
}

/** What is needed to read blob transactions; none is verified here, so no trusted setup is loaded. */
const unused = () => {
  throw new Error('no blob is verified in this test')
}
const kzg = {
  loadTrustedSetup: unused,
  blobToKzgCommitment: unused,
  computeBlobProof: unused,
  verifyProof: unused,
  verifyBlobProofBatch: unused,
  computeCells: unused,
  computeCellsAndProofs: unused,
  recoverCellsFromProofs: unused,
  recoverCellsAndProofs: unused,
  verifyCellKzgProofBatch: unused,
}

interface Kept {
  readonly header: Uint8Array
  readonly stateRoot: Uint8Array
  readonly transactions: Uint8Array[]
  readonly receipts: Uint8Array[]
  readonly withdrawals: Uint8Array[]
}

/** Every root of every block is checked by the VM on the way: a chain computed wrongly throws. */
export async function replayChain(): Promise<ReplayedChain> {
  const genesis = vectorJson<Parameters<typeof createCommonFromGethGenesis>[0]>(`${FOLDER}/genesis.json`)
  const common = createCommonFromGethGenesis(genesis, { chain: 'execution-apis', customCrypto: { kzg } })
  const state = new MerkleStateManager({ trie: new MerklePatriciaTrie({ useKeyHashing: true }), common })
  const vm = await createVM({ common, stateManager: state })
  await state.generateCanonicalGenesis(parseGethGenesisState(genesis))
  const kept = new Map<Hex, Kept>()
  const places = new Map<Hex, { blockHash: Hex; index: number }>()
  const genesisHeader = hexToBytes(answerIn(`${FOLDER}/debug_getRawHeader/get-genesis.io`) as Hex)
  let parent = hashOf(genesisHeader)
  kept.set(parent, {
    header: genesisHeader,
    stateRoot: await state.getStateRoot(),
    transactions: [],
    receipts: [],
    withdrawals: [],
  })
  let blocks = 0
  for (let rest = vectorBytes(`${FOLDER}/chain.rlp`); rest.length > 0; blocks++) {
    const { remainder } = RLP.decode(rest, true)
    const block: Block = createBlockFromRLP(rest.subarray(0, rest.length - remainder.length), {
      common,
      setHardfork: true,
    })
    rest = remainder
    const run = await runBlock(vm, {
      block,
      skipBlockValidation: true,
      skipHeaderValidation: true,
      setHardfork: true,
      skipHardForkValidation: true,
    })
    parent = bytesToHex(block.hash())
    kept.set(parent, {
      header: block.header.serialize(),
      stateRoot: block.header.stateRoot,
      transactions: block.transactions.map((transaction) => transaction.serialize()),
      receipts: run.receipts.map((receipt, i) => encodeReceipt(receipt, block.transactions[i]!.type)),
      withdrawals: (block.withdrawals ?? []).map((withdrawal) => RLP.encode(withdrawal.raw())),
    })
    block.transactions.forEach((transaction, index) => {
      places.set(bytesToHex(transaction.hash()), { blockHash: parent, index })
    })
  }
  return { source: sourceOver(kept, places, state), head: parent, blocks }
}

function sourceOver(
  kept: ReadonlyMap<Hex, Kept>,
  places: ReadonlyMap<Hex, { blockHash: Hex; index: number }>,
  state: MerkleStateManager,
): EvidenceSource {
  const description = { id: 'file:chain.rlp', carrier: 'file', words: 'the replayed chain' } as const
  const stateAfter = async ({ stateRoot }: Kept) => {
    const at = state.shallowCopy(false)
    await at.setStateRoot(stateRoot)
    return at
  }
  const answer = async (request: PeerRequest): Promise<Uint8Array> => {
    if (request.type === 'transaction_location') {
      const place = places.get(request.transactionHash)
      if (!place) return new Uint8Array(0)
      const bytes = new Uint8Array(36)
      bytes.set(hexToBytes(place.blockHash))
      new DataView(bytes.buffer).setUint32(32, place.index)
      return bytes
    }
    const block = 'blockHash' in request ? kept.get(request.blockHash) : undefined
    if (!block) throw new NotAvailable(description.words, request.type)
    switch (request.type) {
      case 'execution_header':
        return block.header
      case 'transactions':
      case 'receipts':
      case 'withdrawals':
        return RLP.encode(block[request.type])
      case 'code':
        return (await stateAfter(block)).getCode(createAddressFromString(request.address))
      case 'account': {
        const { account, slots } = await proofOf(await stateAfter(block), request.address, request.slots)
        return RLP.encode([[...account], slots.map((nodes) => [...nodes])])
      }
      case 'state': {
        const at = await stateAfter(block)
        const proofs: AccountNodes[] = []
        const codes: Uint8Array[] = []
        for (const { address, slots, code } of request.accounts) {
          proofs.push(await proofOf(at, address, slots))
          if (code) codes.push(await at.getCode(createAddressFromString(address)))
        }
        return encodeStateAnswer(proofs, codes)
      }
      default:
        throw new NotAvailable(description.words, request.type)
    }
  }
  return {
    description,
    serves: () => true,
    request: async (request) => ({ bytes: await answer(request), from: description }),
    close: async () => {},
  }
}

async function proofOf(state: MerkleStateManager, address: Hex, slots: readonly Hex[]): Promise<AccountNodes> {
  const keys = slots.map((slot) => hexToBytes(slot))
  const proof = await getMerkleStateProof(state, createAddressFromString(address), keys)
  const nodes = (list: readonly Hex[]) => list.map((node) => hexToBytes(node))
  // For an account that does not exist the library leaves the slots out.
  return { account: nodes(proof.accountProof), slots: slots.map((_, i) => nodes(proof.storageProof[i]?.proof ?? [])) }
}

export interface Case {
  readonly name: string
  readonly request: { readonly method: string; readonly params?: readonly unknown[] }
  readonly answer: { readonly result?: unknown; readonly error?: { readonly code: number; readonly message: string } }
  /** The suite itself compares these by their schema only. */
  readonly schemaOnly: boolean
}

/** An exchange of an `.io` file; nearly all have one. */
export function readCase(method: string, file: string, exchange = 0): Case {
  const text = vectorText(`${FOLDER}/${method}/${file}`)
  const line = (mark: string) =>
    JSON.parse(
      text
        .split('\n')
        .filter((one) => one.startsWith(mark))
        [exchange]!.slice(3),
    )
  return { name: `${method}/${file}`, request: line('>> '), answer: line('<< '), schemaOnly: text.includes('speconly') }
}

function answerIn(path: string): unknown {
  return JSON.parse(
    vectorText(path)
      .split('\n')
      .find((line) => line.startsWith('<< '))!
      .slice(3),
  ).result
}

const hashOf = (bytes: Uint8Array): Hex => bytesToHex(nobleEngines().hashes.keccak256(bytes))
