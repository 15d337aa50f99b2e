/** The EVM's view of state: proven state below, what execution changed on top, undone frame by frame. @module */
import type { AccountFields, StateManagerInterface } from '@ethereumjs/common'
import { Account, type Address, KECCAK256_NULL, KECCAK256_RLP } from '@ethereumjs/util'
import type { Hashes } from '@glowworm/wasm-core'
import { bytesEqual, fromHex, minimalBytes, toHex } from '../data/hex.ts'
import { GlowwormError } from '../errors.ts'
import type { Hex } from '../ledgers/ethereum/evidence.ts'
import type { ProvenState } from './proven-state.ts'

const EMPTY = new Uint8Array(0)

/** Not concurrent: one execution at a time. */
export class StateOverlay implements StateManagerInterface {
  readonly #proven: ProvenState
  readonly #hashes: Hashes
  /** Null: it does not exist. */
  readonly #accounts = new Map<Hex, Account | null>()
  readonly #storage = new Map<Hex, Map<Hex, Uint8Array>>()
  /** Accounts whose storage is what was written here and nothing else. */
  readonly #wiped = new Set<Hex>()
  readonly #codes = new Map<Hex, Uint8Array>()
  readonly #original = new Map<string, Uint8Array>()
  #undo: (() => void)[] = []
  readonly #checkpoints: number[] = []

  constructor(proven: ProvenState, hashes: Hashes) {
    this.#proven = proven
    this.#hashes = hashes
  }

  /** The account as it is now; null: it does not exist. @throws {MissingEvidence} */
  account(address: Hex): Account | null {
    const changed = this.#accounts.get(address)
    return changed === undefined ? this.proven(address) : changed
  }
  /** The account before anything was changed. @throws {MissingEvidence} */
  proven(address: Hex): Account | null {
    const proven = this.#proven.account(address)
    if (!proven.exists) return null
    return new Account(
      proven.nonce,
      proven.balance,
      fromHex(proven.storageRoot, 'storage root', 32),
      fromHex(proven.codeHash, 'code hash', 32),
    )
  }
  /** Accounts as they were last written; a copy. */
  written(): ReadonlyMap<Hex, Account | null> {
    return new Map(this.#accounts)
  }

  async getAccount(address: Address): Promise<Account | undefined> {
    const account = this.account(hexOf(address))
    // The EVM changes what it gets before it puts it back, or does not put it back at all.
    return account ? copyOf(account) : undefined
  }
  async putAccount(address: Address, account?: Account): Promise<void> {
    this.#set(this.#accounts, hexOf(address), account ? copyOf(account) : null)
  }
  async deleteAccount(address: Address): Promise<void> {
    this.#set(this.#accounts, hexOf(address), null)
    await this.clearStorage(address)
  }
  async modifyAccountFields(address: Address, fields: AccountFields): Promise<void> {
    const account = (await this.getAccount(address)) ?? new Account()
    if (fields.nonce !== undefined) account.nonce = fields.nonce
    if (fields.balance !== undefined) account.balance = fields.balance
    if (fields.codeHash !== undefined) account.codeHash = fields.codeHash
    if (fields.storageRoot !== undefined) account.storageRoot = fields.storageRoot
    await this.putAccount(address, account)
  }

  async putCode(address: Address, code: Uint8Array): Promise<void> {
    const codeHash = code.length === 0 ? KECCAK256_NULL : this.#hashes.keccak256(code)
    if (code.length > 0) this.#codes.set(toHex(codeHash), code.slice())
    await this.modifyAccountFields(address, { codeHash })
  }
  async getCode(address: Address): Promise<Uint8Array> {
    const account = this.account(hexOf(address))
    if (!account || bytesEqual(account.codeHash, KECCAK256_NULL)) return EMPTY
    return this.#codes.get(toHex(account.codeHash)) ?? this.#proven.code(hexOf(address))
  }
  async getCodeSize(address: Address): Promise<number> {
    return (await this.getCode(address)).length
  }

  async getStorage(address: Address, key: Uint8Array): Promise<Uint8Array> {
    const owner = hexOf(address)
    const slot = toHex(key)
    const changed = this.#storage.get(owner)?.get(slot)
    if (changed) return changed
    if (this.#wiped.has(owner)) return EMPTY
    return minimalBytes(BigInt(this.#proven.slot(owner, slot)))
  }
  async putStorage(address: Address, key: Uint8Array, value: Uint8Array): Promise<void> {
    const owner = hexOf(address)
    const slots = this.#storage.get(owner) ?? new Map<Hex, Uint8Array>()
    this.#storage.set(owner, slots)
    const first = value.findIndex((byte) => byte !== 0)
    this.#set(slots, toHex(key), first < 0 ? EMPTY : value.slice(first))
  }
  async clearStorage(address: Address): Promise<void> {
    const owner = hexOf(address)
    const slots = this.#storage.get(owner)
    if (slots) {
      this.#storage.delete(owner)
      this.#undo.push(() => this.#storage.set(owner, slots))
    }
    if (this.#wiped.has(owner)) return
    this.#wiped.add(owner)
    this.#undo.push(() => this.#wiped.delete(owner))
  }

  /** Values of slots when the transaction began (EIP-2200). They are taken at the first look, before any write. */
  readonly originalStorageCache = {
    get: async (address: Address, key: Uint8Array): Promise<Uint8Array> => {
      const name = `${hexOf(address)} ${toHex(key)}`
      const known = this.#original.get(name)
      if (known) return known
      const value = await this.getStorage(address, key)
      this.#original.set(name, value)
      return value
    },
    clear: (): void => this.#original.clear(),
  }

  async checkpoint(): Promise<void> {
    this.#checkpoints.push(this.#undo.length)
  }
  async commit(): Promise<void> {
    this.#checkpoints.pop()
    if (this.#checkpoints.length === 0) this.#undo = []
  }
  async revert(): Promise<void> {
    const mark = this.#checkpoints.pop() ?? 0
    while (this.#undo.length > mark) this.#undo.pop()!()
  }

  clearCaches(): void {}
  shallowCopy(): StateOverlay {
    throw new NoSuchState('a copy')
  }
  async getStateRoot(): Promise<Uint8Array> {
    throw new NoSuchState('a state root')
  }
  async setStateRoot(): Promise<void> {
    throw new NoSuchState('another state root')
  }
  async hasStateRoot(): Promise<boolean> {
    throw new NoSuchState('other state roots')
  }

  #set<K, V>(map: Map<K, V>, key: K, value: V): void {
    const had = map.has(key)
    const before = map.get(key)
    map.set(key, value)
    this.#undo.push(() => {
      if (had) map.set(key, before as V)
      else map.delete(key)
    })
  }
}

const hexOf = (address: Address): Hex => address.toString()

function copyOf({ nonce, balance, storageRoot, codeHash }: Account): Account {
  return new Account(nonce, balance, storageRoot ?? KECCAK256_RLP, codeHash)
}

/** The overlay holds no trie: what needs one cannot be computed from it. */
class NoSuchState extends GlowwormError {
  constructor(what: string) {
    super({ name: 'Contract.NoSuchState', code: 'INTERNAL', kind: 'unprovable' }, `an overlay cannot give ${what}`)
  }
}
