/**
 * The wallet's lock: holds the open vault while it is unlocked, lends keys for one signature at a time, and locks when
 * nobody has used it for a while. The deadline is checked by a timer and again before every use, since timers stand
 * still while a device sleeps.
 * @module
 */
import { addressOf } from '../accounts/address.ts'
import { withSecretKey } from '../accounts/derivation.ts'
import { withLogged } from '../activity/log/log.ts'
import { WalletError } from '../errors.ts'
import type { WalletPorts } from '../ports.ts'
import type { AccountRecord, Records } from '../vault/content.ts'
import { Locked, VaultCorrupted } from '../vault/errors.ts'
import type { Secret } from '../vault/secrets.ts'
import type { KeyedSlot, Slot, Unlock } from '../vault/slots.ts'
import { createVault, type OpenVault } from '../vault/vault.ts'

export const AUTO_LOCK = { default: 15, least: 1, most: 24 * 60 } as const
const MINUTE = 60_000
/** The session's deadline is rewritten at most this often. */
const SAVE_EVERY = 15_000

export interface Keyring {
  readonly phase: 'no-wallet' | 'locked' | 'unlocked'
  /** The records while unlocked, else null. */
  readonly records: Records | null
  /** The ways to unlock the vault; none when there is no readable one. */
  readonly methods: readonly Slot[]
  /** The secrets stay the caller's. */
  create(password: Uint8Array, secrets: readonly Secret[], start: NewWallet): Promise<void>
  unlock(unlock: Unlock): Promise<void>
  /** Makes the vault out of a backup file and unlocks it. */
  restoreBackup(file: Uint8Array, password: Uint8Array): Promise<void>
  /** Takes up a session that outlived the worker. */
  restore(): Promise<void>
  lock(): Promise<void>
  erase(): Promise<void>
  /** Whether the stored vault was deleted from outside, and is only in memory. See `Vault`. */
  readonly gone: boolean
  look(): Promise<void>
  putBack(): Promise<void>
  /** @throws {WrongPassword} */
  checkPassword(password: Uint8Array): Promise<void>
  changePassword(current: Uint8Array, next: Uint8Array): Promise<void>
  /** The user did something: the deadline moves on. Locks instead, and throws, when it has passed. @throws {Locked} */
  touch(): Promise<void>
  /** Locks when the deadline has passed. For alarms of the shell. */
  tick(): Promise<void>
  /** @throws {Locked} */
  update(change: (records: Records) => Records): Promise<void>
  /** @throws {Locked} */
  withSecrets<T>(use: (secrets: readonly Secret[]) => T | Promise<T>): Promise<T>
  /** See `OpenVault`. @throws {Locked} */
  addSecrets(secrets: readonly Secret[], change: (records: Records) => Records): Promise<void>
  /** Unlocks, and sets a password before anything else can be done. @throws {WeakPassword} and what `unlock` throws */
  recover(unlock: Unlock, next: Uint8Array): Promise<void>
  addMethod(keyed: KeyedSlot): Promise<void>
  removeMethod(id: string): Promise<void>
  backup(password: Uint8Array): Promise<Uint8Array>
  checkBackup(file: Uint8Array, password: Uint8Array): Promise<boolean>
  /** Lends the account's secret key. @throws {Locked} */
  signAs<T>(account: AccountRecord, use: (secretKey: Uint8Array) => T): Promise<T>
  setAutoLock(minutes: number): Promise<void>
}

/** What a wallet begins with. `backedUp`: whoever brought the secrets has them. */
export interface NewWallet {
  readonly accounts: readonly AccountRecord[]
  readonly backedUp: boolean
}

type Ports = Pick<WalletPorts, 'store' | 'session' | 'clock' | 'random' | 'engines' | 'argon2id' | 'aead' | 'kdf'>

export async function createKeyring(
  ports: Ports,
  hooks: { changed: () => void; locking: () => void; unlocked: () => void },
): Promise<Keyring> {
  const { clock, engines, session } = ports
  const vault = createVault({ ...ports, sha256: engines.hashes.sha256, onGone: hooks.changed })
  let exists = await vault.exists()
  /** As the header says while locked; one that cannot be read says nothing, and unlocking then tells why. */
  let methods = exists ? await vault.methods().catch((): readonly Slot[] => []) : []
  let open: OpenVault | null = null
  let deadline = 0
  let savedDeadline = 0
  let alarm = new AbortController()

  const opened = (): OpenVault => {
    if (!open) throw new Locked()
    return open
  }

  async function saveSession(): Promise<void> {
    savedDeadline = deadline
    await opened().withDataKey((dataKey) => session.save(dataKey, deadline))
  }

  function watch(): void {
    alarm.abort()
    alarm = new AbortController()
    const { signal } = alarm
    const wait = async () => {
      while (!signal.aborted && clock.now() < deadline) await clock.sleep(deadline - clock.now(), signal)
      if (!signal.aborted) await lock()
    }
    // Only an abort ends the wait early, and then there is nothing left to do.
    wait().catch(() => undefined)
  }

  function takeUp(fresh: OpenVault, until: number | null): void {
    exists = true
    open = fresh
    deadline = until ?? clock.now() + fresh.records.autoLockMinutes * MINUTE
    savedDeadline = deadline
    watch()
    hooks.unlocked()
    hooks.changed()
  }

  async function lock(): Promise<void> {
    alarm.abort()
    const closing = open
    if (closing) {
      hooks.locking()
      methods = closing.methods
      open = null
      hooks.changed()
    }
    await Promise.all([session.end(), closing?.close()])
  }

  async function touch(): Promise<void> {
    if (open && clock.now() >= deadline) await lock()
    deadline = clock.now() + opened().records.autoLockMinutes * MINUTE
    if (deadline - savedDeadline >= SAVE_EVERY) await saveSession()
  }

  /** What changed the data key has to be told to the session. */
  async function rekeyed(work: (vault: OpenVault) => Promise<void>): Promise<void> {
    await work(opened())
    await saveSession()
    hooks.changed()
  }

  return {
    get phase() {
      return open ? 'unlocked' : exists ? 'locked' : 'no-wallet'
    },
    get records() {
      return open?.records ?? null
    },
    get methods() {
      return open?.methods ?? methods
    },
    async create(password, secrets, { accounts, backedUp }) {
      const records: Records = {
        version: 3,
        accounts,
        selected: accounts[0]?.id ?? null,
        hasPhrase: secrets.some(({ kind }) => kind === 'phrase'),
        backedUp,
        drills: { phrase: null, file: null },
        autoLockMinutes: AUTO_LOCK.default,
        sites: [],
        activity: {},
      }
      takeUp(await vault.create(password, secrets, records), null)
      await saveSession()
    },
    async unlock(unlock) {
      if (open && unlock.method === 'password') return vault.checkPassword(unlock.password)
      const fresh = await vault.open(unlock)
      await open?.close()
      takeUp(fresh, null)
      await saveSession()
    },
    async recover(unlock, next) {
      const fresh = await vault.open(unlock)
      try {
        await fresh.setPassword(next)
      } catch (error) {
        await fresh.close()
        throw error
      }
      await open?.close()
      takeUp(fresh, null)
      await saveSession()
    },
    async restoreBackup(file, password) {
      takeUp(await vault.restore(file, password), null)
      await saveSession()
    },
    async restore() {
      if (open || !exists) return session.end()
      const kept = await session.restore(clock.now())
      if (!kept) return
      const fresh = await vault.openWithDataKey(kept.dataKey)
      if (fresh) takeUp(fresh, kept.deadline)
      else await session.end()
    },
    lock,
    async erase() {
      await lock()
      await vault.erase()
      exists = false
      methods = []
      hooks.changed()
    },
    get gone() {
      return vault.gone
    },
    look: vault.look,
    putBack: vault.putBack,
    checkPassword: (password) => vault.checkPassword(password),
    changePassword: (current, next) => rekeyed((vault) => vault.changePassword(current, next)),
    addMethod: (keyed) => rekeyed((vault) => vault.addMethod(keyed)),
    removeMethod: (id) => rekeyed((vault) => vault.removeMethod(id)),
    backup: async (password) => opened().backup(password),
    checkBackup: async (file, password) => opened().checkBackup(file, password),
    touch,
    async tick() {
      if (open && clock.now() >= deadline) await lock()
    },
    async update(change) {
      await opened().update((records) => withLogged(records, change(records), clock.now(), engines.hashes.sha256))
      hooks.changed()
    },
    withSecrets: async (use) => opened().withSecrets(use),
    async addSecrets(secrets, change) {
      await opened().addSecrets(secrets, change)
      hooks.changed()
    },
    async signAs(account, use) {
      return opened().withSecrets((secrets) => {
        const { key } = account
        if (key.kind !== 'derived' && key.kind !== 'imported') throw new KeyElsewhere()
        const secret = secrets[key.secret]
        if (!secret) throw new VaultCorrupted('an account belongs to a secret that is not there')
        return withSecretKey(secret, key.kind === 'derived' ? key.index : null, engines.hashes.sha256, (secretKey) => {
          const address = addressOf(engines.secp256k1.publicKey(secretKey), engines.hashes.keccak256)
          if (address !== account.address) throw new VaultCorrupted('an account does not belong to its secret')
          return use(secretKey)
        })
      })
    },
    async setAutoLock(minutes) {
      if (!Number.isInteger(minutes) || minutes < AUTO_LOCK.least || minutes > AUTO_LOCK.most)
        throw new InvalidAutoLock(minutes)
      await opened().update((records) => ({ ...records, autoLockMinutes: minutes }))
      deadline = clock.now() + minutes * MINUTE
      watch()
      await saveSession()
      hooks.changed()
    },
  }
}

/** A fault of the program: whoever signs looks first whether the key is here. */
export class KeyElsewhere extends WalletError {
  constructor() {
    super(
      { name: 'Wallet.KeyElsewhere', code: 'KEY_ELSEWHERE', kind: 'refused' },
      'The key of this account is not in this wallet.',
    )
  }
}

export class InvalidAutoLock extends WalletError {
  constructor(minutes: number) {
    super(
      { name: 'Wallet.InvalidAutoLock', code: 'INVALID_AUTO_LOCK', kind: 'usage' },
      `The wallet cannot lock after ${minutes} minutes: expected a whole number from ${AUTO_LOCK.least} to ${AUTO_LOCK.most}.`,
    )
  }
}
