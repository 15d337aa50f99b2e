/**
 * Chromium asks the person before a page of the internet may reach devices in their own network, and fails the request
 * without a reason when they said no (Local Network Access, wicg.github.io/local-network-access). A bridge or node at
 * home is such a device.
 * @module
 */
import { GlowwormError } from '../errors.ts'

export type AddressSpace = 'public' | 'local' | 'loopback'

/** What a host name or IP address tells of where it is. A name that resolves to a private address looks public. */
export function addressSpaceOf(host: string): AddressSpace {
  const name = host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/^::ffff:(?=\d+\.)/, '')
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127\./.test(name)) return 'loopback'
  if (name.endsWith('.local')) return 'local'
  if (/^\d+(\.\d+){3}$/.test(name))
    return /^(10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./.test(name)
      ? 'local'
      : 'public'
  return /^(f[cd]|fe[89ab])[\da-f]*:/.test(name) ? 'local' : 'public'
}

/** Host of a URL or multiaddr. */
export function hostOf(address: string): string | null {
  const multiaddr = /^\/(?:ip4|ip6|dns|dns4|dns6)\/([^/]+)/.exec(address)
  if (multiaddr) return multiaddr[1]!
  return URL.canParse(address) ? new URL(address).hostname : null
}

const ORDER: readonly AddressSpace[] = ['public', 'local', 'loopback']

/** Whether a page at `page` (a host) needs the person's leave to reach `address` (a URL or multiaddr). */
export function needsPermission(page: string, address: string): boolean {
  const host = hostOf(address)
  return host !== null && ORDER.indexOf(addressSpaceOf(host)) > ORDER.indexOf(addressSpaceOf(page))
}

/** The browser keeps this page from reaching devices in the local network, as the person or a policy told it to. */
export class LocalNetworkDenied extends GlowwormError {
  constructor(address: string) {
    super(
      { name: 'Network.LocalNetworkDenied', code: 'LOCAL_NETWORK_DENIED', kind: 'unreachable' },
      `the browser does not let this page reach ${hostOf(address) ?? 'the local network'}, which is in your own network`,
      { next: 'Allow this page access to the local network in its site settings, then try again.' },
    )
  }
}
