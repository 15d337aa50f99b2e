import { multiaddr } from '@multiformats/multiaddr'
import { expect, it } from 'vitest'
import { stunUrl } from './stun-url.ts'

it.each([
  ['/ip4/192.0.2.1/udp/4001/webrtc-direct', 'stun:192.0.2.1:3478'],
  ['/ip6/2001:db8::1/tcp/4001/ws', 'stun:[2001:db8::1]:3478'],
  ['/dns4/bridge.example/tcp/443/wss', 'stun:bridge.example:3478'],
  ['/webrtc', null],
])('%s answers at %s', (address, url) => expect(stunUrl(multiaddr(address), 3478)).toBe(url))
