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
  VaultGone,
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
  /** Called when `gone` has changed. */
  readonly onGone?: () => void
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
  /** Whether the store was found emptied from outside while this instance still has what was in it. */
  readonly gone: boolean
  /** Looks whether it is still stored. */
  look(): Promise<void>
  /** Stores the vault again as it was last. Nothing happens where it is not gone. @throws {VaultNotWritten} */
  putBack(): Promise<void>
}

/** What an open vault needs of the place where it is stored. */
export interface VaultFile {
  /** @throws {VaultGone} */
  read(): Promise<VaultRecord>
  /** As it is stored, or as it was last where the store was emptied from outside. */
  held(): Promise<VaultRecord>
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

  /** What was read first or written last: sealed, no secret. All there is when somebody empties the store. */
  let kept: Uint8Array | null = null
  let gone = false

  function setGone(now: boolean): void {
    if (now === gone) return
    gone = now
    ports.onGone?.()
  }

  async function stored(): Promise<Uint8Array | null> {
    const bytes = await store.read(ENTRY)
    kept ??= bytes
    setGone(bytes === null && kept !== null)
    return bytes
  }

  async function readBytes(): Promise<Uint8Array> {
    const bytes = await stored()
    if (bytes === null) throw gone ? new VaultGone() : new NoWallet()
    return bytes
  }

  const read = async () => decodeRecord(await readBytes(), sha256)

  async function held(): Promise<VaultRecord> {
    const bytes = (await stored()) ?? kept
    if (bytes === null) throw new NoWallet()
    return decodeRecord(bytes, sha256)
  }

  /** A wallet that only the memory still has is one, too. @throws {WalletExists} */
  async function checkNone(): Promise<void> {
    if ((await stored()) !== null || gone) throw new WalletExists()
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
    held,
    async write(bytes) {
      try {
        await store.write(ENTRY, bytes)
      } catch (cause) {
        throw new VaultNotWritten(cause)
      }
      kept = bytes.slice()
      setGone(false)
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
    await checkNone()
    const slot = await passwordSlot(password)
    try {
      return await writeAnew(0, [slot], { secrets, records })
    } finally {
      slot.key.fill(0)
    }
  }

  return {
    exists: async () => (await stored()) !== null,
    methods: async () => (await read()).header.slots.map(withoutKey),
    create,
    async open(unlock) {
      const bytes = await readBytes()
      const record = decodeRecord(bytes, sha256)
      const { slot, key, dataKey } = await sealing.unlock(record, unlock)
      let content: Content | null = null
      let handedOver = false
      try {
        content = await sealing.contentOf(record, dataKey)
        if (content === null) throw new VaultCorrupted('its content does not fit its key')
        kept = bytes
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
      await checkNone()
      const content = await contentOfFile(bytes, password)
      try {
        return await create(password, content.secrets, content.records)
      } finally {
        wipeContent(content)
      }
    },
    async erase() {
      kept = null
      await store.remove(ENTRY)
      setGone(false)
    },
    get gone() {
      return gone
    },
    async look() {
      await stored()
    },
    async putBack() {
      if ((await stored()) === null && kept !== null) await file.write(kept)
    },
  }
}
