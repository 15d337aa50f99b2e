import { isIPv4, isIPv6 } from 'node:net'

/** The 4 or 16 bytes of an address as Node writes it; an IPv4 address mapped into IPv6 as IPv4. Null if it is none. */
export function ipBytes(text: string): Uint8Array | null {
  const address = text.replace(/%.*$/, '')
  if (isIPv4(address)) return Uint8Array.from(address.split('.').map(Number))
  if (!isIPv6(address)) return null
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped) return ipBytes(mapped[1]!)
  // the URL parser writes every form, embedded IPv4 too, as groups of hexadecimal digits
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)))
  const front = groups(head)
  const back = tail === undefined ? [] : groups(tail)
  const all = [...front, ...Array<number>(8 - front.length - back.length).fill(0), ...back]
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]))
}
