import { PRODUCT } from '../../product.ts'

/** What tells two ledgers apart, whatever they are called; a `NetworkProfile` satisfies it. */
export interface NetworkIdentity {
  readonly name: string
  readonly chainId: number
  readonly genesis: { readonly validatorsRoot: string }
}

/** `<network name>-<chain id>/<first 8 hex digits of the genesis validators root>`, e.g. `sepolia-11155111/d8ea171f`. */
export function networkLabel(network: NetworkIdentity): string {
  const root = network.genesis.validatorsRoot.replace(/^0x/, '').toLowerCase()
  return `${encodeURIComponent(network.name)}-${network.chainId}/${root.slice(0, 8)}`
}

/** Topic of the light-client updates of a network. */
export function updatesTopic(network: NetworkIdentity): string {
  return `/${PRODUCT.slug}/${networkLabel(network)}/updates/1`
}
