/**
 * Proven amounts and prices of what the user looks after, for the selected account. A value once proven stays, with its
 * age, until a newer proof replaces it. Of what is folded away nothing is asked: whoever sends things unasked does not
 * make this wallet call their contracts.
 * @module
 */
import type { LightClient } from '@glowworm/light-client'
import type { AssetView, HoldingsView, Price } from '../facade/asset-values.ts'
import type { Core } from '../facade/core.ts'
import type { Shown } from '../facade/facade.ts'
import { networkKey } from '../facade/state.ts'
import { chainResolvers } from '../intent/chain-resolvers.ts'
import type { TokenView } from '../intent/intent.ts'
import type { Resolvers } from '../intent/resolvers.ts'
import { readToken } from '../intent/tokens.ts'
import { TookTooLong } from '../intent/understanding.ts'
import type { PriceFeed } from '../ports.ts'
import type { AccountRecord, AssetRecord } from '../vault/content.ts'
import { assetKey, assetsOf } from './asset.ts'
import { KNOWN_FEEDS } from './known-feeds.ts'
import type { ListedToken } from './known-tokens.ts'
import { readPrice } from './prices.ts'
import { amountOf } from './read-asset.ts'

export interface Holdings {
  readonly view: HoldingsView
  /** Proves everything again at the newest head. One round at a time; never rejects. */
  refresh(client: LightClient): Promise<void>
  /** Forgets all proofs. A round under way has no effect any more. */
  clear(): void
  /** Lends readers on the newest head, for so long as one look may take. */
  reading<T>(use: (resolvers: Resolvers) => Promise<T>): Promise<T>
}

/** Milliseconds that a round, or one look, may take with all evidence. */
const LIMIT = 20_000

export function createHoldings(core: Core, listed: () => readonly ListedToken[]): Holdings {
  const { ports, keyring, handles, connection } = core
  const network = networkKey(ports.network)
  const feeds = ports.network.feeds ?? KNOWN_FEEDS[ports.network.chainId] ?? []
  interface Proofs {
    /** By account and asset. */
    readonly amounts: Map<string, Shown<bigint>>
    readonly tokens: Map<string, TokenView>
    readonly prices: Map<PriceFeed['of'], Shown<Price>>
    running: boolean
    again: LightClient | null
  }
  const fresh = (): Proofs => ({
    amounts: new Map(),
    tokens: new Map(),
    prices: new Map(),
    running: false,
    again: null,
  })
  let proofs = fresh()

  const selected = (): AccountRecord | null => {
    const { records } = keyring
    return records?.accounts.find(({ id }) => id === records.selected) ?? null
  }
  const amountKey = (account: AccountRecord, asset: AssetRecord) => `${account.id} ${assetKey(asset)}`

  async function reading<T>(use: (resolvers: Resolvers) => Promise<T>): Promise<T> {
    const [late, done] = [new AbortController(), new AbortController()]
    ports.clock.sleep(LIMIT, done.signal).then(
      () => late.abort(new TookTooLong()),
      () => undefined,
    )
    const { engines, clock } = ports
    const { chainId } = ports.network
    const client = connection.client()
    try {
      return await use(
        chainResolvers({
          client,
          handles,
          engines,
          chainId,
          head: 'optimistic',
          now: clock.now(),
          signal: late.signal,
        }),
      )
    } finally {
      done.abort()
    }
  }

  async function prove(): Promise<void> {
    const mine = proofs
    const account = selected()
    const { records } = keyring
    if (account === null || records === null) return
    const shown = assetsOf(records, network).filter(({ standing }) => standing === 'shown')
    await reading(async (resolvers) => {
      const amounts = shown.map(async (asset) => {
        const [amount, token] = await Promise.all([
          amountOf(asset, account.address, resolvers),
          mine.tokens.get(asset.address) ?? readToken(asset.address, resolvers),
        ])
        keepBetter(mine.amounts, amountKey(account, asset), amount)
        if (token.symbol.kind === 'proven' || !mine.tokens.has(asset.address)) mine.tokens.set(asset.address, token)
        if (mine === proofs) core.published.changed()
      })
      const wanted = feeds.filter(({ of }) => of === 'native' || shown.some(({ address }) => address === of))
      const prices = wanted.map(async (feed) => keepBetter(mine.prices, feed.of, await readPrice(feed, resolvers)))
      await Promise.all([...amounts, ...prices])
    })
  }

  return {
    get view() {
      const { records } = keyring
      const account = selected()
      if (records === null || account === null) return { assets: [], price: null }
      const assets = assetsOf(records, network).map((asset): AssetView => {
        const { standard, address, id, standing } = asset
        return {
          ...{ key: assetKey(asset), standard, address, id, standing },
          listed: listed().find((token) => token.address === address)?.symbol ?? null,
          token: proofs.tokens.get(address) ?? null,
          amount: proofs.amounts.get(amountKey(account, asset)) ?? null,
          price: proofs.prices.get(address) ?? null,
        }
      })
      return { assets, price: proofs.prices.get('native') ?? null }
    },
    async refresh(client) {
      const mine = proofs
      if (mine.running) {
        mine.again = client
        return
      }
      mine.running = true
      try {
        do {
          mine.again = null
          await prove()
        } while (mine === proofs && mine.again !== null)
      } catch {
        // There is no client any more: the next one's first head begins anew.
      } finally {
        mine.running = false
        if (mine === proofs) core.published.changed()
      }
    },
    clear() {
      proofs = fresh()
    },
    reading,
  }
}

/** A number that was proven does not give way to a source's silence, but it does to a contract that tells none any more. */
function keepBetter<K, T>(kept: Map<K, Shown<T>>, key: K, next: Shown<T>): void {
  const silent = next.kind === 'unproven' && !SAID_SO.includes(next.problem.code)
  if (kept.get(key)?.kind !== 'proven' || !silent) kept.set(key, next)
}

/** The contract itself gave no number, and that is proven. */
const SAID_SO = ['AMOUNT_UNREADABLE', 'PRICE_UNREADABLE']
