import type { Channel } from '@glowworm/wallet-core/facade/channel'

/** A channel over one end of a `MessageChannel`. */
export function messagePortChannel(port: MessagePort): Channel {
  return {
    send: (message) => port.postMessage(message),
    listen(handler) {
      const listener = (event: MessageEvent) => handler(event.data)
      port.addEventListener('message', listener)
      port.start()
      return () => port.removeEventListener('message', listener)
    },
  }
}
