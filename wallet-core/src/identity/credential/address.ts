/** Addresses that credentials, offers and questions name: where the wallet may ask. @module */
import { WalletError } from '../../errors.ts'

const MOST_CHARACTERS = 2048

/**
 * Where somebody may be asked: a public name by HTTPS, or this very device.
 * @throws {InvalidAddressOfService}
 */
export function serviceAddress(text: unknown, what: string): URL {
  const url = ownAddress(text, what)
  if (!isLoopback(url.hostname) && !isPublicName(url.hostname)) {
    throw new InvalidAddressOfService(what, 'it leads into the network this device is in')
  }
  return url
}

/**
 * HTTPS, or HTTP to this very device; no names, passwords or fragments in it. The wallet itself may lie in a private network.
 * @throws {InvalidAddressOfService}
 */
export function ownAddress(text: unknown, what: string): URL {
  if (typeof text !== 'string' || text.length > MOST_CHARACTERS || !URL.canParse(text)) {
    throw new InvalidAddressOfService(what, 'it is not an address')
  }
  const url = new URL(text)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw new InvalidAddressOfService(what, 'it is not encrypted (https)')
  }
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    throw new InvalidAddressOfService(what, 'it holds a name, a password or a fragment')
  }
  return url
}

export const isLoopback = (host: string): boolean => host === 'localhost' || host === '127.0.0.1' || host === '[::1]'

/** Last labels that no public name has: RFC 6761, 6762 and 8375, ICANN's `internal`, and what routers at home make up. */
const PRIVATE = new Set('localhost local internal arpa lan home corp intranet private localdomain onion'.split(' '))

/** The name of a host on the internet, as far as a name tells: no IP address, no host without a dot, nothing local. */
export function isPublicName(host: string): boolean {
  const labels = host.replace(/\.$/, '').split('.')
  const last = labels.at(-1)!
  // The last label has a letter, which no IP address has.
  return labels.length > 1 && /^(?=.*[a-z])[a-z0-9-]+$/.test(last) && !PRIVATE.has(last)
}

export class InvalidAddressOfService extends WalletError {
  constructor(what: string, reason: string) {
    super(
      { name: 'Identity.InvalidAddressOfService', code: 'INVALID_SERVICE_ADDRESS', kind: 'refused' },
      `${what}: ${reason}`,
      { next: 'Nothing was asked there. Tell whoever gave you this.' },
    )
  }
}
