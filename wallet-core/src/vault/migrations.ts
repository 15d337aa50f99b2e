/**
 * Contents of older versions, made into the next one. A migrated vault is written back in one atomic write, under a
 * fresh data key: a crash leaves the old vault, which is migrated again.
 * @module
 */
import { type AccountRecord, type Content, decodeContent, decodeRecords, type Records } from './content.ts'
import { VaultCorrupted } from './errors.ts'
import { phraseSecret } from './secrets.ts'

/** The content as this version knows it. Its keys and secrets are copies the caller must wipe. @throws {VaultCorrupted} */
export function contentOf(version: number, bytes: Uint8Array): Content {
  return version === 1 ? fromVersion1(bytes) : decodeContent(bytes)
}

type AccountOfVersion1 = Omit<AccountRecord, 'secret' | 'index'> & { readonly index: number }
type RecordsOfVersion1 = Omit<Records, 'version' | 'accounts' | 'hasPhrase' | 'drills'> & {
  readonly version: 1
  readonly accounts: readonly AccountOfVersion1[]
}

/** 1 → 2. Version 1 was `u8 entropy length ‖ BIP-39 entropy ‖ records`; no slot's key was kept. */
function fromVersion1(bytes: Uint8Array): Content {
  const length = bytes[0] ?? 0
  if (length < 16 || length > 32 || bytes.length <= 1 + length)
    throw new VaultCorrupted('its content has no plausible length')
  const old = decodeRecords(bytes.subarray(1 + length), 1) as RecordsOfVersion1
  const accounts = old.accounts.map((account): AccountRecord => ({ ...account, secret: 0 }))
  return {
    slotKeys: [],
    secrets: [phraseSecret(bytes.slice(1, 1 + length))],
    // When the drill was done was not recorded.
    records: { ...old, version: 2, accounts, hasPhrase: true, drills: { phrase: null, file: null } },
  }
}
