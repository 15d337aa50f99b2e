/**
 * Known operators of public nodes, so that nobody has to search for an address. They are listed, not trusted, and none
 * is asked before somebody chooses it. An address is here when its operator offers it to everybody without a key:
 * beacon nodes that serve light clients, execution nodes that serve `eth_getProof`.
 * @module
 */
import type { SourceChoice } from '@glowworm/wallet-core/facade/facade'

export interface Offer {
  readonly operator: string
  readonly kind: Extract<SourceChoice['kind'], 'beacon' | 'execution'>
  readonly address: string
}

const beacon = (operator: string, address: string): Offer => ({ operator, kind: 'beacon', address })
const execution = (operator: string, address: string): Offer => ({ operator, kind: 'execution', address })

/** By chain id. No operator is named first by merit: the order is that of the alphabet. */
const OFFERS: ReadonlyMap<number, readonly Offer[]> = new Map([
  [
    1,
    [
      beacon('a16z crypto', 'https://www.lightclientdata.org'),
      beacon('Allnodes', 'https://ethereum-beacon-api.publicnode.com'),
      beacon('ChainSafe', 'https://lodestar-mainnet.chainsafe.io'),
      execution('Allnodes', 'https://ethereum-rpc.publicnode.com'),
      execution('dRPC', 'https://eth.drpc.org'),
    ],
  ],
  [
    11_155_111,
    [
      beacon('Allnodes', 'https://ethereum-sepolia-beacon-api.publicnode.com'),
      beacon('ChainSafe', 'https://lodestar-sepolia.chainsafe.io'),
      execution('Allnodes', 'https://ethereum-sepolia-rpc.publicnode.com'),
      execution('dRPC', 'https://sepolia.drpc.org'),
    ],
  ],
])

/** What is offered for a network beyond what came with its profile. */
export function offersFor(chainId: number, bundled: readonly SourceChoice[]): readonly Offer[] {
  const came = new Set(bundled.filter((choice) => choice.bundled).map(({ address }) => address))
  return (OFFERS.get(chainId) ?? []).filter(({ address }) => !came.has(address))
}

export const isChosen = (choices: readonly SourceChoice[], offer: Offer): boolean =>
  choices.some((choice) => isOf(choice, offer) && choice.chosen)

/** Chosen like one that somebody entered, and forgotten again when it is not. */
export function chooseOffer(choices: readonly SourceChoice[], offer: Offer, on: boolean): readonly SourceChoice[] {
  const others = choices.filter((choice) => !isOf(choice, offer))
  return on ? [...others, { kind: offer.kind, address: offer.address, chosen: true, bundled: false }] : others
}

/** Those that were neither bundled nor offered here. */
export const enteredOnly = (choices: readonly SourceChoice[], offers: readonly Offer[]): readonly SourceChoice[] =>
  choices.filter((choice) => !choice.bundled && !offers.some((offer) => isOf(choice, offer)))

const isOf = (choice: SourceChoice, offer: Offer): boolean =>
  !choice.bundled && choice.kind === offer.kind && choice.address === offer.address
