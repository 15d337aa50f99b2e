/**
 * `wallet_watchAsset` (EIP-747), with MetaMask's items of collections (ERC-721, ERC-1155). What a site says of a token is
 * compared with what its contract says, by proof, and is never shown in its place. The picture it names is not loaded.
 */
import { quantityParam, record } from '@glowworm/light-client/application/rpc/parameters'
import { assetKey, assetsOf } from '../assets/asset.ts'
import type { Core } from '../facade/core.ts'
import type { Approval, AssetPreview } from '../facade/facade.ts'
import { networkKey } from '../facade/state.ts'
import { provenValue } from '../intent/resolvers.ts'
import { NotPermitted } from '../sites/sites.ts'
import { Locked } from '../vault/errors.ts'
import { visibleAccounts } from './accounts-methods.ts'
import { invalidParams } from './errors.ts'
import { addressParam, type Params } from './parameters.ts'

const STANDARDS: Readonly<Record<string, AssetPreview['standard']>> = {
  ERC20: 'erc20',
  ERC721: 'erc721',
  ERC1155: 'erc1155',
}
const MOST_SYMBOL = 32
const MOST_IMAGE = 8192

/** @throws {RpcError} -32602 also where the contract is another thing than the site says; 4001, 4100 */
export async function watchAsset(core: Core, origin: string, [given]: Params): Promise<true> {
  const { keyring, approvals, ports } = core
  const { standard, address, id, symbol, decimals } = readAsset(given, ports.engines.hashes.keccak256)
  if (visibleAccounts(core, origin).length === 0) throw keyring.records === null ? new Locked() : new NotPermitted()
  const { commands } = await core.belongings()
  const asset = await commands.lookAtAsset({ address, id })
  compare(asset, standard, symbol, decimals)
  // Meanwhile the permission may have been taken back.
  if (visibleAccounts(core, origin).length === 0) throw new NotPermitted()
  if (watched(core, asset)) return true
  const answer = Promise.withResolvers<true>()
  const approval: Approval = { id: core.freshId(), revision: 1, kind: 'watch-asset', origin, asset }
  approvals.add({
    approval,
    async renew() {
      if (!watched(core, asset)) return approval
      answer.resolve(true)
      return null
    },
    async approve() {
      await commands.addAsset({ address, id })
      answer.resolve(true)
    },
    rejected: (error) => answer.reject(error),
  })
  ports.attention?.()
  return answer.promise
}

function readAsset(given: unknown, keccak256: (data: Uint8Array) => Uint8Array) {
  const { type, options } = record(given, 'asset')
  if (typeof type !== 'string' || !Object.hasOwn(STANDARDS, type))
    throw invalidParams('type: expected ERC20, ERC721 or ERC1155')
  const { address, symbol, decimals, image, tokenId } = record(options, 'options')
  const standard = STANDARDS[type]!
  const contract = addressParam(address, 'options.address', keccak256)
  if (symbol !== undefined && (typeof symbol !== 'string' || symbol.length === 0 || symbol.length > MOST_SYMBOL))
    throw invalidParams(`options.symbol: expected text of 1 to ${MOST_SYMBOL} characters`)
  if (image !== undefined && image !== null && (typeof image !== 'string' || image.length > MOST_IMAGE))
    throw invalidParams(`options.image: expected an address of at most ${MOST_IMAGE} characters`)
  if (standard === 'erc20') return { standard, address: contract, id: null, symbol, decimals: decimalsIn(decimals) }
  return { standard, address: contract, id: itemIn(tokenId), symbol: undefined, decimals: undefined }
}

/** Libraries give a number, pages often what stood in a field. */
function decimalsIn(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const decimals = typeof value === 'string' && /^\d{1,3}$/.test(value) ? Number(value) : value
  if (typeof decimals !== 'number' || !Number.isInteger(decimals) || decimals < 0 || decimals > 255)
    throw invalidParams('options.decimals: expected a whole number from 0 to 255')
  return decimals
}

function itemIn(value: unknown): bigint {
  if (typeof value === 'string' && /^\d{1,78}$/.test(value) && BigInt(value) < 1n << 256n) return BigInt(value)
  return quantityParam(value, 'options.tokenId', 256)
}

/** A name under which something else would be added is refused: the person would read it on the site, and believe it. */
function compare(
  { standard, token }: AssetPreview,
  claimed: AssetPreview['standard'],
  symbol: string | undefined,
  decimals: number | undefined,
): void {
  if (standard !== claimed) throw invalidParams(`type: the contract is ${standard.toUpperCase()}`)
  const [own, places] = [provenValue(token.symbol), provenValue(token.decimals)]
  if (symbol !== undefined && own !== null && own !== symbol)
    throw invalidParams('options.symbol: the contract gives another one')
  if (decimals !== undefined && places !== null && places !== decimals)
    throw invalidParams(`options.decimals: the contract says ${places}`)
}

function watched({ keyring: { records }, ports }: Core, asset: AssetPreview): boolean {
  if (records === null) return false
  const known = assetsOf(records, networkKey(ports.network)).find((one) => assetKey(one) === assetKey(asset))
  return known?.standing === 'shown'
}
