import type { ImportRequest } from '@glowworm/wallet-core/facade/facade'

/**
 * What was typed or chosen so far. A form field holds a string that nobody can wipe: it is read once into bytes, and
 * emptied as soon as these are known to be good.
 */
export interface ImportDraft {
  readonly kind: ImportRequest['kind'] | 'backup'
  /** Of SLIP-39: shares, one a line. */
  readonly phrase: string
  readonly passphrase: string
  readonly key: string
  readonly vault: string
  readonly file: Uint8Array | null
  readonly password: string
}

export const EMPTY_IMPORT: ImportDraft = {
  kind: 'phrase',
  phrase: '',
  passphrase: '',
  key: '',
  vault: '',
  file: null,
  password: '',
}

const COUNTS = [12, 15, 18, 21, 24]

/** Words in lower case with single spaces, as BIP-39 wants them. */
export function tidyPhrase(text: string): string {
  return text.normalize('NFKD').trim().toLowerCase().split(/\s+/).join(' ')
}

export function wordCount(draft: ImportDraft): number {
  const phrase = tidyPhrase(draft.phrase)
  return phrase === '' ? 0 : phrase.split(' ').length
}

export const fitsPhrase = (count: number): boolean => COUNTS.includes(count)

/** Whether there is something of each field that its kind needs. */
export function isFilled(draft: ImportDraft): boolean {
  switch (draft.kind) {
    case 'phrase':
    case 'slip39':
      return draft.phrase.trim() !== ''
    case 'private-key':
      return draft.key.trim() !== ''
    case 'metamask':
      return draft.vault.trim() !== '' && draft.password !== ''
    case 'keystore':
      return draft.file !== null
    case 'backup':
      return draft.file !== null && draft.password !== ''
  }
}

/**
 * The request, in fresh bytes. Other programs' passwords go as they were typed; the passphrase of BIP-39 in its NFKD form.
 * Null for a backup file, which is restored and not imported, and where a file is missing.
 * @throws {InvalidImport} when a word of a share is not in the list, which is fetched only for them
 */
export async function importRequest(draft: ImportDraft): Promise<ImportRequest | null> {
  const bytes = (text: string) => new TextEncoder().encode(text)
  switch (draft.kind) {
    case 'phrase':
      return {
        kind: 'phrase',
        phrase: bytes(tidyPhrase(draft.phrase)),
        passphrase: bytes(draft.passphrase.normalize('NFKD')),
      }
    case 'slip39': {
      const { readShares } = await import('@glowworm/wallet-core/facade/slip39/read-shares')
      const shares = readShares(draft.phrase)
      return { kind: 'slip39', shares, passphrase: bytes(draft.passphrase.normalize('NFKD')) }
    }
    case 'private-key':
      return { kind: 'private-key', key: bytes(draft.key) }
    case 'metamask':
      return { kind: 'metamask', file: bytes(draft.vault), password: bytes(draft.password) }
    case 'keystore':
      return draft.file && { kind: 'keystore', file: draft.file.slice(), password: bytes(draft.password) }
    case 'backup':
      return null
  }
}

/** Another copy to lend: whoever gets it wipes it. */
export const copyImport = (from: ImportRequest): ImportRequest => structuredClone(from)

/** Wipes every byte of it. */
export function wipeImport(from: ImportRequest | null): void {
  for (const part of Object.values(from ?? {}).flat()) if (part instanceof Uint8Array) part.fill(0)
}
