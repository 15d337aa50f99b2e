import type { Engines } from '@glowworm/wasm-core'
import { WalletError } from '../errors.ts'
import type { AccountRecord } from '../vault/content.ts'
import type { Secret } from '../vault/secrets.ts'
import { deriveAccount } from './derivation.ts'

/** The next account of the first phrase or seed. @throws {NothingToDerive} when there are only single keys. */
export function nextAccount(
  secrets: readonly Secret[],
  accounts: readonly AccountRecord[],
  name: string,
  engines: Pick<Engines, 'hashes' | 'secp256k1'>,
): AccountRecord {
  const place = secrets.findIndex(({ kind }) => kind !== 'private-key')
  const secret = secrets[place]
  if (!secret) throw new NothingToDerive()
  const used = accounts.flatMap((account) => (account.secret === place ? [account.index ?? -1] : []))
  return deriveAccount(secret, place, Math.max(-1, ...used) + 1, name, engines)
}

export class NothingToDerive extends WalletError {
  constructor() {
    super(
      { name: 'Accounts.NothingToDerive', code: 'NOTHING_TO_DERIVE', kind: 'usage' },
      'This wallet was made from single keys: no further account follows from them.',
      { next: 'Import a phrase or another key.' },
    )
  }
}
