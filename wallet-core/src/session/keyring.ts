/**
 * The wallet's lock: holds the open vault while it is unlocked, lends keys for one signature at a time, and locks when
 * nobody has used it for a while. The deadline is checked by a timer and again before every use, since timers stand
 * still while a device sleeps.
 * @module
 */
import { addressOf } from '../accounts/address.ts'
import { deriveAccount, withSecretKey } from '../accounts/derivation.ts'
import { WalletError } from '../errors.ts'
import type { WalletPorts } from '../ports.ts'
import type { AccountRecord, Records } from '../vault/content.ts'
import { VaultCorrupted } from '../vault/envelope.ts'
import { Locked } from '../vault/errors.ts'
import { createVault, type OpenVault } from '../vault/vault.ts'

export const AUTO_LOCK = { default: 15, least: 1, most: 24 * 60 } as const
const MINUTE = 60_000
/** The session's deadline is rewritten at most this often. */
const SAVE_EVERY = 15_000

export interface Keyring {
  readonly phase: 'no-wallet' | 'locked' | 'unlocked'
  /** The records while unlocked, else null. */
  readonly records: Records | null
  create(password: Uint8Array, entropy: Uint8Array): Promise<void>
  unlock(password: Uint8Array): Promise<void>
  /** Takes up a session that outlived the worker. */
  restore(): Promise<void>
  lock(): Promise<void>
  erase(): Promise<void>
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
  withEntropy<T>(use: (entropy: Uint8Array) => T | Promise<T>): Promise<T>
  /** Lends the account's secret key. @throws {Locked} */
  signAs<T>(account: AccountRecord, use: (secretKey: Uint8Array) => T): Promise<T>
  setAutoLock(minutes: number): Promise<void>
}

type Ports = Pick<WalletPorts, 'store' | 'session' | 'clock' | 'random' | 'engines' | 'argon2id' | 'aead' | 'kdf'>

export async function createKeyring(
  ports: Ports,
  hooks: { changed: () => void; locking: () => void; unlocked: () => void },
): Promise<Keyring> {
  const { clock, engines, session } = ports
  const vault = createVault({ ...ports, sha256: engines.hashes.sha256 })
  let exists = await vault.exists()
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

  return {
    get phase() {
      return open ? 'unlocked' : exists ? 'locked' : 'no-wallet'
    },
    get records() {
      return open?.records ?? null
    },
    async create(password, entropy) {
      const records: Records = {
        version: 1,
        accounts: [deriveAccount(entropy, 0, 'Account 1', engines)],
        selected: 'eth-0',
        backedUp: false,
        autoLockMinutes: AUTO_LOCK.default,
        sites: [],
        activity: {},
      }
      takeUp(await vault.create(password, entropy, records), null)
      await saveSession()
    },
    async unlock(password) {
      if (open) return void (await vault.checkPassword(password))
      takeUp(await vault.open(password), null)
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
      hooks.changed()
    },
    checkPassword: (password) => vault.checkPassword(password),
    async changePassword(current, next) {
      await opened().changePassword(current, next)
      await saveSession()
    },
    touch,
    async tick() {
      if (open && clock.now() >= deadline) await lock()
    },
    async update(change) {
      await opened().update(change)
      hooks.changed()
    },
    async withEntropy(use) {
      return opened().withEntropy(use)
    },
    async signAs(account, use) {
      return opened().withEntropy((entropy) => {
        return withSecretKey(entropy, account.index, engines.hashes.sha256, (secretKey) => {
          const address = addressOf(engines.secp256k1.publicKey(secretKey), engines.hashes.keccak256)
          if (address !== account.address) throw new VaultCorrupted('an account does not belong to its phrase')
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

export class InvalidAutoLock extends WalletError {
  constructor(minutes: number) {
    super(
      { name: 'Wallet.InvalidAutoLock', code: 'INVALID_AUTO_LOCK', kind: 'usage' },
      `The wallet cannot lock after ${minutes} minutes: expected a whole number from ${AUTO_LOCK.least} to ${AUTO_LOCK.most}.`,
    )
  }
}
