/** State that is proven under one state root. What is not proven is asked for; nothing is ever assumed. @module */
import type { Engines } from '@glowworm/wasm-core'
import { type EvidenceMap, MissingEvidence } from '../ledgers/ethereum/block-history.ts'
import type { AccessList } from '../ledgers/ethereum/call-claims.ts'
import type { Account } from '../ledgers/ethereum/claims.ts'
import { EMPTY_CODE_HASH, EMPTY_TRIE_ROOT, verifyCode } from '../ledgers/ethereum/contract.ts'
import { type EvidenceRequest, type Hex, keyOf } from '../ledgers/ethereum/evidence.ts'
import { type StateFacts, verifyState } from '../ledgers/ethereum/state-evidence.ts'

export interface ProvenState {
  /** @throws {MissingEvidence} asking for the account and its code */
  account(address: Hex): Account
  /** @throws {MissingEvidence} */
  slot(address: Hex, slot: Hex): Hex
  /** @throws {MissingEvidence} */
  code(address: Hex): Uint8Array
  /** What has been read so far. */
  reads(): AccessList
}

const ZERO: Hex = `0x${'0'.repeat(64)}`
const NO_CODE = new Uint8Array(0)

/**
 * Verifies every `state` and `code` answer about this block at once, so that false evidence surfaces whether or not
 * execution comes across it.
 * @throws {RlpError | InvalidStateProof | InvalidCode}
 */
export function provenState(stateRoot: Hex, blockHash: Hex, evidence: EvidenceMap, engines: Engines): ProvenState {
  const accounts = new Map<Hex, Account>()
  const slots = new Map<Hex, Map<Hex, Hex>>()
  const codes = new Map<Hex, Uint8Array>()
  for (const [key, bytes] of evidence) {
    const request = JSON.parse(key) as EvidenceRequest
    if (request.type === 'code') codes.set(request.codeHash, onceCode(request.codeHash, bytes, engines))
    if (request.type !== 'state' || request.blockHash !== blockHash) continue
    const facts = once(`${stateRoot} ${keyOf(request)}`, bytes, () => verifyState(stateRoot, request, bytes, engines))
    for (const [address, account] of facts.accounts) accounts.set(address, account)
    for (const [hash, code] of facts.codes) codes.set(hash, code)
    for (const [address, values] of facts.slots) {
      const known = slots.get(address) ?? new Map<Hex, Hex>()
      for (const [slot, value] of values) known.set(slot, value)
      slots.set(address, known)
    }
  }
  const read = new Map<Hex, Set<Hex>>()
  const noteOf = (address: Hex) => {
    const noted = read.get(address) ?? new Set<Hex>()
    read.set(address, noted)
    return noted
  }
  const missing = (address: Hex, slotsAsked: Hex[], code: boolean) =>
    new MissingEvidence([{ type: 'state', blockHash, accounts: [{ address, slots: slotsAsked, code }] }])

  const account = (address: Hex): Account => {
    noteOf(address)
    const known = accounts.get(address)
    if (!known) throw missing(address, [], true)
    return known
  }
  return {
    account,
    slot(address, slot) {
      noteOf(address).add(slot)
      const known = slots.get(address)?.get(slot)
      if (known !== undefined) return known
      if (accounts.get(address)?.storageRoot === EMPTY_TRIE_ROOT) return ZERO
      throw missing(address, [slot], false)
    },
    code(address) {
      const { codeHash } = account(address)
      if (codeHash === EMPTY_CODE_HASH) return NO_CODE
      const known = codes.get(codeHash)
      if (known) return known
      throw new MissingEvidence([{ type: 'code', blockHash, address, codeHash }])
    },
    reads: () => [...read].map(([address, keys]) => ({ address, storageKeys: [...keys] })),
  }
}

/**
 * Facts by the very bytes that proved them. A fact stays true whatever becomes of the bytes, so the worst a change of
 * them can do is to leave something remembered that they no longer show.
 */
const remembered = new WeakMap<Uint8Array, Map<string, StateFacts>>()

function once(key: string, bytes: Uint8Array, verify: () => StateFacts): StateFacts {
  const known = remembered.get(bytes) ?? new Map<string, StateFacts>()
  remembered.set(bytes, known)
  const facts = known.get(key) ?? verify()
  known.set(key, facts)
  return facts
}

const verifiedCodes = new WeakMap<Uint8Array, { hash: Hex; code: Uint8Array }>()

function onceCode(codeHash: Hex, bytes: Uint8Array, engines: Engines): Uint8Array {
  const known = verifiedCodes.get(bytes)
  if (known?.hash === codeHash) return known.code
  const code = bytes.slice()
  verifyCode(codeHash, code, engines)
  verifiedCodes.set(bytes, { hash: codeHash, code })
  return code
}
