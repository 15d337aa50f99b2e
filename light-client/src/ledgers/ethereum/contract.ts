/** Proofs of state: accounts, storage slots and code under a proven state root. Pure; throws, never returns false. @module */
import type { Engines } from '@glowworm/wasm-core'
import { MerkleProofError, MissingTrieNode } from '@glowworm/wasm-core/errors'
import { bytesEqual, fromHex, toBigInt, toHex } from '../../data/hex.ts'
import { asBytes, asList, asNumber, decode, type RlpItem } from '../../data/rlp.ts'
import { GlowwormError } from '../../errors.ts'
import type { Account } from './claims.ts'
import type { Hex } from './evidence.ts'

/** keccak256(rlp('')): root of the empty trie. */
export const EMPTY_TRIE_ROOT: Hex = '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421'
/** keccak256(''): code hash of an account without code. */
export const EMPTY_CODE_HASH: Hex = '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'

/** The nodes in the answer to an `account` request. */
export interface StateProof {
  readonly account: readonly Uint8Array[]
  /** One list of nodes per slot, in the order asked. */
  readonly slots: readonly (readonly Uint8Array[])[]
}

/** Decodes the answer to an `account` request that asked for `slotCount` slots. @throws {RlpError | InvalidStateProof} */
export function decodeStateProof(bytes: Uint8Array, slotCount: number): StateProof {
  const nodes = (item: RlpItem | undefined, what: string) =>
    asList(item, what).map((node, i) => asBytes(node, `${what}[${i}]`))
  const [account, slots] = asList(decode(bytes.slice()), 'the state proof', 2)
  const lists = asList(slots, 'the storage proofs')
  if (lists.length !== slotCount)
    throw new InvalidStateProof('storage', `${slotCount} slots were asked for, ${lists.length} proofs came`)
  return {
    account: nodes(account, 'the account proof'),
    slots: lists.map((item, i) => nodes(item, `the storage proof ${i}`)),
  }
}

/**
 * The account at `address` — the one asked for, whatever the source echoes — under `stateRoot`.
 * @throws {InvalidStateProof}
 */
export function verifyAccount(stateRoot: Hex, address: Hex, proof: readonly Uint8Array[], engines: Engines): Account {
  const key = engines.hashes.keccak256(fromHex(address, 'address', 20))
  const value = trieValue('account', fromHex(stateRoot, 'state root', 32), key, proof, engines)
  if (value === null)
    return { address, exists: false, nonce: 0n, balance: 0n, storageRoot: EMPTY_TRIE_ROOT, codeHash: EMPTY_CODE_HASH }
  const [nonce, balance, storageRoot, codeHash] = asList(decode(value), 'the account', 4)
  return {
    address,
    exists: true,
    nonce: asNumber(nonce, 'the nonce', 8),
    balance: asNumber(balance, 'the balance'),
    storageRoot: toHex(asBytes(storageRoot, 'the storage root', 32)),
    codeHash: toHex(asBytes(codeHash, 'the code hash', 32)),
  }
}

/** The 32-byte value of `slot` under an account's storage root; zero is proven by absence. @throws {InvalidStateProof} */
export function verifySlot(storageRoot: Hex, slot: Hex, proof: readonly Uint8Array[], engines: Engines): Hex {
  const key = engines.hashes.keccak256(fromHex(slot, 'slot', 32))
  return slotValue(trieValue('storage', fromHex(storageRoot, 'storage root', 32), key, proof, engines))
}

/**
 * The same of many slots of one account, with one proof each: nodes that proofs share are hashed once. Together the
 * proofs must hold what the slots need and nothing else; which of the proofs holds a node does not matter.
 * @throws {InvalidStateProof}
 */
export function verifySlots(
  storageRoot: Hex,
  slots: readonly Hex[],
  proofs: readonly (readonly Uint8Array[])[],
  engines: Engines,
): Hex[] {
  const keys = slots.map((slot, i) => engines.hashes.keccak256(fromHex(slot, `slots[${i}]`, 32)))
  const root = fromHex(storageRoot, 'storage root', 32)
  return refusing('storage', () => engines.merkle.trieValues(root, keys, distinctNodes(proofs))).map(slotValue)
}

function slotValue(value: Uint8Array | null): Hex {
  const number = value === null ? 0n : asNumber(decode(value), 'the slot')
  return `0x${number.toString(16).padStart(64, '0')}`
}

/** Each node of the proofs once. All keys are equally long, so equal nodes stand at equal depths: others need no look. */
function distinctNodes(proofs: readonly (readonly Uint8Array[])[]): Uint8Array[] {
  const depths = Math.max(0, ...proofs.map((proof) => proof.length))
  return Array.from({ length: depths }, (_, depth) => {
    const distinct: Uint8Array[] = []
    for (const node of proofs.flatMap((proof) => proof[depth] ?? []))
      if (!distinct.some((known) => bytesEqual(known, node))) distinct.push(node)
    return distinct
  }).flat()
}

/** @throws {InvalidCode} */
export function verifyCode(codeHash: Hex, code: Uint8Array, engines: Engines): Hex {
  if (!bytesEqual(engines.hashes.keccak256(code), fromHex(codeHash, 'code hash', 32))) throw new InvalidCode(codeHash)
  return toHex(code)
}

function trieValue(
  what: 'account' | 'storage',
  root: Uint8Array,
  key: Uint8Array,
  proof: readonly Uint8Array[],
  engines: Engines,
): Uint8Array | null {
  // Nodes answer an empty trie with no nodes or with the one that is the empty string; both say the same.
  const emptyTrie = bytesEqual(root, fromHex(EMPTY_TRIE_ROOT, 'empty root', 32))
  if (emptyTrie && proof.length === 1 && toBigInt(proof[0]!) === 0x80n) return null
  return refusing(what, () => engines.merkle.trieValue(root, key, proof))
}

/** The result of a proof; a proof that does not hold, or not whole, is blamed on its source. */
function refusing<T>(what: 'account' | 'storage', prove: () => T): T {
  try {
    return prove()
  } catch (cause) {
    if (cause instanceof MerkleProofError || cause instanceof MissingTrieNode)
      throw new InvalidStateProof(what, cause.message, { cause })
    throw cause
  }
}

/** Trie nodes that do not prove what they should under the proven root. */
export class InvalidStateProof extends GlowwormError {
  constructor(what: 'account' | 'storage', reason: string, options: { cause?: unknown } = {}) {
    super(
      { name: 'Ethereum.InvalidStateProof', code: 'INVALID_STATE_PROOF', kind: 'lie' },
      `the ${what} proof does not hold under the proven state: ${reason}`,
      { ...options, next: 'Ask another source.' },
    )
  }
}

/** Code that does not have the proven hash. */
export class InvalidCode extends GlowwormError {
  constructor(codeHash: Hex) {
    super(
      { name: 'Ethereum.InvalidCode', code: 'INVALID_CODE', kind: 'lie' },
      `the code does not have the proven hash ${codeHash}`,
      {
        next: 'Ask another source.',
      },
    )
  }
}
