import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diversityOf, type Origin, originsOfMultiaddr, originsOfUrl, sharesOrigin } from './origins.ts'

const ID = '12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo'
const RELAY = '12D3KooWPjceQrSwdWXPyLLeABRXmuqt69Rg3sBYbU1Nft9HyQ6X'

describe('the origin of an address', () => {
  test.each([
    ['https://203.0.113.7:5052/eth', 'ip4:203.0.113.0/24'],
    ['https://[2001:db8:1:2::7]/', 'ip6:2001:db8:1::/48'],
    ['https://[::ffff:203.0.113.9]/', 'ip4:203.0.113.0/24'],
    ['https://Beacon.Node.Example.ORG./', 'name:example.org'],
    ['http://127.3.2.1:8545', 'device'],
    ['http://[::1]:8545', 'device'],
    ['http://node.localhost', 'device'],
  ])('%s', (url, origin) => expect(originsOfUrl(url)).toEqual([origin]))

  test.each([
    [`/ip4/203.0.113.7/udp/4001/webrtc-direct/p2p/${ID}`, null, ['ip4:203.0.113.0/24']],
    [`/ip4/203.0.113.7/tcp/4001/ws/p2p/${ID}`, ID, ['ip4:203.0.113.0/24', `bridge:${ID}`]],
    [`/ip6/2001:db8:1:ffff::1/tcp/4001/p2p/${ID}`, null, ['ip6:2001:db8:1::/48']],
    [`/dns4/bridge.example.org/tcp/443/wss/p2p/${ID}`, null, ['name:example.org']],
    // what stands before the relay is not the peer's own address
    [`/ip4/203.0.113.7/tcp/1/ws/p2p/${RELAY}/p2p-circuit/webrtc/p2p/${ID}`, null, [`bridge:${RELAY}`]],
    [`/webrtc/p2p/${ID}`, null, []],
  ] as const)('%s', (address, self, origins) => expect(originsOfMultiaddr(address, self)).toEqual(origins))

  test('neighbours share one, strangers do not', () => {
    const byte = fc.integer({ min: 0, max: 255 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 126 }), byte, byte, byte, byte, (a, b, c, d, e) => {
        const at = (third: number, last: number) => originsOfUrl(`http://${a}.${b}.${third}.${last}`)
        expect(sharesOrigin(at(c, d), at(c, e))).toBe(true)
        expect(sharesOrigin(at(c, d), at((c + 1) % 256, d))).toBe(false)
      }),
    )
  })
})

describe('diversity', () => {
  test('of nobody is unknown, of one hand single, of this device not a matter', () => {
    expect(diversityOf([])).toEqual({ state: 'unknown' })
    expect(diversityOf([['bridge:a', 'ip4:x']])).toEqual({ state: 'single', origin: 'bridge:a' })
    expect(diversityOf([['ip4:x', 'bridge:a'], ['bridge:a']])).toEqual({ state: 'single', origin: 'bridge:a' })
    expect(diversityOf([['bridge:a'], ['bridge:b']])).toEqual({ state: 'several', independent: 2 })
    expect(diversityOf([['device']])).toEqual({ state: 'several', independent: 1 })
  })

  const origins = fc.array(fc.constantFrom<Origin>('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 3 })
  test('is single exactly when one origin is common to all, and never better by a voucher that shares it', () => {
    fc.assert(
      fc.property(fc.array(origins, { minLength: 1, maxLength: 8 }), (vouchers) => {
        const common = ['a', 'b', 'c', 'd'].filter((origin) => vouchers.every((one) => one.includes(origin)))
        const found = diversityOf(vouchers)
        expect(found.state).toBe(common.length > 0 ? 'single' : 'several')
        if (found.state === 'single') {
          expect(common).toContain(found.origin)
          expect(diversityOf([...vouchers, [found.origin]]).state).toBe('single')
        }
      }),
    )
  })
})
