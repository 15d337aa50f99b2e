/**
 * Tokens, prices and what else is read off contracts: its code is loaded when the chain is first followed, and comes with
 * the file where nothing can be loaded later.
 * @module
 */
import type { LightClient } from '@glowworm/light-client'
import { WalletError } from '../errors.ts'
import type { AssetCommands, HoldingsView } from './asset-values.ts'
import type { Core } from './core.ts'
import type { HistoryCommands, HistoryView } from './history-values.ts'
import type { LogCommands } from './log-values.ts'
import type { PackCommands, PacksView } from './pack-values.ts'
import type { Stop } from './stopped.ts'

export interface BelongingsView {
  readonly holdings: HoldingsView
  readonly history: HistoryView
  readonly lists: PacksView
}

export type BelongingsCommands = AssetCommands & HistoryCommands & LogCommands & PackCommands

export interface Belongings {
  readonly view: BelongingsView
  readonly commands: BelongingsCommands
  /** ERC-7730 descriptors out of signed lists; the same list until another is taken. */
  readonly descriptors: readonly unknown[]
  /** Proves at the newest head what is shown. Never rejects. */
  refresh(client: LightClient): Promise<void>
  /** Forgets what was proven: the wallet is locked, or rests on other sources. */
  clear(): void
}

export type LoadBelongings = (core: Core) => Promise<Belongings>

export const NO_BELONGINGS: BelongingsView = {
  holdings: { assets: [], price: null },
  history: { transfers: [], coverage: [], search: null, permissions: [] },
  lists: { taken: false, packs: [], warnedSites: [], forks: [] },
}

const NAMES: readonly (keyof BelongingsCommands)[] = [
  ...(['lookAtAsset', 'addAsset', 'showAsset', 'prepareAssetSend'] as const),
  ...(['exportLog', 'compareLog', 'installPack'] as const),
  ...(['searchHistory', 'stopSearch', 'allTransfers', 'checkPermissions', 'prepareRevokes', 'exportReceipt'] as const),
]

export function createBelongingsCommands(core: Core): BelongingsCommands {
  const command = (name: keyof BelongingsCommands) => async (request: never, stop: Stop) => {
    await core.keyring.touch()
    const { commands } = await core.belongings()
    return (commands[name] as (request: never, stop: Stop) => Promise<unknown>)(request, stop)
  }
  return Object.fromEntries(NAMES.map((name) => [name, command(name)])) as unknown as BelongingsCommands
}

/** Loads once; a loading that failed, e.g. because the network was away, is tried again. */
export function belongingsOf(core: () => Core, load: LoadBelongings | undefined) {
  let loading: Promise<Belongings> | null = null
  let loaded: Belongings | null = null
  return {
    get loaded() {
      return loaded
    },
    load(): Promise<Belongings> {
      if (!load) return Promise.reject(new BelongingsUnavailable())
      loading ??= load(core()).then(
        (belongings) => {
          loaded = belongings
          return belongings
        },
        (error: unknown) => {
          loading = null
          throw error
        },
      )
      return loading
    },
  }
}

/** This shell runs without what reads tokens. */
export class BelongingsUnavailable extends WalletError {
  constructor() {
    super(
      { name: 'Wallet.BelongingsUnavailable', code: 'BELONGINGS_UNAVAILABLE', kind: 'usage' },
      'Tokens are not available in this form of the wallet.',
      { next: 'Open the wallet as a page in the browser.' },
    )
  }
}
