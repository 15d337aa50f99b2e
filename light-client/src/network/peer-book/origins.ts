/**
 * In whose hands a source may be, told from the address it is reached at. Two sources that share an origin may be one
 * operator; that is a reason to ask others too, never a reason to believe or disbelieve anybody.
 * @module
 */

/**
 * - `ip4:203.0.113.0/24`, `ip6:2001:db8:1::/48`: a network of addresses, the smallest that is usually given to one party
 * - `name:example.org`: the last two labels of a host name. Where a registry hands out third labels this groups too much,
 *   which costs a warning and nothing else
 * - `bridge:12D3…`: the bridge itself, and every peer that was met through it: it chose whom to introduce
 * - `device`: this device, by loopback or a file; whoever runs the device is trusted with it
 * - `unknown`: nobody can tell; all those together count as one hand
 */
export type Origin = string

export const THIS_DEVICE: Origin = 'device'
export const UNKNOWN: Origin = 'unknown'

/** Of an HTTP source, from its address, which has been parsed before. */
export function originsOfUrl(url: string): readonly Origin[] {
  return [originOfHost(new URL(url).hostname.replace(/^\[|\]$/g, ''))]
}

/**
 * Of a peer, from the multiaddr of the connection to it. What stands before a relay is the relay's address, not the
 * peer's: such a peer belongs to the relay that introduced it.
 * @param self the peer's id when it is a bridge, else null
 */
export function originsOfMultiaddr(address: string, self: string | null): readonly Origin[] {
  const bridge = self === null ? [] : [`bridge:${self}`]
  const relay = /\/p2p\/([^/]+)\/p2p-circuit/.exec(address)
  if (relay) return [`bridge:${relay[1]}`, ...bridge]
  const host = /^\/(?:ip4|ip6|dns|dns4|dns6|dnsaddr)\/([^/]+)/.exec(address)
  return host ? [originOfHost(host[1]!), ...bridge] : bridge
}

function originOfHost(host: string): Origin {
  const name = host.toLowerCase().replace(/\.$/, '')
  if (name === 'localhost' || name.endsWith('.localhost')) return THIS_DEVICE
  if (/^\d+(\.\d+){3}$/.test(name)) return originOfIp4(name)
  if (name.includes(':')) return originOfIp6(name)
  return `name:${name.split('.').slice(-2).join('.')}`
}

function originOfIp4(address: string): Origin {
  const [first, second, third] = address.split('.')
  return first === '127' ? THIS_DEVICE : `ip4:${first}.${second}.${third}.0/24`
}

function originOfIp6(address: string): Origin {
  const groups = groupsOf(address.replace(/%.*$/, ''))
  if (groups === null) return `name:${address}`
  const [a, b, c] = groups.map((group) => group.toString(16))
  if (groups.join() === '0,0,0,0,0,0,0,1') return THIS_DEVICE
  // an IPv4 address written as IPv6 is the same party as the IPv4 address
  if (groups.slice(0, 6).join() === '0,0,0,0,0,65535') {
    const [high, low] = [groups[6]!, groups[7]!]
    return originOfIp4([high >> 8, high & 255, low >> 8, low & 255].join('.'))
  }
  return `ip6:${a}:${b}:${c}::/48`
}

/** The eight 16-bit groups (RFC 4291 §2.2), or null. */
function groupsOf(address: string): number[] | null {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)
  const plain = dotted
    ? `${dotted[1]}${((Number(dotted[2]) << 8) | Number(dotted[3])).toString(16)}:${((Number(dotted[4]) << 8) | Number(dotted[5])).toString(16)}`
    : address
  const [left = '', right, more] = plain.split('::')
  if (more !== undefined) return null
  const parse = (part: string) => (part === '' ? [] : part.split(':'))
  const [head, tail] = [parse(left), parse(right ?? '')]
  const gap = 8 - head.length - tail.length
  if (right === undefined ? gap !== 0 : gap < 1) return null
  const all = [...head, ...Array<string>(right === undefined ? 0 : gap).fill('0'), ...tail]
  return all.every((group) => /^[0-9a-f]{1,4}$/.test(group)) ? all.map((group) => Number.parseInt(group, 16)) : null
}

/** From how many hands something came. */
export type Diversity =
  /** Nobody has vouched for it yet. */
  | { readonly state: 'unknown' }
  /** All who vouched share this origin: whoever holds it could keep news back, and nobody would contradict. */
  | { readonly state: 'single'; readonly origin: Origin }
  /** At least this many who share no origin, or this device itself. */
  | { readonly state: 'several'; readonly independent: number }

/** @param vouchers the origins of each source that vouched */
export function diversityOf(vouchers: readonly (readonly Origin[])[]): Diversity {
  const [first, ...others] = vouchers
  if (!first) return { state: 'unknown' }
  const independent: (readonly Origin[])[] = []
  for (const origins of vouchers)
    if (!independent.some((known) => sharesOrigin(known, origins))) independent.push(origins)
  // One's own device needs no second opinion about withholding: whoever holds it holds everything.
  if (vouchers.some((origins) => origins.includes(THIS_DEVICE)))
    return { state: 'several', independent: independent.length }
  const held = first.find((origin) => others.every((origins) => origins.includes(origin)))
  return held === undefined ? { state: 'several', independent: independent.length } : { state: 'single', origin: held }
}

export const sharesOrigin = (a: readonly Origin[], b: readonly Origin[]): boolean =>
  a.some((origin) => b.includes(origin))
