/** Which tokens and single items the wallet looks after: pure changes to the records. */
import type { Hex } from '@glowworm/light-client'
import { WalletError } from '../errors.ts'
import type { AssetRecord, Records } from '../vault/content.ts'

export const MOST_ASSETS = 500

/** Names an asset: the contract, and of a collection the item. */
export const assetKey = ({ address, id }: Pick<AssetRecord, 'address' | 'id'>): string =>
  id === null ? address : `${address}/${id}`

export function assetsOf(records: Records, network: string): readonly AssetRecord[] {
  return records.assets?.[network] ?? []
}

/** @throws {UnknownAsset} */
export function assetRecord(records: Records, network: string, key: string): AssetRecord {
  const found = assetsOf(records, network).find((asset) => assetKey(asset) === key)
  if (!found) throw new UnknownAsset()
  return found
}

/** Adds it, or shows again what was folded away or hidden. @throws {TooManyAssets} */
export function withAsset(records: Records, network: string, asset: AssetRecord): Records {
  const others = assetsOf(records, network).filter((one) => assetKey(one) !== assetKey(asset))
  if (others.length >= MOST_ASSETS) throw new TooManyAssets()
  return withAssets(records, network, [...others, asset])
}

/**
 * Adds what was found without being asked for. What is known already stays as the user left it; where there is no more
 * room the rest is left out: anybody can send thousands.
 */
export function withFound(records: Records, network: string, found: readonly AssetRecord[]): Records {
  const known = new Set(assetsOf(records, network).map(assetKey))
  const fresh = new Map<string, AssetRecord>()
  for (const asset of found) if (!known.has(assetKey(asset))) fresh.set(assetKey(asset), asset)
  if (fresh.size === 0) return records
  return withAssets(records, network, [...assetsOf(records, network), ...fresh.values()].slice(0, MOST_ASSETS))
}

/** @throws {UnknownAsset} */
export function withStanding(
  records: Records,
  network: string,
  key: string,
  standing: AssetRecord['standing'],
): Records {
  assetRecord(records, network, key)
  const change = (asset: AssetRecord) => (assetKey(asset) === key ? { ...asset, standing } : asset)
  return withAssets(records, network, assetsOf(records, network).map(change))
}

function withAssets(records: Records, network: string, assets: readonly AssetRecord[]): Records {
  return { ...records, assets: { ...records.assets, [network]: assets } }
}

/** @throws {InvalidItem} for what is not a whole number below 2²⁵⁶ */
export function itemOf(id: unknown): bigint | null {
  if (id === null || id === undefined) return null
  if (typeof id !== 'bigint' || id < 0n || id >= 1n << 256n) throw new InvalidItem()
  return id
}

/** The contract is a token by none of the standards, as far as could be proven. */
export class NotAToken extends WalletError {
  constructor(address: Hex, why: string) {
    super({ name: 'Assets.NotAToken', code: 'NOT_A_TOKEN', kind: 'usage' }, `${address} cannot be added: ${why}.`, {
      next: 'Compare the address with the one its makers publish.',
    })
  }
}

export class InvalidItem extends WalletError {
  constructor() {
    super(
      { name: 'Assets.InvalidItem', code: 'INVALID_ITEM', kind: 'usage' },
      'The number of an item is a whole number, not negative, below 2²⁵⁶.',
    )
  }
}

export class UnknownAsset extends WalletError {
  constructor() {
    super({ name: 'Assets.Unknown', code: 'UNKNOWN_ASSET', kind: 'usage' }, 'There is no such token in this wallet.')
  }
}

export class TooManyAssets extends WalletError {
  constructor() {
    super(
      { name: 'Assets.TooMany', code: 'TOO_MANY_ASSETS', kind: 'usage' },
      `The wallet looks after ${MOST_ASSETS} tokens already.`,
      { next: 'Remove one first.' },
    )
  }
}
