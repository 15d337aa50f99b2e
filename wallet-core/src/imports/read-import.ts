/** Everything that accounts are imported from, read into the vault's secrets. @module */
import type { Engines } from '@glowworm/wasm-core'
import { entropyOf } from '../accounts/phrase.ts'
import { WalletError } from '../errors.ts'
import type { ImportRequest } from '../facade/facade.ts'
import type { Aead, ImportCiphers } from '../ports.ts'
import { MOST_PASSPHRASE_BYTES, MOST_SECRETS, phraseSecret, type Secret, wipeSecrets } from '../vault/secrets.ts'
import { InvalidImport } from './errors.ts'
import { readKeystore } from './keystore.ts'
import { readMetaMask } from './metamask.ts'
import { readPrivateKey } from './private-key.ts'
import { masterSecretOf } from './slip39/combine.ts'

export const MOST_ACCOUNTS = 100

export interface Imported {
  /** The caller's to wipe. */
  readonly secrets: readonly Secret[]
  /** How many accounts each secret stands for. */
  readonly counts: readonly number[]
  readonly left: readonly string[]
}

interface Ports {
  readonly engines: Engines
  readonly aead: Aead
  readonly importCiphers: ImportCiphers
}

/**
 * Wipes the bytes of the request.
 * @throws {InvalidPhrase} {@link InvalidImport} {@link WrongImportPassword} {@link ImportTooCostly} {@link TooManyAccounts}
 */
export async function readImport(from: ImportRequest, ports: Ports): Promise<Imported> {
  try {
    const imported = await read(from, ports)
    try {
      checkImported(
        imported.secrets.length,
        imported.counts.reduce((sum, count) => sum + count, 0),
      )
    } catch (error) {
      wipeSecrets(imported.secrets)
      throw error
    }
    return imported
  } finally {
    wipeRequest(from)
  }
}

/** Wipes every byte that came with the request. */
export function wipeRequest(from: ImportRequest): void {
  for (const part of Object.values(from ?? {}).flat()) if (part instanceof Uint8Array) part.fill(0)
}

async function read(from: ImportRequest, { engines, aead, importCiphers }: Ports): Promise<Imported> {
  const one = (secret: Secret): Imported => ({ secrets: [secret], counts: [1], left: [] })
  switch (from?.kind) {
    case 'phrase': {
      const passphrase = bytesOf(from.kind, 'passphrase', from.passphrase)
      if (passphrase.length > MOST_PASSPHRASE_BYTES)
        throw new InvalidImport(from.kind, `its passphrase has more than ${MOST_PASSPHRASE_BYTES} bytes`)
      const phrase = bytesOf(from.kind, 'phrase', from.phrase)
      return one(phraseSecret(entropyOf(phrase, engines.hashes.sha256), passphrase.slice()))
    }
    case 'private-key':
      return one({ kind: from.kind, key: readPrivateKey(bytesOf(from.kind, 'key', from.key), engines) })
    case 'keystore': {
      const [file, password] = [bytesOf(from.kind, 'file', from.file), bytesOf(from.kind, 'password', from.password)]
      return one({ kind: 'private-key', key: await readKeystore(file, password, engines, importCiphers) })
    }
    case 'metamask': {
      const [file, password] = [bytesOf(from.kind, 'file', from.file), bytesOf(from.kind, 'password', from.password)]
      return readMetaMask(file, password, engines, { aead, ciphers: importCiphers })
    }
    case 'slip39': {
      if (!Array.isArray(from.shares)) throw new InvalidImport(from.kind, 'shares is not a list')
      const shares = from.shares.map((share: unknown) => bytesOf(from.kind, 'a share', share))
      const passphrase = bytesOf(from.kind, 'passphrase', from.passphrase)
      return one({ kind: 'seed', seed: await masterSecretOf(shares, passphrase, importCiphers) })
    }
    default:
      throw new InvalidImport(null, 'its kind is not known')
  }
}

function bytesOf(kind: ImportRequest['kind'], name: string, value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new InvalidImport(kind, `${name} is not bytes`)
  return value
}

/** @throws {TooManyAccounts} */
export function checkImported(secrets: number, accounts: number): void {
  if (accounts > MOST_ACCOUNTS || secrets > MOST_SECRETS) throw new TooManyAccounts()
}

export class TooManyAccounts extends WalletError {
  constructor() {
    super(
      { name: 'Wallet.TooManyAccounts', code: 'TOO_MANY_ACCOUNTS', kind: 'refused' },
      `A wallet holds at most ${MOST_ACCOUNTS} accounts of ${MOST_SECRETS} phrases and keys.`,
    )
  }
}
