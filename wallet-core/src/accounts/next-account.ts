/** Further accounts of the phrases and seeds a wallet has. */
import type { Engines } from '@glowworm/wasm-core'
import { WalletError } from '../errors.ts'
import type { AccountRecord } from '../vault/content.ts'
import type { Secret } from '../vault/secrets.ts'
import { deriveAccount } from './derivation.ts'

type Kernels = Pick<Engines, 'hashes' | 'secp256k1'>

/** The next account of the first phrase or seed. @throws {NothingToDerive} when there are only single keys. */
export function nextAccount(
  secrets: readonly Secret[],
  accounts: readonly AccountRecord[],
  name: string,
  engines: Kernels,
): AccountRecord {
  const place = secrets.findIndex(({ kind }) => kind !== 'private-key')
  const secret = secrets[place]
  if (!secret) throw new NothingToDerive()
  return deriveAccount(secret, place, nextIndex(accounts, place), name, engines)
}

/** The `count` accounts after those the wallet has of each phrase and seed: where to look for used ones. */
export function accountsAhead(
  secrets: readonly Secret[],
  accounts: readonly AccountRecord[],
  count: number,
  engines: Kernels,
): AccountRecord[][] {
  const rows = secrets.flatMap((secret, place) => {
    if (secret.kind === 'private-key') return []
    const first = nextIndex(accounts, place)
    return [Array.from({ length: count }, (_, i) => deriveAccount(secret, place, first + i, '', engines))]
  })
  if (rows.length === 0) throw new NothingToDerive()
  return rows
}

function nextIndex(accounts: readonly AccountRecord[], place: number): number {
  const used = accounts.flatMap(({ key }) => (key.kind === 'derived' && key.secret === place ? [key.index] : []))
  return Math.max(-1, ...used) + 1
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
