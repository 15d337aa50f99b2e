import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, test } from 'vitest'
import type { Connection } from './node-types.ts'
import { type Reservations, shareConnections, shareReservations } from './shares.ts'

const at = (ip: string) => multiaddr(`/ip4/${ip}/tcp/4001/ws`)

test('one group of addresses gets half of the connections', () => {
  const open: Pick<Connection, 'remoteAddr'>[] = []
  const gater = shareConnections(() => open as Connection[], 4)
  const denies = (ip: string) => gater.denyInboundConnection!({ remoteAddr: at(ip) } as never)
  expect(denies('192.0.2.1')).toBe(false)
  open.push({ remoteAddr: at('192.0.2.1') }, { remoteAddr: at('192.0.2.200') })
  expect(denies('192.0.2.7')).toBe(true)
  expect(denies('198.51.100.7')).toBe(false)
  open.pop()
  expect(denies('192.0.2.7')).toBe(false)
})

test('and half of the places at the relay, which it may renew', () => {
  let cleared = 0
  const held = new Map<string, { addr: ReturnType<typeof at>; signal: { clear(): void } }>()
  const groupsHeld = () => [...held.values()].map(({ addr }) => addr.toString().split('/')[2]).sort()
  const store: Reservations = {
    reservations: held,
    get: (peer) => held.get(peer.toString()),
    reserve(peer, addr) {
      held.set(peer.toString(), { addr, signal: { clear: () => cleared++ } })
      return { status: 100 }
    },
    removeReservation: (peer) => held.delete(peer.toString()),
  }
  shareReservations(store, 4)
  const one = peerIdFromString('12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo')
  const two = peerIdFromString('12D3KooWLH3U6N2sWU2e1ZqTtCyGwZ4sTZHLuCFbpqfoVNXYTuMm')
  const three = peerIdFromString('12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5')
  const ask = (peer: typeof one, ip: string) => store.reserve(peer, at(ip)).status
  expect([ask(one, '192.0.2.1'), ask(two, '192.0.2.2')]).toEqual([100, 100])
  expect(ask(three, '192.0.2.3')).toBe(200)
  expect(ask(one, '192.0.2.1')).toBe(100)
  expect(cleared).toBe(1)
  expect(ask(three, '198.51.100.1')).toBe(100)
  // a name that has a place elsewhere does not bring it along
  expect(ask(three, '192.0.2.3')).toBe(200)
  expect(groupsHeld()).toEqual(['192.0.2.1', '192.0.2.2', '198.51.100.1'])
  store.removeReservation(two)
  store.removeReservation(three)
  expect(ask(three, '192.0.2.3')).toBe(100)
})
