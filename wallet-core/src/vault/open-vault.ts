/** The vault while it is open: its data key, and the one queue that all its work goes through. @module */
import { type Content, type Records, wipeContent } from './content.ts'
import type { VaultHeader } from './envelope.ts'
import { Locked, VaultChangedElsewhere, VaultCorrupted } from './errors.ts'
import { holdsAll, type Secret } from './secrets.ts'
import { type KeyedSlot, keyedSlots, type Slot, withoutKey, withoutSlot, withSlot } from './slots.ts'
import type { VaultFile } from './vault.ts'

export interface OpenVault {
  readonly records: Records
  /** The ways to unlock it. */
  readonly methods: readonly Slot[]
  /** Replaces the records by what `change` makes of the newest ones; writes happen one after the other. */
  update(change: (records: Records) => Records): Promise<void>
  /** Lends the secrets to `use` and wipes them afterwards. */
  withSecrets<T>(use: (secrets: readonly Secret[]) => T | Promise<T>): Promise<T>
  /** Lends the data key, e.g. to the session. */
  withDataKey<T>(use: (dataKey: Uint8Array) => T | Promise<T>): Promise<T>
  /** Adds secrets, which stay the caller's, and changes the records in the same write. */
  addSecrets(secrets: readonly Secret[], change: (records: Records) => Records): Promise<void>
  /** With a fresh data key for all ways to unlock. @throws {WrongPassword} {@link WeakPassword} */
  changePassword(current: Uint8Array, next: Uint8Array): Promise<void>
  /** For who came in without the password, by a recovery file. @throws {WeakPassword} */
  setPassword(next: Uint8Array): Promise<void>
  /** Adds a way to unlock, or replaces the one of its name; the key stays the caller's. @throws {TooManyUnlockMethods} */
  addMethod(keyed: KeyedSlot): Promise<void>
  /** @throws {UnknownUnlockMethod} */
  removeMethod(id: string): Promise<void>
  /**
   * An encrypted copy of everything, which opens with this password alone; also of a vault that is gone from its store.
   * @throws {WrongPassword}
   */
  backup(password: Uint8Array): Promise<Uint8Array>
  /** Whether the backup file opens and holds every secret of this vault. @throws what `Vault.open` throws */
  checkBackup(file: Uint8Array, password: Uint8Array): Promise<boolean>
  /** Wipes the data key. Waits for a write under way. */
  close(): Promise<void>
}

/** Takes the data key over. */
export function openVault(
  file: VaultFile,
  firstKey: Uint8Array,
  firstHeader: VaultHeader,
  firstRecords: Records,
): OpenVault {
  const { sealing } = file
  let dataKey = firstKey
  let header = firstHeader
  let records = firstRecords
  let open = true
  let last: Promise<unknown> = Promise.resolve()

  /** Runs one at a time; a failed one does not stop the next. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(() => {
      if (!open) throw new Locked()
      return work()
    })
    last = turn.catch(() => undefined)
    return turn
  }

  /** Lends the stored content, if it is the one this instance wrote or read last. */
  async function withContent<T>(use: (content: Content) => T | Promise<T>, read = file.read): Promise<T> {
    const record = await read()
    if (record.header.revision !== header.revision) throw new VaultChangedElsewhere()
    const content = await sealing.contentOf(record, dataKey)
    if (content === null) throw new VaultCorrupted('its content does not fit its key')
    try {
      return await use(content)
    } finally {
      wipeContent(content)
    }
  }

  /** Writes everything under a fresh data key, for what `change` makes of the slots. */
  function rekey(change: (slots: KeyedSlot[]) => KeyedSlot[]): Promise<void> {
    return withContent(async ({ slotKeys, secrets }) => {
      const sealed = await sealing.anew(header.revision, change(keyedSlots(header.slots, slotKeys)), {
        secrets,
        records,
      })
      try {
        await file.write(sealed.bytes)
      } catch (error) {
        sealed.dataKey.fill(0)
        throw error
      }
      dataKey.fill(0)
      dataKey = sealed.dataKey
      header = sealed.header
    })
  }

  async function replacePassword(next: Uint8Array): Promise<void> {
    const slot = await file.passwordSlot(next)
    try {
      await rekey((slots) => withSlot(slots, slot))
    } finally {
      slot.key.fill(0)
    }
  }

  async function checkPassword(password: Uint8Array, read = file.read): Promise<void> {
    const unlocked = await sealing.unlock(await read(), { method: 'password', password })
    unlocked.key.fill(0)
    unlocked.dataKey.fill(0)
  }

  async function write(content: Content): Promise<void> {
    const sealed = await sealing.again(header, dataKey, content)
    await file.write(sealed.bytes)
    header = sealed.header
    records = content.records
  }

  return {
    get records() {
      return records
    },
    get methods() {
      return header.slots.map(withoutKey)
    },
    update: (change) =>
      inTurn(async () => {
        const next = change(records)
        if (next === records) return
        await withContent((content) => write({ ...content, records: next }))
      }),
    withSecrets: (use) => inTurn(() => withContent(({ secrets }) => use(secrets))),
    withDataKey: (use) =>
      inTurn(async () => {
        const lent = dataKey.slice()
        try {
          return await use(lent)
        } finally {
          lent.fill(0)
        }
      }),
    addSecrets: (added, change) =>
      inTurn(() =>
        withContent((content) =>
          write({ ...content, secrets: [...content.secrets, ...added], records: change(records) }),
        ),
      ),
    changePassword: (current, next) =>
      inTurn(async () => {
        await checkPassword(current)
        await replacePassword(next)
      }),
    setPassword: (next) => inTurn(() => replacePassword(next)),
    addMethod: (keyed) => inTurn(() => rekey((slots) => withSlot(slots, keyed))),
    removeMethod: (id) => inTurn(() => rekey((slots) => withoutSlot(slots, id))),
    backup: (password) =>
      inTurn(async () => {
        await checkPassword(password, file.held)
        return withContent(async ({ secrets }) => {
          const slot = await file.passwordSlot(password)
          try {
            const sealed = await sealing.anew(header.revision, [slot], { secrets, records })
            sealed.dataKey.fill(0)
            return sealed.bytes
          } finally {
            slot.key.fill(0)
          }
        }, file.held)
      }),
    checkBackup: (bytes, password) =>
      inTurn(async () => {
        const copy = await file.contentOfFile(bytes, password)
        try {
          return await withContent(({ secrets }) => holdsAll(secrets, copy.secrets))
        } finally {
          wipeContent(copy)
        }
      }),
    async close() {
      open = false
      await last
      dataKey.fill(0)
    },
  }
}
