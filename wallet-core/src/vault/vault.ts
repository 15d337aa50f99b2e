/**
 * The vault: a random data key encrypts the content; a key derived from the password wraps the data key. Every write
 * is one atomic write of one record, with a fresh nonce, so that a crash leaves the old vault or the new one.
 * @module
 */
import type { Argon2id } from '@glowworm/wasm-core'
import type { Aead, ByteStore, Random } from '../ports.ts'
import { decodeContent, encodeContent, type Records } from './content.ts'
import { decodeRecord, encodePrefix, encodeRecord, VaultCorrupted, type VaultHeader, wrapContext } from './envelope.ts'
import {
  LEAST_PASSWORD_BYTES,
  Locked,
  NoWallet,
  VaultChangedElsewhere,
  WalletExists,
  WeakPassword,
  WrongPassword,
} from './errors.ts'
import { checkKdfParameters, DEFAULT_KDF, type KdfParameters } from './kdf-parameters.ts'

const ENTRY = 'vault'

export interface VaultPorts {
  readonly store: ByteStore
  readonly aead: Aead
  readonly random: Random
  readonly argon2id: Argon2id
  readonly sha256: (data: Uint8Array) => Uint8Array
  readonly kdf?: KdfParameters
}

export interface Vault {
  exists(): Promise<boolean>
  /** @throws {WeakPassword} {@link WalletExists} */
  create(password: Uint8Array, entropy: Uint8Array, records: Records): Promise<OpenVault>
  /** @throws {WrongPassword} {@link NoWallet} {@link VaultCorrupted} {@link KdfOutOfBounds} */
  open(password: Uint8Array): Promise<OpenVault>
  /** Takes the data key over: it is wiped when the vault closes, or at once when it does not fit (null). */
  openWithDataKey(dataKey: Uint8Array): Promise<OpenVault | null>
  /** Resolves when the password is right. @throws {WrongPassword} */
  checkPassword(password: Uint8Array): Promise<void>
  erase(): Promise<void>
}

export interface OpenVault {
  readonly records: Records
  /** Replaces the records by what `change` makes of the newest ones; writes happen one after the other. */
  update(change: (records: Records) => Records): Promise<void>
  /** Lends the entropy to `use` and wipes it afterwards. */
  withEntropy<T>(use: (entropy: Uint8Array) => T | Promise<T>): Promise<T>
  /** Lends the data key, e.g. to the session. */
  withDataKey<T>(use: (dataKey: Uint8Array) => T | Promise<T>): Promise<T>
  /** Wraps a fresh data key with the new password. @throws {WrongPassword} {@link WeakPassword} */
  changePassword(current: Uint8Array, next: Uint8Array): Promise<void>
  /** Wipes the data key. Waits for a write under way. */
  close(): Promise<void>
}

export function createVault(ports: VaultPorts): Vault {
  const { store, sha256 } = ports

  async function stored() {
    const bytes = await store.read(ENTRY)
    if (bytes === null) throw new NoWallet()
    return decodeRecord(bytes, sha256)
  }

  async function dataKeyBy(password: Uint8Array, header: VaultHeader): Promise<Uint8Array> {
    checkKdfParameters(header.kdf)
    const key = await derive(ports.argon2id, password, header.kdf)
    try {
      const dataKey = await ports.aead.open(key, header.wrapped.nonce, header.wrapped.key, wrapContext(header.kdf))
      if (dataKey === null) throw new WrongPassword()
      return dataKey
    } finally {
      key.fill(0)
    }
  }

  /** A header without a content nonce that fits yet: `seal` gives each write its own. */
  async function wrap(password: Uint8Array, dataKey: Uint8Array, revision: number): Promise<VaultHeader> {
    if (password.length < LEAST_PASSWORD_BYTES) throw new WeakPassword()
    const parameters = ports.kdf ?? DEFAULT_KDF
    checkKdfParameters(parameters)
    const kdf = { ...parameters, salt: ports.random.bytes(16) }
    const key = await derive(ports.argon2id, password, kdf)
    try {
      const nonce = ports.random.bytes(12)
      const wrapped = { nonce, key: await ports.aead.seal(key, nonce, dataKey, wrapContext(kdf)) }
      return { revision, kdf, wrapped, nonce: new Uint8Array(12) }
    } finally {
      key.fill(0)
    }
  }

  async function seal(dataKey: Uint8Array, old: VaultHeader, entropy: Uint8Array, records: Records) {
    const header = { ...old, revision: old.revision + 1, nonce: ports.random.bytes(12) }
    const prefix = encodePrefix(header)
    const content = encodeContent(entropy, records)
    try {
      const ciphertext = await ports.aead.seal(dataKey, header.nonce, content, prefix)
      return { header, bytes: encodeRecord(prefix, ciphertext, sha256) }
    } finally {
      content.fill(0)
    }
  }

  async function unseal(dataKey: Uint8Array, record: Awaited<ReturnType<typeof stored>>) {
    const content = await ports.aead.open(dataKey, record.header.nonce, record.ciphertext, record.prefix)
    if (content === null) return null
    try {
      return decodeContent(content)
    } finally {
      content.fill(0)
    }
  }

  function opened(firstKey: Uint8Array, firstHeader: VaultHeader, firstRecords: Records): OpenVault {
    let dataKey = firstKey
    let header = firstHeader
    let records = firstRecords
    let open = true
    let last: Promise<unknown> = Promise.resolve()
    /** Runs one at a time; a failed one does not stop the next. */
    const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
      const turn = last.then(() => {
        if (!open) throw new Locked()
        return work()
      })
      last = turn.catch(() => undefined)
      return turn
    }
    const current = async () => {
      const record = await stored()
      if (record.header.revision !== header.revision) throw new VaultChangedElsewhere()
      const content = await unseal(dataKey, record)
      if (content === null) throw new VaultCorrupted('its content does not fit its key')
      return content
    }
    return {
      get records() {
        return records
      },
      update: (change) =>
        inTurn(async () => {
          const next = change(records)
          if (next === records) return
          const { entropy } = await current()
          try {
            const sealed = await seal(dataKey, header, entropy, next)
            await store.write(ENTRY, sealed.bytes)
            header = sealed.header
            records = next
          } finally {
            entropy.fill(0)
          }
        }),
      withEntropy: (use) =>
        inTurn(async () => {
          const { entropy } = await current()
          try {
            return await use(entropy)
          } finally {
            entropy.fill(0)
          }
        }),
      withDataKey: (use) =>
        inTurn(async () => {
          const lent = dataKey.slice()
          try {
            return await use(lent)
          } finally {
            lent.fill(0)
          }
        }),
      changePassword: (password, nextPassword) =>
        inTurn(async () => {
          ;(await dataKeyBy(password, header)).fill(0)
          const { entropy } = await current()
          const fresh = ports.random.bytes(32)
          try {
            const sealed = await seal(fresh, await wrap(nextPassword, fresh, header.revision), entropy, records)
            await store.write(ENTRY, sealed.bytes)
            dataKey.fill(0)
            dataKey = fresh
            header = sealed.header
          } catch (error) {
            fresh.fill(0)
            throw error
          } finally {
            entropy.fill(0)
          }
        }),
      async close() {
        open = false
        await last
        dataKey.fill(0)
      },
    }
  }

  return {
    exists: async () => (await store.read(ENTRY)) !== null,
    async create(password, entropy, records) {
      if ((await store.read(ENTRY)) !== null) throw new WalletExists()
      const dataKey = ports.random.bytes(32)
      const sealed = await seal(dataKey, await wrap(password, dataKey, 0), entropy, records)
      await store.write(ENTRY, sealed.bytes)
      return opened(dataKey, sealed.header, records)
    },
    async open(password) {
      const record = await stored()
      const dataKey = await dataKeyBy(password, record.header)
      const content = await unseal(dataKey, record)
      if (content === null) {
        dataKey.fill(0)
        throw new VaultCorrupted('its content does not fit its key')
      }
      content.entropy.fill(0)
      return opened(dataKey, record.header, content.records)
    },
    async openWithDataKey(dataKey) {
      const record = await stored()
      const content = await unseal(dataKey, record)
      if (content === null) {
        dataKey.fill(0)
        return null
      }
      content.entropy.fill(0)
      return opened(dataKey, record.header, content.records)
    },
    async checkPassword(password) {
      const dataKey = await dataKeyBy(password, (await stored()).header)
      dataKey.fill(0)
    },
    erase: () => store.remove(ENTRY),
  }
}

async function derive(argon2id: Argon2id, password: Uint8Array, kdf: VaultHeader['kdf']): Promise<Uint8Array> {
  return argon2id({
    password,
    salt: kdf.salt,
    memoryKiB: kdf.memoryKiB,
    iterations: kdf.iterations,
    parallelism: kdf.parallelism,
    length: 32,
  })
}
