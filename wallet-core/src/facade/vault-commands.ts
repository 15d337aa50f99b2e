/** The commands around the vault: making, opening and closing it, its backups, and the ways to unlock it. @module */
import { deriveAccount } from '../accounts/derivation.ts'
import { indexOfWord, phraseOf, wordIndices } from '../accounts/phrase.ts'
import { WalletError } from '../errors.ts'
import { checkImported, type Imported, readImport, wipeRequest } from '../imports/read-import.ts'
import type { Records } from '../vault/content.ts'
import { MOST_VAULT_BYTES } from '../vault/envelope.ts'
import { Locked, WrongUnlockSecret } from '../vault/errors.ts'
import { decodeRecoveryFile, encodeRecoveryFile } from '../vault/recovery-file.ts'
import { phraseSecret, sameSecret, wipeSecrets } from '../vault/secrets.ts'
import { RECOVERY_SLOT, type Slot, UNLOCK_SECRET_BYTES, wrappingKey } from '../vault/slots.ts'
import type { Core } from './core.ts'
import type { ImportRequest, WalletFacade } from './facade.ts'
import { type Stop, unlessStopped } from './stopped.ts'

type VaultCommands = Pick<
  WalletFacade,
  | 'create'
  | 'checkImport'
  | 'importWallet'
  | 'importMore'
  | 'unlock'
  | 'unlockWithPasskey'
  | 'recover'
  | 'lock'
  | 'changePassword'
  | 'revealPhrase'
  | 'confirmBackup'
  | 'makeBackup'
  | 'checkBackup'
  | 'restoreBackup'
  | 'makeRecoveryFile'
  | 'addPasskey'
  | 'removeUnlockMethod'
>

/** Fewer words would be no drill. */
const LEAST_DRILL = 3
const MOST_CREDENTIAL = 1023
const MOST_NAME = 64

export function createVaultCommands({ keyring, ports, freshId, refresh }: Core): VaultCommands {
  const { sha256 } = ports.engines.hashes
  const { random, argon2id, clock } = ports

  const drilled = (which: keyof Records['drills']) =>
    keyring.update((all) => ({ ...all, backedUp: true, drills: { ...all.drills, [which]: clock.now() } }))

  /** The phrase of the wallet, lent as its entropy. @throws {NoPhrase} */
  const withPhrase = <T>(use: (entropy: Uint8Array) => T): Promise<T> =>
    keyring.withSecrets((secrets) => {
      const phrase = secrets.find((secret) => secret.kind === 'phrase')
      if (!phrase) throw new NoPhrase()
      return use(phrase.entropy)
    })

  async function addMethod(password: Uint8Array, slot: Slot, secret: Uint8Array): Promise<void> {
    await keyring.checkPassword(password)
    const key = await wrappingKey(slot, secret, argon2id)
    try {
      await keyring.addMethod({ slot, key })
    } finally {
      key.fill(0)
    }
  }

  const accountsOf = ({ secrets, counts }: Imported, first: number, named: number) =>
    secrets
      .flatMap((secret, place) =>
        Array.from({ length: counts[place]! }, (_, index) => ({ secret, place: first + place, index })),
      )
      .map(({ secret, place, index }, i) =>
        deriveAccount(
          secret,
          place,
          secret.kind === 'private-key' ? null : index,
          `Account ${named + i + 1}`,
          ports.engines,
        ),
      )

  /** Foreign files say themselves how long they take to open. */
  const reading = (from: ImportRequest, stop: Stop) =>
    unlessStopped(readImport(from, ports), stop, ({ secrets }) => wipeSecrets(secrets))

  return {
    async create({ password, words }) {
      const entropy = random.bytes(words === 24 ? 32 : 16)
      const secret = phraseSecret(entropy)
      try {
        const account = deriveAccount(secret, 0, 0, 'Account 1', ports.engines)
        await keyring.create(password, [secret], { accounts: [account], backedUp: false })
        return { phrase: phraseOf(entropy, sha256) }
      } finally {
        entropy.fill(0)
        password.fill(0)
      }
    },
    async checkImport({ from }, stop) {
      const imported = await reading(from, stop)
      wipeSecrets(imported.secrets)
      return resultOf(imported)
    },
    async importWallet({ password, from }, stop) {
      let imported: Imported | null = null
      try {
        imported = await reading(from, stop)
        await keyring.create(password, imported.secrets, { accounts: accountsOf(imported, 0, 0), backedUp: true })
        return resultOf(imported)
      } finally {
        password.fill(0)
        if (imported) wipeSecrets(imported.secrets)
      }
    },
    async importMore({ from }, stop) {
      await keyring.touch().catch((error: unknown) => {
        wipeRequest(from)
        throw error
      })
      const imported = await reading(from, stop)
      try {
        const held = await keyring.withSecrets((secrets) => {
          const known = imported.secrets.map((secret) => secrets.some((other) => sameSecret(secret, other)))
          return { known, count: secrets.length }
        })
        const fresh = held.known.flatMap((known, i) => (known ? [] : [i]))
        const added: Imported = {
          secrets: fresh.map((i) => imported.secrets[i]!),
          counts: fresh.map((i) => imported.counts[i]!),
          left: imported.left,
        }
        const records = recordsNow()
        const known = new Set(records.accounts.map(({ address }) => address))
        const accounts = accountsOf(added, held.count, records.accounts.length).filter(
          ({ address }) => !known.has(address),
        )
        if (accounts.length === 0) throw new NothingNew()
        checkImported(held.count + added.secrets.length, records.accounts.length + accounts.length)
        // A backup file made before does not hold them.
        await keyring.addSecrets(added.secrets, (all) => ({
          ...all,
          accounts: [...all.accounts, ...accounts],
          hasPhrase: all.hasPhrase || added.secrets.some(({ kind }) => kind === 'phrase'),
          drills: { ...all.drills, file: null },
        }))
        void refresh()
        return { accounts: accounts.length, left: imported.left }
      } finally {
        wipeSecrets(imported.secrets)
      }
    },
    async unlock({ password }) {
      try {
        await keyring.unlock({ method: 'password', password })
      } finally {
        password.fill(0)
      }
    },
    async unlockWithPasskey({ id, output }) {
      try {
        if (output.length !== UNLOCK_SECRET_BYTES) throw new WrongUnlockSecret('passkey')
        await keyring.unlock({ method: 'passkey', id, secret: output })
      } finally {
        output.fill(0)
      }
    },
    async recover({ file, next }) {
      let secret: Uint8Array | null = null
      try {
        secret = decodeRecoveryFile(file, sha256)
        await keyring.recover({ method: 'recovery-file', id: RECOVERY_SLOT, secret }, next)
      } finally {
        secret?.fill(0)
        file.fill(0)
        next.fill(0)
      }
    },
    lock: () => keyring.lock(),
    async changePassword({ current, next }) {
      try {
        await keyring.touch()
        await keyring.changePassword(current, next)
      } finally {
        current.fill(0)
        next.fill(0)
      }
    },
    async revealPhrase({ password }) {
      try {
        await keyring.touch()
        await keyring.checkPassword(password)
        return { phrase: await withPhrase((entropy) => phraseOf(entropy, sha256)) }
      } finally {
        password.fill(0)
      }
    },
    async confirmBackup({ positions, words }) {
      try {
        await keyring.touch()
        const right = await withPhrase((entropy) => {
          const indices = wordIndices(entropy, sha256)
          try {
            checkDrill(positions, words, indices.length)
            return positions.every((position, i) => indices[position] === indexOfWord(words[i]!))
          } finally {
            indices.fill(0)
          }
        })
        if (right) await drilled('phrase')
        return right
      } finally {
        wipeAll(words)
      }
    },
    async makeBackup({ password }) {
      try {
        await keyring.touch()
        return { file: await keyring.backup(password) }
      } finally {
        password.fill(0)
      }
    },
    async checkBackup({ file, password }) {
      try {
        await keyring.touch()
        const right = await keyring.checkBackup(checkFile(file), password)
        if (right) await drilled('file')
        return right
      } finally {
        password.fill(0)
      }
    },
    async restoreBackup({ file, password }) {
      try {
        await keyring.restoreBackup(checkFile(file), password)
        // It was just opened.
        await drilled('file')
      } finally {
        password.fill(0)
      }
    },
    async makeRecoveryFile({ password }) {
      const secret = random.bytes(UNLOCK_SECRET_BYTES)
      try {
        await keyring.touch()
        await addMethod(password, { id: RECOVERY_SLOT, method: 'recovery-file', salt: random.bytes(16) }, secret)
        return { file: encodeRecoveryFile(secret, sha256) }
      } finally {
        secret.fill(0)
        password.fill(0)
      }
    },
    async addPasskey({ password, name, credential, prfSalt, output }) {
      try {
        await keyring.touch()
        checkPasskey(name, credential, prfSalt, output)
        const slot = { id: `passkey-${freshId()}`, method: 'passkey', salt: random.bytes(16) } as const
        await addMethod(password, { ...slot, name: name.trim(), credential, prfSalt }, output)
      } finally {
        output.fill(0)
        password.fill(0)
      }
    },
    async removeUnlockMethod({ id, password }) {
      try {
        await keyring.touch()
        await keyring.checkPassword(password)
        await keyring.removeMethod(id)
      } finally {
        password.fill(0)
      }
    },
  }

  function recordsNow(): Records {
    if (keyring.records === null) throw new Locked()
    return keyring.records
  }
}

const resultOf = ({ counts, left }: Imported) => ({ accounts: counts.reduce((sum, count) => sum + count, 0), left })

/** Of a caller that may have sent anything. */
function checkDrill(positions: unknown, words: unknown, count: number): void {
  const places = new Set(Array.isArray(positions) ? (positions as unknown[]) : [])
  const fits = [...places].every(
    (place) => typeof place === 'number' && Number.isInteger(place) && place >= 0 && place < count,
  )
  const bytes = Array.isArray(words) && words.every((word: unknown) => word instanceof Uint8Array) ? words.length : -1
  if (!fits || places.size < LEAST_DRILL || (positions as unknown[]).length !== bytes) throw new InvalidDrill(count)
}

function wipeAll(parts: unknown): void {
  if (Array.isArray(parts)) for (const part of parts) if (part instanceof Uint8Array) part.fill(0)
}

function checkFile(file: Uint8Array): Uint8Array {
  if (!(file instanceof Uint8Array) || file.length === 0 || file.length > MOST_VAULT_BYTES)
    throw new InvalidBackupFile()
  return file
}

function checkPasskey(name: string, credential: Uint8Array, prfSalt: Uint8Array, output: Uint8Array): void {
  const fits = (bytes: Uint8Array, least: number, most: number) =>
    bytes instanceof Uint8Array && bytes.length >= least && bytes.length <= most
  const named = typeof name === 'string' && name.trim() !== '' && name.trim().length <= MOST_NAME
  if (!named) throw new InvalidPasskey('name')
  if (!fits(credential, 1, MOST_CREDENTIAL)) throw new InvalidPasskey('credential')
  if (!fits(prfSalt, 32, 32)) throw new InvalidPasskey('prfSalt')
  if (!fits(output, UNLOCK_SECRET_BYTES, UNLOCK_SECRET_BYTES)) throw new InvalidPasskey('output')
}

export class InvalidDrill extends WalletError {
  constructor(count: number) {
    super(
      { name: 'Wallet.InvalidDrill', code: 'INVALID_DRILL', kind: 'usage' },
      `The drill needs at least ${LEAST_DRILL} different places from 0 to ${count - 1}, and one word for each.`,
    )
  }
}

/** The wallet was made from keys or shares that no phrase leads to. */
export class NoPhrase extends WalletError {
  constructor() {
    super(
      { name: 'Wallet.NoPhrase', code: 'NO_PHRASE', kind: 'usage' },
      'This wallet has no phrase: it was made from keys or shares.',
      { next: 'Make a backup file.' },
    )
  }
}

export class NothingNew extends WalletError {
  constructor() {
    super(
      { name: 'Wallet.NothingNew', code: 'NOTHING_NEW', kind: 'usage' },
      'The wallet has all accounts of this import already.',
    )
  }
}

export class InvalidBackupFile extends WalletError {
  constructor() {
    super(
      { name: 'Wallet.InvalidBackupFile', code: 'INVALID_BACKUP_FILE', kind: 'usage' },
      `This is not a backup file: expected 1 to ${MOST_VAULT_BYTES} bytes.`,
    )
  }
}

export class InvalidPasskey extends WalletError {
  constructor(argument: string) {
    super(
      { name: 'Wallet.InvalidPasskey', code: 'INVALID_PASSKEY', kind: 'usage' },
      `The passkey cannot be used: its ${argument} is not as expected.`,
      { next: 'Use another authenticator: this one may not support the PRF extension.' },
    )
  }
}
