/** The offscreen document: carries peer connections and identity for the worker, has no keys and proves nothing. */
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { carryPeers } from '@glowworm/light-client/network/peer-carriage'
import { carryIdentityFor } from '@glowworm/wallet-core/host/carry-identity'
import { carryPhone } from '@glowworm/wallet-core/host/carry-phone'
import { channelToWorker, keepWhile } from './infrastructure/offscreen-document.ts'

const channel = channelToWorker()
carryIdentityFor(channel)
keepWhile(carryPhone(channel))
const carrier = carryPeers(channel, {
  clock: platformClock,
  loadNode: () => import('@glowworm/light-client/network/libp2p/browser-node'),
  loadPairing: () => import('@glowworm/light-client/network/pairing/pair'),
  report: (message) => console.warn(message),
})
window.addEventListener('online', carrier.wake)
// another network: Chromium tells of it by the Network Information API, which TypeScript's library lacks
;(navigator as Navigator & { readonly connection?: EventTarget }).connection?.addEventListener('change', carrier.wake)
