/**
 * The answer to a `state` request: proofs of several accounts and slots that share their nodes, and codes.
 *
 * ```
 * RLP [ [node…], [[account path, [slot path…]]…], [code…] ]
 * ```
 *
 * Every node stands once. A path names nodes by their place in the list, root first, two big-endian bytes each; paths
 * stand in the order asked, for every account asked and every slot of it. Codes stand in the order of the accounts that
 * were asked with `code`. Nothing in the answer says what it proves: that follows from the request alone.
 * @module
 */
import type { Engines } from '@glowworm/wasm-core'
import { asBytes, asList, decode, encode, type RlpItem } from '../../data/rlp.ts'
import type { Account } from './claims.ts'
import { EMPTY_CODE_HASH, InvalidStateProof, verifyAccount, verifyCode, verifySlot } from './contract.ts'
import type { EvidenceRequest, Hex } from './evidence.ts'

export type StateRequest = Extract<EvidenceRequest, { type: 'state' }>

/** What an answer proves under a state root. Keys are addresses, then slots, as they were asked. */
export interface StateFacts {
  readonly accounts: ReadonlyMap<Hex, Account>
  readonly slots: ReadonlyMap<Hex, ReadonlyMap<Hex, Hex>>
  /** Code by its hash, for accounts that have any. */
  readonly codes: ReadonlyMap<Hex, Uint8Array>
}

/** Proof nodes of one account as nodes of the network answer them. */
export interface AccountNodes {
  readonly account: readonly Uint8Array[]
  readonly slots: readonly (readonly Uint8Array[])[]
}

/** Puts an answer together. @throws {RangeError} more than 65,535 different nodes */
export function encodeStateAnswer(accounts: readonly AccountNodes[], codes: readonly Uint8Array[]): Uint8Array {
  const places = new Map<string, number>()
  const nodes: Uint8Array[] = []
  const path = (list: readonly Uint8Array[]): Uint8Array => {
    const out = new Uint8Array(list.length * 2)
    list.forEach((node, i) => {
      const key = node.join()
      let place = places.get(key)
      if (place === undefined) {
        place = nodes.push(node) - 1
        places.set(key, place)
      }
      if (place > 0xffff) throw new RangeError('an answer names at most 65,535 nodes')
      out.set([place >> 8, place & 0xff], i * 2)
    })
    return out
  }
  const paths = accounts.map(({ account, slots }): RlpItem => [path(account), slots.map(path)])
  return encode([nodes, paths, codes])
}

/** The codes in an answer, in order. Each is named by its own hash and by nothing else. @throws {RlpError} */
export function codesIn(answer: Uint8Array): Uint8Array[] {
  const [, , codes] = asList(decode(answer), 'the state answer', 3)
  return asList(codes, 'the codes').map((code) => asBytes(code, 'a code').slice())
}

/**
 * Proves everything an answer should prove under `stateRoot`. Pure; each answer is verified once for each root and
 * request, however often it is used.
 * @throws {RlpError | InvalidStateProof | InvalidCode}
 */
export function verifyState(stateRoot: Hex, request: StateRequest, answer: Uint8Array, engines: Engines): StateFacts {
  const [nodeItems, pathItems, codeItems] = asList(decode(answer.slice()), 'the state answer', 3)
  const nodes = asList(nodeItems, 'the nodes').map((node) => asBytes(node, 'a node'))
  const paths = asList(pathItems, 'the paths', request.accounts.length)
  const codeBytes = asList(codeItems, 'the codes', request.accounts.filter(({ code }) => code).length).map((code) =>
    asBytes(code, 'a code'),
  )
  const proof = (item: RlpItem | undefined, what: 'account' | 'storage'): Uint8Array[] => {
    const path = asBytes(item, 'a path')
    if (path.length % 2 !== 0) throw new InvalidStateProof(what, 'a path is cut off')
    return Array.from({ length: path.length / 2 }, (_, i) => {
      const node = nodes[path[2 * i]! * 256 + path[2 * i + 1]!]
      if (!node) throw new InvalidStateProof(what, 'a path names a node that is not there')
      return node
    })
  }
  const accounts = new Map<Hex, Account>()
  const slots = new Map<Hex, Map<Hex, Hex>>()
  const codes = new Map<Hex, Uint8Array>()
  let nextCode = 0
  request.accounts.forEach(({ address, slots: asked, code }, i) => {
    const [accountPath, slotPaths] = asList(paths[i], 'the paths of an account', 2)
    const account = verifyAccount(stateRoot, address, proof(accountPath, 'account'), engines)
    accounts.set(address, account)
    const lists = asList(slotPaths, 'the storage paths')
    if (lists.length !== asked.length)
      throw new InvalidStateProof('storage', `${asked.length} slots were asked for, ${lists.length} proofs came`)
    const values = slots.get(address) ?? new Map<Hex, Hex>()
    slots.set(address, values)
    asked.forEach((slot, j) => {
      values.set(slot, verifySlot(account.storageRoot, slot, proof(lists[j], 'storage'), engines))
    })
    if (!code) return
    const bytes = codeBytes[nextCode++]!
    verifyCode(account.codeHash, bytes, engines)
    if (account.codeHash !== EMPTY_CODE_HASH) codes.set(account.codeHash, bytes)
  })
  return { accounts, slots, codes }
}
