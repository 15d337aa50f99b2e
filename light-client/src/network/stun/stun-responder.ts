import type { Clock } from '../../infrastructure/ports.ts'
import { type PeerLimits, peerLimits } from '../libp2p/peer-limits.ts'
import { bindingSuccess, readBindingRequest, type TransportAddress, unknownAttributes } from './stun-message.ts'

/** Datagrams so far, by what became of them. */
export interface StunCounts {
  answered: number
  /** Answered with 420: unknown attributes. */
  refused: number
  /** Not a Binding request. */
  malformed: number
  /** Over the rate of its address, or of all. */
  limited: number
}

export interface StunResponder {
  readonly counts: Readonly<StunCounts>
  /** The datagram to send back, or null for none. */
  respond(datagram: Uint8Array, from: TransportAddress): Uint8Array | null
}

/** A browser asks a few times per connection it makes; many may share an address. */
const PER_ADDRESS = { perSecond: 20, burst: 100, peersRemembered: 4096 }
/** Of all addresses: the sender's may be forged, so a flood must not be reflected in full. */
const TOTAL = { perSecond: 1000, burst: 2000, peersRemembered: 1 }
const UNBOUNDED = { pendingPerPeer: Number.POSITIVE_INFINITY, pendingTotal: Number.POSITIVE_INFINITY }

/** Answers Binding requests (RFC 8489) without state but the rate of each address. Reads the clock, starts no timers. */
export function stunResponder(clock: Clock): StunResponder {
  const addresses = peerLimits(clock, { ...UNBOUNDED, ...PER_ADDRESS })
  const total = peerLimits(clock, { ...UNBOUNDED, ...TOTAL })
  const counts: StunCounts = { answered: 0, refused: 0, malformed: 0, limited: 0 }
  return {
    counts,
    respond(datagram, from) {
      if (!admits(addresses, prefixOf(from.ip)) || !admits(total, '')) {
        counts.limited += 1
        return null
      }
      const request = readBindingRequest(datagram)
      if (!request) {
        counts.malformed += 1
        return null
      }
      if (request.unknown.length > 0) {
        counts.refused += 1
        return unknownAttributes(request)
      }
      counts.answered += 1
      return bindingSuccess(request, from)
    },
  }
}

/** A place that is kept keeps the address from being forgotten, and there is no end of addresses. */
function admits(limits: PeerLimits, key: string): boolean {
  const leave = limits.enter(key)
  if (typeof leave === 'string') return false
  leave()
  return true
}

/** An IPv6 host commands its whole /64. */
const prefixOf = (ip: Uint8Array): string => ip.subarray(0, ip.length === 4 ? 4 : 8).join('.')
