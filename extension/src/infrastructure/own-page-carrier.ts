/** Peer connections held by the page that also decides: for browsers whose background is a page. */
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { type Carrier, carryPeers } from '@glowworm/light-client/network/peer-carriage'
import { type Channel, channelPair } from '@glowworm/wallet-core/facade/channel'
import type { OffscreenChannel } from './offscreen-document.ts'

/** The carriage begins with the first message. When the browser puts the page to sleep, its connections end with it. */
export function ownPageCarrier(): OffscreenChannel {
  const handlers = new Set<(message: unknown) => void>()
  let carriage: { readonly carrier: Carrier; readonly channel: Channel } | null = null

  function begin(): { readonly carrier: Carrier; readonly channel: Channel } {
    const [channel, far] = channelPair()
    const carrier = carryPeers(
      // It cannot be lost: both ends live and die together.
      { ...far, onLost: () => () => {} },
      {
        clock: platformClock,
        loadNode: () => import('@glowworm/light-client/network/libp2p/browser-node'),
        loadPairing: () => import('@glowworm/light-client/network/pairing/pair'),
        report: (message) => console.warn(message),
      },
    )
    channel.listen((message) => {
      for (const handler of [...handlers]) handler(message)
    })
    return { carrier, channel }
  }
  window.addEventListener('online', () => carriage?.carrier.wake())

  return {
    send(message) {
      carriage ??= begin()
      carriage.channel.send(message)
    },
    listen(handler) {
      handlers.add(handler)
      return () => handlers.delete(handler)
    },
    onReopen: () => () => {},
    take: (port) => port.disconnect(),
    async close() {
      const closing = carriage
      carriage = null
      await closing?.carrier.close()
    },
  }
}
