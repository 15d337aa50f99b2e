/** What a request tells whoever gets it, beyond that somebody follows this chain. @module */
import type { Hex } from '../../ledgers/ethereum/evidence.ts'
import { HISTORY_STORAGE_ADDRESS } from '../../ledgers/ethereum/history-contract.ts'
import type { PeerRequest } from '../../ledgers/ledger-evidence.ts'

/** Asked by everybody, whoever they are. */
const OF_NO_INTEREST: ReadonlySet<Hex> = new Set([HISTORY_STORAGE_ADDRESS])

/** The addresses a request shows interest in, each once. */
export function addressesIn(request: PeerRequest): Hex[] {
  return [...new Set(allAddresses(request))].filter((address) => !OF_NO_INTEREST.has(address))
}

function allAddresses(request: PeerRequest): Hex[] {
  switch (request.type) {
    case 'account':
    case 'code':
    case 'pending_nonce':
      return [request.address]
    case 'state':
      return request.accounts.map(({ address }) => address)
    case 'log_blocks_hint':
      return [request.address, `0x${request.topic.slice(26)}`]
    case 'gas_hint':
    case 'access_list_hint':
      return request.to === null ? [request.from] : [request.from, request.to]
    default:
      return []
  }
}
