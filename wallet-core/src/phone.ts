/**
 * For pages: lets their visitors use the wallet on a phone, without any company's relay (docs/provider.md). Announced by
 * EIP-6963 beside whatever wallets the browser has; a dialog with a code appears when the page asks for accounts.
 * @module
 */
import { InvalidInput } from '@glowworm/light-client/errors'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { mailboxAddress } from '@glowworm/light-client/network/pairing/page/page-code'
import { PRODUCT } from '@glowworm/light-client/product'
import { pageUuid } from './headless/infrastructure/page-uuid.ts'
import { connectPhone } from './phone/page/connect-phone.ts'
import { createLink } from './phone/page/link.ts'
import { dialogWords } from './phone/page/words.ts'
import { type InjectedProvider, injectProvider } from './provider/injected.ts'

export interface AnnounceOptions {
  /** Address of a bridge whose mailbox takes the phone's answer; without it people carry the answer back. */
  readonly bridge?: string
  /** As the page is to be called on the phone; default: its title. */
  readonly name?: string
  /** The chain the page works on; default: mainnet. The page hears when the phone is on another (`chainChanged`). */
  readonly chainId?: number
  /** BCP 47; default: the page's, else the browser's. */
  readonly language?: string
}

export interface AnnouncedPhone {
  /** EIP-1193. */
  readonly provider: InjectedProvider
  /** Ends the connection to the phone; what it allowed is over with it. */
  disconnect(): void
}

const ICON =
  'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"%3E%3Crect x="6" y="2" width="12" height="20" rx="3" fill="%2315130f"/%3E%3Ccircle cx="12" cy="11" r="3.5" fill="%23f0b94a"/%3E%3C/svg%3E'

/** @throws {InvalidInput} for a bridge that is no `https` address, or `http` on this device */
export function announcePhone({ bridge, name, chainId = 1, language }: AnnounceOptions = {}): AnnouncedPhone {
  const mailbox = bridge === undefined ? null : mailboxAddress(bridge)
  if (bridge !== undefined && mailbox === null)
    throw new InvalidInput(
      'bridge',
      'expected the https address of a bridge, without query and of at most 120 characters',
    )
  const words = dialogWords(language ?? (document.documentElement.lang || navigator.language))
  if (!Number.isSafeInteger(chainId) || chainId < 1)
    throw new InvalidInput('chainId', 'expected a whole number from 1 on')
  const link = createLink({
    clock: platformClock,
    chainId,
    self: () => ({ name: name ?? document.title, origin: location.origin }),
    connect: (hears) => connectPhone(hears, mailbox, words),
  })
  // The phone hears at once, and not when its connection has waited in vain.
  window.addEventListener('pagehide', link.disconnect)
  const provider = injectProvider({
    channel: link.channel,
    target: window,
    uuid: pageUuid(),
    icon: ICON,
    as: { name: `${PRODUCT.name} on a phone`, rdns: `${PRODUCT.rdns}.phone` },
    whenLost: 'Connect the phone again.',
    surface: (error) => reportError(error),
  })
  return { provider, disconnect: link.disconnect }
}
