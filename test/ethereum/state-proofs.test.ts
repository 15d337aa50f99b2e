/** Recorded mainnet proofs through the pure proof functions, with both engines. */
import { fromHex, toHex } from '@glowworm/light-client/data/hex'
import { encode } from '@glowworm/light-client/data/rlp'
import { orderedTrieRoot } from '@glowworm/light-client/data/trie-root'
import {
  decodeStateProof,
  EMPTY_CODE_HASH,
  InvalidStateProof,
  verifyAccount,
  verifyCode,
  verifySlot,
  verifySlots,
} from '@glowworm/light-client/ledgers/ethereum/contract'
import type { Hex } from '@glowworm/light-client/ledgers/ethereum/evidence'
import { decodeExecutionHeader } from '@glowworm/light-client/ledgers/ethereum/execution-header'
import {
  encodeHeaderJson,
  encodeReceiptJson,
  encodeTransactionJson,
} from '@glowworm/light-client/network/http/execution-json'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ENGINES } from '../engines.ts'
import { describeVectors, vectorJson, vectorNames, vectorText } from '../vectors.ts'

interface Proof {
  address: Hex
  accountProof: Hex[]
  balance: Hex
  nonce: Hex
  codeHash: Hex
  storageHash: Hex
  storageProof: { key: Hex; value: Hex; proof: Hex[] }[]
}
type Block = Record<string, unknown> & {
  hash: Hex
  stateRoot: Hex
  receiptsRoot: Hex
  transactionsRoot: Hex
  number: Hex
}

const bytes = (nodes: readonly Hex[]) => nodes.map((node) => fromHex(node, 'node'))
const word = (value: string) => `0x${BigInt(value).toString(16).padStart(64, '0')}` as Hex

describeVectors('recorded proofs', () => {
  describe.each(ENGINES)('%s', (_, load) => {
    const cases: [string, string, string][] = [
      ['helios deposit contract', 'eth-proofs/helios-rpc/proof.json', 'eth-proofs/helios-rpc/block.json'],
      ['helios miner', 'eth-proofs/helios-rpc/block_miner_proof.json', 'eth-proofs/helios-rpc/block.json'],
      [
        'nimbus WETH',
        'eth-proofs/nimbus-verified-proxy/storage_proof.json',
        'eth-proofs/nimbus-verified-proxy/proof_block.json',
      ],
    ]
    it.each(cases)('%s: account and slots', async (_name, proofFile, blockFile) => {
      const engines = await load()
      const proof = vectorJson<Proof>(proofFile)
      const { stateRoot } = vectorJson<Block>(blockFile)
      const account = verifyAccount(stateRoot, proof.address, bytes(proof.accountProof), engines)
      expect(account).toEqual({
        address: proof.address,
        exists: true,
        balance: BigInt(proof.balance),
        nonce: BigInt(proof.nonce),
        codeHash: proof.codeHash,
        storageRoot: proof.storageHash,
      })
      for (const { key, value, proof: nodes } of proof.storageProof)
        expect(verifySlot(account.storageRoot, word(key), bytes(nodes), engines)).toBe(word(value))
      const keys = proof.storageProof.map(({ key }) => word(key))
      const proofs = proof.storageProof.map(({ proof: nodes }) => bytes(nodes))
      const values = proof.storageProof.map(({ value }) => word(value))
      expect(verifySlots(account.storageRoot, keys, proofs, engines)).toEqual(values)
      // The proof is bound to the address that was asked for, not to the one the answer names.
      const other = `0x${'11'.repeat(20)}` as Hex
      expect(() => verifyAccount(stateRoot, other, bytes(proof.accountProof), engines)).toThrow(InvalidStateProof)
    })

    it('slots of one account: shared nodes once, each needed one there, no other', async () => {
      const engines = await load()
      const { storageHash, storageProof } = vectorJson<{ result: Proof }>(
        'eth-lightclient/colibri-mainnet/eth_getProof2/eth_getProof_0xB685760EBD368a891F27ae547391F4E2A289895b___0x0000000000000000000000000000000000000000.json',
      ).result
      const keys = storageProof.map(({ key }) => word(key))
      const proofs = storageProof.map(({ proof }) => bytes(proof))
      const values = storageProof.map(({ value }) => word(value))
      expect(keys.length).toBeGreaterThan(1)
      expect(verifySlots(storageHash, keys, proofs, engines)).toEqual(values)
      const missing = proofs.with(-1, proofs.at(-1)!.slice(0, -1))
      expect(() => verifySlots(storageHash, keys, missing, engines)).toThrow(InvalidStateProof)
      const surplus = proofs.with(0, [...proofs[0]!, fromHex('0xc0', 'node')])
      expect(() => verifySlots(storageHash, keys, surplus, engines)).toThrow(InvalidStateProof)
      // Bound to the slots that were asked for.
      const other = keys.with(0, word('0x123456'))
      expect(() => verifySlots(storageHash, other, proofs, engines)).toThrow(InvalidStateProof)
    })

    it('nimbus WETH: code', async () => {
      const engines = await load()
      const { codeHash } = vectorJson<Proof>('eth-proofs/nimbus-verified-proxy/storage_proof.json')
      const code = vectorJson<Hex>('eth-proofs/nimbus-verified-proxy/code.json')
      expect(verifyCode(codeHash, fromHex(code, 'code'), engines)).toBe(code)
      expect(() => verifyCode(EMPTY_CODE_HASH, fromHex(code, 'code'), engines)).toThrow('hash')
    })

    it('nimbus stateless: the account of block 100 in its witness', async () => {
      const engines = await load()
      const { state, headers, keys } = vectorJson<{ state: Hex[]; headers: Hex[]; keys: Hex[] }>(
        'eth-proofs/nimbus-stateless/mainnet_100_witness.json',
      )
      const { stateRoot } = decodeExecutionHeader(fromHex(headers[0], 'header'))
      const byHash = new Map(bytes(state).map((node) => [toHex(engines.hashes.keccak256(node)), node]))
      expect(byHash.has(stateRoot)).toBe(true)
      // The witness is a set of nodes: follow the one that names another from the root down.
      const address = keys[0]!
      const nodes = [byHash.get(stateRoot)!]
      for (;;) {
        const parent = Buffer.from(nodes.at(-1)!)
        const next = [...byHash.values()].find((node) => parent.includes(Buffer.from(engines.hashes.keccak256(node))))
        if (!next) break
        nodes.push(next)
      }
      expect(nodes.length).toBe(state.length)
      const account = verifyAccount(stateRoot, address, nodes, engines)
      expect(account.exists).toBe(true)
      expect(account.balance).toBeGreaterThan(0n)
    })

    it('portal: account, storage and code proofs under their block headers', async () => {
      const engines = await load()
      const leaf = parse(vectorText('eth-proofs/portal-state/validation/account_trie_node.yaml')) as {
        block_header: Hex
        content_key: Hex
        content_value_offer: Hex
      }[]
      expect(leaf.length).toBeGreaterThan(0)
      for (const { block_header, content_value_offer } of leaf) {
        const { stateRoot } = decodeExecutionHeader(fromHex(block_header, 'header'))
        const nodes = portalNodes(fromHex(content_value_offer, 'value'))
        // The proof may end inside the trie: every node has the hash its parent names, and the first is the root.
        expect(toHex(engines.hashes.keccak256(nodes[0]!))).toBe(stateRoot)
        nodes.slice(1).forEach((node, i) => {
          expect(toHex(nodes[i]!)).toContain(toHex(engines.hashes.keccak256(node)).slice(2))
        })
      }
    })

    it('helios and nimbus blocks: header hash, transactions and receipts roots', async () => {
      const engines = await load()
      for (const file of [
        'eth-proofs/helios-rpc/block.json',
        'eth-proofs/nimbus-verified-proxy/proof_block.json',
        'eth-proofs/TrieTests/block.json',
      ]) {
        const block = vectorJson<Block>(file)
        const rlp = encodeHeaderJson(block)
        expect(toHex(engines.hashes.keccak256(rlp))).toBe(block.hash)
        expect(decodeExecutionHeader(rlp)).toMatchObject({ stateRoot: block.stateRoot, number: BigInt(block.number) })
      }
      for (const [blockFile, receiptsFile] of [
        ['eth-proofs/helios-rpc/block.json', 'eth-proofs/helios-rpc/receipts.json'],
        ['eth-proofs/TrieTests/block.json', 'eth-proofs/TrieTests/block_receipts.json'],
      ]) {
        const receipts = vectorJson<unknown>(receiptsFile!)
        const list = (Array.isArray(receipts) ? receipts : (receipts as { result: unknown[] }).result).map(
          encodeReceiptJson,
        )
        expect(toHex(orderedTrieRoot(list, engines.hashes))).toBe(vectorJson<Block>(blockFile!).receiptsRoot)
      }
    })

    it('one block of every fork: header hash and transactions root', async () => {
      const engines = await load()
      const names = vectorNames('eth-headers/nimbus-mainnet-blocks')
      expect(names.length).toBeGreaterThan(8)
      for (const name of names) {
        const raw = vectorJson<{ result?: Block } & Block>(`eth-headers/nimbus-mainnet-blocks/${name}`)
        const block = raw.result ?? raw
        expect(toHex(engines.hashes.keccak256(encodeHeaderJson(block))), name).toBe(block.hash)
        const transactions = (block.transactions as unknown[]).map(encodeTransactionJson)
        expect(toHex(orderedTrieRoot(transactions, engines.hashes)), name).toBe(block.transactionsRoot)
      }
    })

    it('answers that hold fewer storage proofs than asked are refused', async () => {
      const answer = encode([[], []])
      expect(() => decodeStateProof(answer, 1)).toThrow(InvalidStateProof)
    })
  })
})

/** Portal's TrieProof: after the offset of the proof list and the block hash, an SSZ list of byte lists. */
function portalNodes(value: Uint8Array): Uint8Array[] {
  const view = new DataView(value.buffer, value.byteOffset, value.length)
  const start = view.getUint32(0, true)
  const list = value.subarray(start)
  const inner = new DataView(list.buffer, list.byteOffset, list.length)
  const count = inner.getUint32(0, true) / 4
  return Array.from({ length: count }, (_, i) => {
    const end = i + 1 < count ? inner.getUint32(4 * i + 4, true) : list.length
    return list.subarray(inner.getUint32(4 * i, true), end)
  })
}
