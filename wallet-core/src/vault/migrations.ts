/**
 * Contents of older versions, made into the next one. A vault whose format is old is written back in one atomic write,
 * under a fresh data key; records that are old are written as they are now with the next change. A crash leaves the old
 * ones, which are migrated again.
 * @module
 */
import {
  type AccountKey,
  type AccountRecord,
  type Content,
  decodeContent,
  decodeRecords,
  type Records,
} from './content.ts'
import { UnknownVaultVersion, VaultCorrupted } from './errors.ts'
import { phraseSecret } from './secrets.ts'

const RECORDS_VERSION = 3

/** The content as this version knows it. Its keys and secrets are copies the caller must wipe. @throws {VaultCorrupted} */
export function contentOf(version: number, bytes: Uint8Array): Content {
  return version === 1 ? fromVersion1(bytes) : decodeContent(bytes)
}

/** The records of a vault of format 2. @throws {VaultCorrupted} {@link UnknownVaultVersion} */
export function recordsOf(json: Uint8Array): Records {
  const records = decodeRecords(json)
  const { version } = records
  if (version === RECORDS_VERSION) return records as Records
  if (version === 2) return fromRecords2(records as RecordsOfVersion2)
  if (Number.isSafeInteger(version) && (version as number) > RECORDS_VERSION)
    throw new UnknownVaultVersion(version as number, RECORDS_VERSION)
  throw new VaultCorrupted(`its records have version ${String(version)}, expected 2 or ${RECORDS_VERSION}`)
}

/** Every account belonged to one of the vault's secrets; `index` null: it was a key imported by itself. */
interface AccountOfVersion2 extends Pick<AccountRecord, 'id' | 'name' | 'address' | 'publicKey'> {
  readonly secret: number
  readonly index: number | null
}
interface RecordsOfVersion2 extends Omit<Records, 'version' | 'accounts'> {
  readonly version: 2
  readonly accounts: readonly AccountOfVersion2[]
}

/** 2 → 3: accounts whose keys are elsewhere, hidden ones, and those made for one site. */
function fromRecords2(old: RecordsOfVersion2): Records {
  const accounts = old.accounts.map(({ id, name, secret, index, address, publicKey }): AccountRecord => {
    const key: AccountKey = index === null ? { kind: 'imported', secret } : { kind: 'derived', secret, index }
    return { id, name, key, address, publicKey, hidden: false, site: null }
  })
  return { ...old, version: RECORDS_VERSION, accounts }
}

type AccountOfVersion1 = Omit<AccountOfVersion2, 'secret' | 'index'> & { readonly index: number }
type RecordsOfVersion1 = Omit<RecordsOfVersion2, 'version' | 'accounts' | 'hasPhrase' | 'drills'> & {
  readonly version: 1
  readonly accounts: readonly AccountOfVersion1[]
}

/** 1 → 2. Version 1 was `u8 entropy length ‖ BIP-39 entropy ‖ records`; no slot's key was kept. */
function fromVersion1(bytes: Uint8Array): Content {
  const length = bytes[0] ?? 0
  if (length < 16 || length > 32 || bytes.length <= 1 + length)
    throw new VaultCorrupted('its content has no plausible length')
  const old = decodeRecords(bytes.subarray(1 + length)) as RecordsOfVersion1
  if (old.version !== 1) throw new VaultCorrupted(`its records have version ${String(old.version)}, expected 1`)
  const accounts = old.accounts.map((account): AccountOfVersion2 => ({ ...account, secret: 0 }))
  return {
    slotKeys: [],
    secrets: [phraseSecret(bytes.slice(1, 1 + length))],
    // When the drill was done was not recorded.
    records: fromRecords2({ ...old, version: 2, accounts, hasPhrase: true, drills: { phrase: null, file: null } }),
  }
}
