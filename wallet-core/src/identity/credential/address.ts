/** Addresses that credentials, offers and questions name: where the wallet may ask. @module */
import { WalletError } from '../../errors.ts'

const MOST_CHARACTERS = 2048

/**
 * HTTPS, or HTTP to this very device; no names, passwords or fragments in it.
 * @throws {InvalidAddressOfService}
 */
export function serviceAddress(text: unknown, what: string): URL {
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

export class InvalidAddressOfService extends WalletError {
  constructor(what: string, reason: string) {
    super(
      { name: 'Identity.InvalidAddressOfService', code: 'INVALID_SERVICE_ADDRESS', kind: 'refused' },
      `${what}: ${reason}`,
      { next: 'Nothing was asked there. Tell whoever gave you this.' },
    )
  }
}
