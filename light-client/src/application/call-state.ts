/** Lists of state to ask for: joined, without what is held already, cut into requests of bearable size. @module */
import type { AccessList } from '../ledgers/ethereum/call-claims.ts'
import { type EvidenceRequest, type Hex, MAX_STATE_ITEMS, type StateAccount } from '../ledgers/ethereum/evidence.ts'

/** Accounts with the slots of each. */
export type StateList = Map<Hex, Set<Hex>>

export function addTo(list: StateList, address: Hex, slots: Iterable<Hex> = []): void {
  const known = list.get(address) ?? new Set<Hex>()
  for (const slot of slots) known.add(slot)
  list.set(address, known)
}

export function listOf(access: AccessList): StateList {
  const list: StateList = new Map()
  for (const { address, storageKeys } of access) addTo(list, address, storageKeys)
  return list
}

/** What is in `wanted` and not in `held`. */
export function without(wanted: StateList, held: StateList): StateList {
  const rest: StateList = new Map()
  for (const [address, slots] of wanted) {
    const known = held.get(address)
    const missing = [...slots].filter((slot) => !known?.has(slot))
    if (!known || missing.length > 0) addTo(rest, address, missing)
  }
  return rest
}

/** @param needsCode whether an account's code must come along */
export function stateRequests(
  blockHash: Hex,
  list: StateList,
  needsCode: (address: Hex) => boolean,
): (EvidenceRequest & { type: 'state' })[] {
  const requests: (EvidenceRequest & { type: 'state' })[] = []
  let accounts: StateAccount[] = []
  let room = MAX_STATE_ITEMS
  const close = () => {
    if (accounts.length > 0) requests.push({ type: 'state', blockHash, accounts })
    accounts = []
    room = MAX_STATE_ITEMS
  }
  for (const [address, slots] of list) {
    let code = needsCode(address)
    const rest = [...slots]
    do {
      if (room < Math.min(2, 1 + rest.length)) close()
      const part = rest.splice(0, room - 1)
      accounts.push({ address, slots: part, code })
      room -= 1 + part.length
      code = false
    } while (rest.length > 0)
  }
  close()
  return requests
}
