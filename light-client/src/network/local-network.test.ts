import { afterEach, expect, it, vi } from 'vitest'
import { exchange } from './http/exchange.ts'
import { localNetworkDenial } from './infrastructure/local-network-permission.ts'
import { addressSpaceOf, needsPermission } from './local-network.ts'

afterEach(() => vi.unstubAllGlobals())

it.each([
  ['127.0.0.1', 'loopback'],
  ['localhost', 'loopback'],
  ['[::1]', 'loopback'],
  ['10.1.2.3', 'local'],
  ['172.16.0.1', 'local'],
  ['172.32.0.1', 'public'],
  ['192.168.1.5', 'local'],
  ['100.64.0.1', 'local'],
  ['100.128.0.1', 'public'],
  ['169.254.1.1', 'local'],
  ['::ffff:192.168.1.5', 'local'],
  ['fd00::1', 'local'],
  ['[fe80::1]', 'local'],
  ['2001:db8::1', 'public'],
  ['nas.local', 'local'],
  ['bridge.example', 'public'],
  ['10.example', 'public'],
  ['fd.example', 'public'],
] as const)('%s is %s', (host, space) => expect(addressSpaceOf(host)).toBe(space))

it.each([
  ['wallet.example', '/ip4/192.168.1.5/tcp/4001/ws/p2p/12D3', true],
  ['wallet.example', 'http://127.0.0.1:5052', true],
  ['wallet.example', '/dns4/bridge.example/tcp/443/wss/p2p/12D3', false],
  ['192.168.1.9', 'http://192.168.1.5:5052', false],
  ['192.168.1.9', 'http://localhost:5052', true],
  ['localhost', '/ip4/192.168.1.5/udp/4001/webrtc-direct', false],
  ['wallet.example', 'nonsense', false],
])('a page at %s that wants %s needs leave: %s', (page, address, needed) =>
  expect(needsPermission(page, address)).toBe(needed),
)

const browser = (states: Record<string, string>, hostname = 'wallet.example') => {
  vi.stubGlobal('location', { protocol: 'https:', hostname })
  const query = async ({ name }: { name: string }) => {
    const state = states[name]
    if (state === undefined) throw new TypeError(`${name} is not a permission`)
    return { state }
  }
  vi.stubGlobal('navigator', { permissions: { query } })
}
const HOME = '/ip4/192.168.1.5/tcp/4001/ws/p2p/12D3'

it('a denial is told from other failures, by the newer names and the older one', async () => {
  browser({ 'local-network': 'denied', 'loopback-network': 'granted' })
  expect(await localNetworkDenial([HOME])).toMatchObject({ code: 'LOCAL_NETWORK_DENIED', kind: 'unreachable' })
  expect(await localNetworkDenial(['http://127.0.0.1:1'])).toBeNull()
  expect(await localNetworkDenial([HOME, 'https://public.example'])).toBeNull() // there was another way
  browser({ 'local-network-access': 'denied' })
  expect(await localNetworkDenial([HOME])).not.toBeNull()
  browser({ 'local-network-access': 'prompt' })
  expect(await localNetworkDenial([HOME])).toBeNull()
  browser({})
  expect(await localNetworkDenial([HOME])).toBeNull()
  browser({ 'local-network': 'denied' }, '192.168.1.9')
  expect(await localNetworkDenial([HOME])).toBeNull()
})

it('outside of browsers nobody is asked', async () => expect(await localNetworkDenial([HOME])).toBeNull())

it('a node at home that cannot be asked says why, and what to do', async () => {
  browser({ 'local-network': 'denied' })
  const failing = () => Promise.reject(new TypeError('Failed to fetch'))
  const request = { method: 'GET', headers: {}, maxBytes: 1, signal: AbortSignal.timeout(1000) } as const
  await expect(exchange(failing, 'node', { ...request, url: 'http://192.168.1.5:5052' })).rejects.toMatchObject({
    code: 'LOCAL_NETWORK_DENIED',
    next: expect.stringContaining('site settings'),
  })
  await expect(exchange(failing, 'node', { ...request, url: 'https://node.example' })).rejects.toMatchObject({
    code: 'SOURCE_UNREACHABLE',
  })
})
