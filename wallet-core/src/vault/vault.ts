/**
 * The vault: a random data key encrypts the content; each way to unlock (password, recovery file, passkey) wraps the
 * data key once. Every write is one atomic write of one record, with a fresh nonce, so that a crash leaves the old
 * vault or the new one. Whatever changes the ways to unlock changes the data key too: what an old copy of the vault
 * gives away opens no later one.
 * @module
 */
import type { ByteStore } from '../ports.ts'
import { type Content, type Records, wipeContent } from './content.ts'
import { decodeRecord, VAULT_VERSION, type VaultRecord } from './envelope.ts'
import {
  LEAST_PASSWORD_BYTES,
  NoWallet,
  VaultCorrupted,
  VaultNotWritten,
  WalletExists,
  WeakPassword,
} from './errors.ts'
import { checkKdfParameters, DEFAULT_KDF, type KdfParameters } from './kdf-parameters.ts'
import { type OpenVault, openVault } from './open-vault.ts'
import { createSealing, type SealingPorts } from './sealing.ts'
import type { Secret } from './secrets.ts'
import { type KeyedSlot, PASSWORD_SLOT, type Slot, type Unlock, withoutKey, wrappingKey } from './slots.ts'

const ENTRY = 'vault'

export type { OpenVault } from './open-vault.ts'

export interface VaultPorts extends SealingPorts {
  readonly store: ByteStore
  readonly kdf?: KdfParameters
}

export interface Vault {
  exists(): Promise<boolean>
  /** The ways to unlock the stored vault, out of its header: nothing of it is proven before it opens. */
  methods(): Promise<readonly Slot[]>
  /** The secrets stay the caller's. @throws {WeakPassword} {@link WalletExists} */
  create(password: Uint8Array, secrets: readonly Secret[], records: Records): Promise<OpenVault>
  /** @throws {WrongPassword} {@link WrongUnlockSecret} {@link NoWallet} {@link VaultCorrupted} {@link KdfOutOfBounds} */
  open(unlock: Unlock): Promise<OpenVault>
  /** Takes the data key over: it is wiped when the vault closes, or at once when it does not fit (null). */
  openWithDataKey(dataKey: Uint8Array): Promise<OpenVault | null>
  /** Resolves when the password is right. @throws {WrongPassword} */
  checkPassword(password: Uint8Array): Promise<void>
  /** Makes the vault out of a backup file and the password of then. @throws {WalletExists} and what `open` throws */
  restore(file: Uint8Array, password: Uint8Array): Promise<OpenVault>
  erase(): Promise<void>
}

/** What an open vault needs of the place where it is stored. */
export interface VaultFile {
  read(): Promise<VaultRecord>
  write(bytes: Uint8Array): Promise<void>
  readonly sealing: ReturnType<typeof createSealing>
  /** A slot for a password, which must be strong enough; its key is the caller's to wipe. @throws {WeakPassword} */
  passwordSlot(password: Uint8Array): Promise<KeyedSlot>
  /** Of a file that is elsewhere: its content, which the caller wipes. @throws what `Vault.open` throws */
  contentOfFile(file: Uint8Array, password: Uint8Array): Promise<Content>
}

export function createVault(ports: VaultPorts): Vault {
  const { store, sha256, random, argon2id } = ports
  const sealing = createSealing(ports)

  async function read(): Promise<VaultRecord> {
    const bytes = await store.read(ENTRY)
    if (bytes === null) throw new NoWallet()
    return decodeRecord(bytes, sha256)
  }

  async function passwordSlot(password: Uint8Array): Promise<KeyedSlot> {
    if (password.length < LEAST_PASSWORD_BYTES) throw new WeakPassword()
    const parameters = ports.kdf ?? DEFAULT_KDF
    checkKdfParameters(parameters)
    const slot: Slot = { id: PASSWORD_SLOT, method: 'password', kdf: { ...parameters, salt: random.bytes(16) } }
    return { slot, key: await wrappingKey(slot, password, argon2id) }
  }

  async function contentOfFile(file: Uint8Array, password: Uint8Array): Promise<Content> {
    const record = decodeRecord(file, sha256)
    const { key, dataKey } = await sealing.unlock(record, { method: 'password', password })
    try {
      const content = await sealing.contentOf(record, dataKey)
      if (content === null) throw new VaultCorrupted('its content does not fit its key')
      return content
    } finally {
      key.fill(0)
      dataKey.fill(0)
    }
  }

  const file: VaultFile = {
    read,
    async write(bytes) {
      try {
        await store.write(ENTRY, bytes)
      } catch (cause) {
        throw new VaultNotWritten(cause)
      }
    },
    sealing,
    passwordSlot,
    contentOfFile,
  }

  /** Writes everything under a fresh data key, for these slots. */
  async function writeAnew(
    revision: number,
    slots: readonly KeyedSlot[],
    content: Pick<Content, 'secrets' | 'records'>,
  ) {
    const sealed = await sealing.anew(revision, slots, content)
    try {
      await file.write(sealed.bytes)
    } catch (error) {
      sealed.dataKey.fill(0)
      throw error
    }
    return openVault(file, sealed.dataKey, sealed.header, content.records)
  }

  async function create(password: Uint8Array, secrets: readonly Secret[], records: Records): Promise<OpenVault> {
    if ((await store.read(ENTRY)) !== null) throw new WalletExists()
    const slot = await passwordSlot(password)
    try {
      return await writeAnew(0, [slot], { secrets, records })
    } finally {
      slot.key.fill(0)
    }
  }

  return {
    exists: async () => (await store.read(ENTRY)) !== null,
    methods: async () => (await read()).header.slots.map(withoutKey),
    create,
    async open(unlock) {
      const record = await read()
      const { slot, key, dataKey } = await sealing.unlock(record, unlock)
      let content: Content | null = null
      let handedOver = false
      try {
        content = await sealing.contentOf(record, dataKey)
        if (content === null) throw new VaultCorrupted('its content does not fit its key')
        if (record.version < VAULT_VERSION)
          return await writeAnew(record.header.revision, [{ slot: withoutKey(slot), key }], content)
        handedOver = true
        return openVault(file, dataKey, record.header, content.records)
      } finally {
        if (content) wipeContent(content)
        if (!handedOver) dataKey.fill(0)
        key.fill(0)
      }
    },
    async openWithDataKey(dataKey) {
      const record = await read()
      // An older one is migrated with the key of its slot, which only unlocking gives.
      const content = record.version === VAULT_VERSION ? await sealing.contentOf(record, dataKey) : null
      if (content === null) {
        dataKey.fill(0)
        return null
      }
      wipeContent(content)
      return openVault(file, dataKey, record.header, content.records)
    },
    async checkPassword(password) {
      const { key, dataKey } = await sealing.unlock(await read(), { method: 'password', password })
      key.fill(0)
      dataKey.fill(0)
    },
    async restore(bytes, password) {
      if ((await store.read(ENTRY)) !== null) throw new WalletExists()
      const content = await contentOfFile(bytes, password)
      try {
        return await create(password, content.secrets, content.records)
      } finally {
        wipeContent(content)
      }
    },
    erase: () => store.remove(ENTRY),
  }
}
