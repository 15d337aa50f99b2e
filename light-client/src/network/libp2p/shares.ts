/**
 * What one group of addresses may have of a bridge: half. Names are free, so without it a single machine could take all
 * connections, or all places at the relay, and lock everybody else out.
 * @module
 */
import { addressGroup } from './carrier.ts'
import { givePlaceBack } from './infrastructure/upstream-faults.ts'
import type { Connection, ConnectionGater, Libp2p, Multiaddr, PeerId } from './node-types.ts'

/** The part of @libp2p/circuit-relay-v2's `ReservationStore` (4.x) that this stands on. */
export interface Reservations {
  readonly reservations: { values(): Iterable<{ readonly addr: Multiaddr }> }
  get(peer: PeerId): { readonly addr: Multiaddr; readonly signal: { clear(): void } } | undefined
  reserve(peer: PeerId, addr: Multiaddr, ...rest: unknown[]): { readonly status: number; readonly expire?: number }
  removeReservation(peer: PeerId): void
}

/** `RESERVATION_REFUSED` of circuit relay v2. */
const REFUSED = { status: 200 } as const

/** Read once for each: every connection that comes is compared with all that are there. */
const groups = new WeakMap<Multiaddr, { readonly group: string | undefined }>()

function groupOf(remoteAddr: Multiaddr): string | undefined {
  const known = groups.get(remoteAddr)
  if (known) return known.group
  const group = addressGroup({ remoteAddr })
  groups.set(remoteAddr, { group })
  return group
}

function alike(group: string | undefined, addresses: Iterable<Multiaddr>): number {
  let count = 0
  for (const address of addresses) if (groupOf(address) === group) count++
  return count
}

/** Refuses a connection before it costs anything else. */
export function shareConnections(open: () => readonly Connection[], most: number): ConnectionGater {
  return {
    denyInboundConnection({ remoteAddr }) {
      const group = groupOf(remoteAddr)
      if (group === undefined) return false
      const addresses = open().map((connection) => connection.remoteAddr)
      return alike(group, addresses) >= most / 2
    },
  }
}

/** Who has a place may renew it, from where it has it; that is giving it back and taking it again (`givePlaceBack`). */
export function shareReservations(store: Reservations, most: number): void {
  const reserve = store.reserve.bind(store)
  store.reserve = (peer, addr, ...rest) => {
    const group = groupOf(addr)
    const held = store.get(peer)
    if (group !== undefined && (!held || groupOf(held.addr) !== group)) {
      const addresses = Array.from(store.reservations.values(), (place) => place.addr)
      if (alike(group, addresses) >= most / 2) return REFUSED
    }
    if (held) givePlaceBack(store, peer)
    return reserve(peer, addr, ...rest)
  }
}

export const reservationsOf = (node: Libp2p): Reservations =>
  (node.services as unknown as { readonly relay: { readonly reservationStore: Reservations } }).relay.reservationStore
