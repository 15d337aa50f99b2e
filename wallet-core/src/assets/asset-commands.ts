/** The commands about tokens: looking at them, adding and hiding them, sending them. */
import type { Hex } from '@glowworm/light-client'
import { checksummed, parseAddress } from '../accounts/address.ts'
import type { AssetCommands, AssetPreview } from '../facade/asset-values.ts'
import type { Core } from '../facade/core.ts'
import { nameLeadingTo } from '../facade/name-leading-to.ts'
import { networkKey } from '../facade/state.ts'
import { unlessStopped } from '../facade/stopped.ts'
import { provenValue } from '../intent/resolvers.ts'
import { readToken } from '../intent/tokens.ts'
import { accountRecord } from '../sites/sites.ts'
import { InvalidAmount, TokenAboveBalance } from '../transfer/errors.ts'
import type { AccountRecord, AssetRecord, Records } from '../vault/content.ts'
import { Locked } from '../vault/errors.ts'
import { assetKey, assetRecord, itemOf, withAsset, withStanding } from './asset.ts'
import type { Holdings } from './holdings.ts'
import { imitated, type ListedToken } from './known-tokens.ts'
import { amountOf, proven, recognise } from './read-asset.ts'
import { transferCall } from './transfer-call.ts'

export function createAssetCommands(
  core: Core,
  holdings: Holdings,
  listed: () => readonly ListedToken[],
): AssetCommands {
  const { keyring, ports, transfers, refresh } = core
  const { keccak256 } = ports.engines.hashes
  const network = networkKey(ports.network)

  const records = (): Records => {
    if (keyring.records === null) throw new Locked()
    return keyring.records
  }
  const selected = (): AccountRecord => accountRecord(records(), records().selected ?? '')

  async function look(request: { address: string; id: bigint | null }): Promise<AssetPreview> {
    const address = parseAddress(String(request.address), keccak256)
    const id = itemOf(request.id)
    const owner = selected().address
    return holdings.reading(async (resolvers) => {
      const standard = await recognise(address, id, resolvers)
      const asset: AssetRecord = { standard, address, id, standing: 'shown', addedAt: 0 }
      const [token, amount] = await Promise.all([readToken(address, resolvers), amountOf(asset, owner, resolvers)])
      const symbol = provenValue(token.symbol)
      return {
        ...{ standard, address, id, token, amount },
        checksummed: checksummed(address, keccak256),
        listed: listed().find((one) => one.address === address)?.symbol ?? null,
        imitates: symbol === null ? null : imitated(symbol, address, listed()),
      }
    })
  }

  return {
    lookAtAsset: (request, stop) => unlessStopped(look(request), stop),
    async addAsset(request) {
      const { standard, address, id } = await look(request)
      const asset: AssetRecord = { standard, address, id, standing: 'shown', addedAt: ports.clock.now() }
      await keyring.update((all) => withAsset(all, network, asset))
      void refresh()
      return { key: assetKey(asset) }
    },
    async showAsset({ key, shown }) {
      await keyring.update((all) => withStanding(all, network, String(key), shown === true ? 'shown' : 'hidden'))
      void refresh()
    },
    async prepareAssetSend({ accountId, key, to, amount, name }, stop) {
      const account = accountRecord(records(), accountId)
      const asset = assetRecord(records(), network, key)
      if (typeof amount !== 'bigint' || amount <= 0n || amount >= 1n << 256n) throw new InvalidAmount()
      const recipient = parseAddress(String(to), keccak256)
      const toName = name === undefined ? null : await nameLeadingTo(core.lookUpName, String(name), recipient)
      const has = proven(await holdings.reading((resolvers) => amountOf(asset, account.address, resolvers)))
      if (amount > has) throw new TokenAboveBalance(amount, has)
      const data: Hex = transferCall(asset, { from: account.address, to: recipient, amount }, keccak256)
      const request = { to: asset.address, value: 0n, data, proposed: null } as const
      const { id } = await transfers.propose(account, request, null, toName, stop)
      return { approvalId: id }
    },
  }
}
