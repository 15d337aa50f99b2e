import type { Multiaddr } from './node-types.ts'

const HOSTS = new Set(['ip4', 'ip6', 'dns', 'dns4', 'dns6'])

/**
 * Where a bridge answers STUN: on the host it was reached at, so that it cannot send browsers to anybody else's.
 * Null for an address that names no host. RFC 7064 has the form.
 */
export function stunUrl(bridge: Multiaddr, port: number): string | null {
  const host = bridge.getComponents().find(({ name }) => HOSTS.has(name))
  if (!host?.value) return null
  return `stun:${host.name === 'ip6' ? `[${host.value}]` : host.value}:${port}`
}
