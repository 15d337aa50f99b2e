import { describe, expect, it } from 'vitest'
import { type EnginesUnderTest, enginesUnderTest, noble, wasm } from '../test/engines.ts'
import { buildTrie, rlpList, rlpString } from '../test/trie-builder.ts'
import { describeVectors, fromHex, toHex, vectorJson, vectorText } from '../test/vectors.ts'
import { MerkleProofError } from './errors.ts'

const keccak = noble.hashes.keccak256
const EMPTY_CODE = `0x${toHex(keccak(new Uint8Array()))}`

/** A real `eth_getProof` answer: account and storage under their roots. */
interface ProofAnswer {
  address: string
  accountProof: string[]
  nonce: string
  balance: string
  storageHash: string
  codeHash: string
  storageProof: { key: string; value: string; proof: string[] }[]
}

const answers: Record<string, () => ProofAnswer> = {
  'helios mainnet': () => vectorJson('eth-proofs/helios-rpc/proof.json'),
  'nimbus mainnet': () => vectorJson('eth-proofs/nimbus-verified-proxy/storage_proof.json'),
  'colibri mainnet': () => {
    const { params, expected_result } = vectorJson<{ params: [string]; expected_result: ProofAnswer }>(
      'eth-lightclient/colibri-mainnet/eth_getProof2/test.json',
    )
    return { ...expected_result, address: params[0] }
  },
  'devnet account': () => devnetAnswer('proof_account'),
  'devnet contract': () => devnetAnswer('proof_contract'),
  'devnet absent account': () => devnetAnswer('proof_absent'),
  'execution-apis': () => {
    const lines = vectorText('eth-rpc/execution-apis/eth_getProof/get-account-proof-with-storage.io').split('\n')
    return (JSON.parse(lines.find((line) => line.startsWith('<< '))!.slice(3)) as { result: ProofAnswer }).result
  },
}

function devnetAnswer(name: string): ProofAnswer {
  return vectorJson<{ response: { result: ProofAnswer } }>(
    `eth-lightclient/devnet-lodestar-minimal-capella/${name}.json`,
  ).response.result
}

/** The account leaf as the answer's own fields say it should be, or null for an account that does not exist. */
function expectedAccount(answer: ProofAnswer): string | null {
  const fields = [
    quantity(answer.nonce),
    quantity(answer.balance),
    fromHex(answer.storageHash),
    fromHex(answer.codeHash),
  ]
  const exists = quantity(answer.codeHash).length > 0 && answer.codeHash !== EMPTY_CODE
  return !exists && answer.balance === '0x0' && answer.nonce === '0x0' ? null : toHex(rlpList(fields.map(rlpString)))
}

/** Minimal big-endian bytes; RPC answers may pad. */
function quantity(text: string): Uint8Array {
  const digits = text.replace(/^0x0*/, '')
  return fromHex(digits.length % 2 ? `0${digits}` : digits)
}

const hexOrNull = (value: Uint8Array | null) => (value ? toHex(value) : null)

describeVectors('real proofs', () => {
  describe.each(enginesUnderTest)('by $name', ({ merkle }) => {
    it.each(Object.keys(answers))('%s', (name) => {
      const answer = answers[name]!()
      const nodes = answer.accountProof.map(fromHex)
      expect(nodes.length).toBeGreaterThan(0)
      const account = merkle.trieValue(keccak(nodes[0]!), keccak(fromHex(answer.address)), nodes)
      expect(hexOrNull(account)).toBe(expectedAccount(answer))
      for (const { key, value, proof } of answer.storageProof) {
        const slot = fromHex(key.replace(/^0x/, '').padStart(64, '0'))
        const found = merkle.trieValue(fromHex(answer.storageHash), keccak(slot), proof.map(fromHex))
        expect(hexOrNull(found)).toBe(quantity(value).length === 0 ? null : toHex(rlpString(quantity(value))))
      }
    })

    it.each([
      ['account_trie_node_with_proof.yaml', 'proof'],
      ['contract_storage_trie_node_with_proof.yaml', 'account_proof'],
      ['contract_storage_trie_node_with_proof.yaml', 'storage_proof'],
      ['contract_bytecode_with_proof.yaml', 'account_proof'],
    ])('portal %s, %s', (file, list) => {
      const yaml = vectorText(`eth-proofs/portal-state/serialization/${file}`)
      const block = new RegExp(`^${list}:\\n((?: +- '0x[0-9a-f]+'\\n)+)`, 'm').exec(yaml)![1]!
      const nodes = [...block.matchAll(/0x[0-9a-f]+/g)].map(([hex]) => fromHex(hex))
      // These lists need not end in a leaf; but no key can be proven by less or more than a whole path.
      const contract = keccak(fromHex('c02aaa39b223fe8d0a0e5c4f27ead9083c756cc2'))
      const result = attempt(merkle, keccak(nodes[0]!), contract, nodes)
      expect(result).toBe(attempt(noble.merkle, keccak(nodes[0]!), contract, nodes))
      if (list !== 'storage_proof') expect(result).toMatch(/^value f84f01/)
    })
  })

  it('both engines refuse, for the same reason, every byte of a real proof changed', () => {
    const answer = answers['devnet contract']!()
    const cases = [
      {
        root: keccak(fromHex(answer.accountProof[0]!)),
        key: keccak(fromHex(answer.address)),
        proof: answer.accountProof,
      },
      {
        root: fromHex(answer.storageHash),
        key: keccak(fromHex(answer.storageProof[0]!.key.replace('0x', '').padStart(64, '0'))),
        proof: answer.storageProof[0]!.proof,
      },
    ]
    const real = answers['nimbus mainnet']!()
    cases.push({
      root: keccak(fromHex(real.accountProof[0]!)),
      key: keccak(fromHex(real.address)),
      proof: real.accountProof,
    })
    for (const { root, key, proof } of cases) {
      const nodes = proof.map(fromHex)
      expect(noble.merkle.trieValue(root, key, nodes)).not.toBeNull()
      for (const bytes of nodes) {
        for (let at = 0; at < bytes.length; at++) {
          bytes[at]! ^= 1 << (at % 8)
          const result = attempt(wasm.merkle, root, key, nodes)
          expect(result).toMatch(/^a node does not have the expected hash @ /)
          expect(result).toBe(attempt(noble.merkle, root, key, nodes))
          bytes[at]! ^= 1 << (at % 8)
        }
      }
    }
  })
})

function attempt(merkle: EnginesUnderTest['merkle'], root: Uint8Array, key: Uint8Array, proof: Uint8Array[]): string {
  try {
    const value = merkle.trieValue(root, key, proof)
    return value ? `value ${toHex(value)}` : 'absent'
  } catch (error) {
    if (!(error instanceof MerkleProofError)) throw error
    return `${error.message} @ ${error.node}`
  }
}

type TrieCase = { in: [string, string | null][] | Record<string, string | null>; root: string }

describeVectors('ethereum/tests TrieTests', () => {
  const files = [
    'trieanyorder',
    'trieanyorder_secureTrie',
    'trietest',
    'trietest_secureTrie',
    'hex_encoded_securetrie_test',
  ]
  describe.each(enginesUnderTest)('by $name', ({ merkle }) => {
    it.each(files)('%s', (file) => {
      const secure = file.includes('secure')
      for (const [name, { in: input, root }] of Object.entries(
        vectorJson<Record<string, TrieCase>>(`eth-proofs/TrieTests/${file}.json`),
      )) {
        const present = new Map<string, Uint8Array>()
        const seen = new Set<string>()
        for (const [rawKey, rawValue] of Array.isArray(input) ? input : Object.entries(input)) {
          const key = toHex(secure ? keccak(bytesOf(rawKey)) : bytesOf(rawKey))
          seen.add(key)
          if (rawValue === null) present.delete(key)
          else present.set(key, bytesOf(rawValue))
        }
        const trie = buildTrie([...present].map(([key, value]) => [fromHex(key), value]))
        expect(toHex(trie.root), `${file} ${name}`).toBe(root.slice(2))
        for (const key of seen) {
          const value = merkle.trieValue(trie.root, fromHex(key), trie.proof(fromHex(key)))
          expect(value, `${file} ${name} ${key}`).toEqual(present.get(key) ?? null)
        }
      }
    })
  })
})

function bytesOf(text: string): Uint8Array {
  return text.startsWith('0x') ? fromHex(text) : new TextEncoder().encode(text)
}
