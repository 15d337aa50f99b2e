/**
 * What accounts were proven with, on disk. Evidence, not conclusions: it is proven again before anything is shown of it,
 * and says nothing unless it belongs to the head that is proven again beside it.
 * @module
 */
import { fromHex, toHex } from '../data/hex.ts'
import { GlowwormError } from '../errors.ts'
import type { ByteStore, Clock } from '../infrastructure/ports.ts'
import { MissingEvidence } from '../ledgers/ethereum/block-history.ts'
import type { Account, EthereumClaim } from '../ledgers/ethereum/claims.ts'
import type { EthereumAnchor } from '../ledgers/ethereum/consensus.ts'
import { type Hex, keyOf } from '../ledgers/ethereum/evidence.ts'
import type { EthereumFamily } from '../ledgers/ethereum/family.ts'
import type { NetworkProfile } from '../ledgers/ethereum/profile.ts'
import type { Verified } from '../ledgers/verified.ts'
import type { EvidenceCache } from './evidence-cache.ts'
import { networkKey } from './evidence-store.ts'

export interface KeptAccounts {
  /** Keeps what an account was proven with a moment ago, at the finalized head of `anchor`. */
  keep(anchor: EthereumAnchor, address: Hex): Promise<void>
  /** Proves it again. Null: nothing is kept, or not of this anchor's finalized head. */
  prove(anchor: EthereumAnchor, address: Hex): Promise<{ verified: Verified<Account>; bytes: number } | null>
}

/** As JSON: `{"version": 1, "accounts": [[address, [[request key, answer as 0x-hex], …]], …]}`, the newest last. */
interface Written {
  readonly version: number
  readonly accounts: readonly (readonly [Hex, readonly (readonly [string, Hex])[]])[]
}

type Evidence = ReadonlyMap<string, Uint8Array>

const VERSION = 1
/** Those shown longest ago are forgotten first. */
const MOST_ACCOUNTS = 32

const keyFor = (profile: NetworkProfile): string => `ethereum/${networkKey(profile)}/accounts`

/** Forgets whose accounts were kept. For while no client keeps any. */
export const forgetAccounts = (store: ByteStore, profile: NetworkProfile): Promise<void> =>
  store.remove(keyFor(profile))

export function createKeptAccounts(options: {
  readonly store: ByteStore
  readonly profile: NetworkProfile
  readonly family: EthereumFamily
  readonly cache: EvidenceCache
  readonly clock: Clock
}): KeptAccounts {
  const { store, family, cache, clock } = options
  const key = keyFor(options.profile)
  let loaded: Promise<Map<Hex, Evidence>> | null = null
  let writing: Promise<void> = Promise.resolve()

  const load = () => {
    loaded ??= store.read(key).then(
      (bytes) => (bytes ? read(bytes) : new Map()),
      (cause) => {
        loaded = null
        throw cause
      },
    )
    return loaded
  }
  load().catch(() => {}) // said to whoever keeps or proves
  const claimOf = (address: Hex) => ({ type: 'account', address, at: 'finalized' }) as const satisfies EthereumClaim

  /** All that proving takes, as far as this run has verified it. */
  async function held(anchor: EthereumAnchor, address: Hex): Promise<Evidence | null> {
    const evidence = new Map<string, Uint8Array>()
    for (;;)
      try {
        await family.prove(anchor, claimOf(address), evidence, clock.now())
        return evidence
      } catch (cause) {
        if (!(cause instanceof MissingEvidence)) throw cause
        for (const request of cause.requests) {
          const bytes = cache.get(request)
          if (!bytes) return null
          evidence.set(keyOf(request), bytes)
        }
      }
  }

  return {
    async keep(anchor, address) {
      const evidence = await held(anchor, address)
      if (!evidence) return
      const accounts = await load()
      accounts.delete(address)
      accounts.set(address, evidence)
      for (const oldest of accounts.keys()) if (accounts.size > MOST_ACCOUNTS) accounts.delete(oldest)
      // one after another: the last one written holds all
      writing = writing.catch(() => {}).then(() => store.write(key, write(accounts)))
      await writing
    },
    async prove(anchor, address) {
      const evidence = (await load()).get(address)
      if (!evidence) return null
      try {
        const verified = await family.prove(anchor, claimOf(address), evidence, clock.now())
        return { verified, bytes: [...evidence.values()].reduce((sum, { length }) => sum + length, 0) }
      } catch (cause) {
        // of another block, or no longer whole
        if (cause instanceof GlowwormError) return null
        throw cause
      }
    },
  }
}

function write(accounts: ReadonlyMap<Hex, Evidence>): Uint8Array {
  const written: Written = {
    version: VERSION,
    accounts: [...accounts].map(([address, evidence]) => [
      address,
      [...evidence].map(([request, bytes]) => [request, toHex(bytes)] as const),
    ]),
  }
  return new TextEncoder().encode(JSON.stringify(written))
}

/** What cannot be read is as good as nothing: it will be asked for. */
function read(bytes: Uint8Array): Map<Hex, Evidence> {
  try {
    const { version, accounts } = JSON.parse(new TextDecoder().decode(bytes)) as Written
    if (version !== VERSION) return new Map()
    return new Map(
      accounts.map(([address, evidence]) => [
        address,
        new Map(evidence.map(([request, hex]) => [request, fromHex(hex, 'kept evidence')])),
      ]),
    )
  } catch {
    return new Map()
  }
}
