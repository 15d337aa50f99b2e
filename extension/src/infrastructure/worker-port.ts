import type { Channel } from '@glowworm/wallet-core/facade/channel'

/** Opens a port to the worker. @throws when this page outlived the extension */
export function connectToWorker(
  name: string,
  on: { message: (message: unknown) => void; lost: () => void },
): { send(message: unknown): void } {
  const port = chrome.runtime.connect({ name })
  port.onMessage.addListener(on.message)
  port.onDisconnect.addListener(on.lost)
  return { send: (message) => port.postMessage(message) }
}

/** A channel that opens anew, and so wakes the worker, whenever the worker has gone. For the extension's own pages. */
export function lastingChannel(name: string): Channel {
  const handlers = new Set<(message: unknown) => void>()
  const reopened = new Set<() => void>()
  const open = () =>
    connectToWorker(name, {
      message(message) {
        for (const handler of [...handlers]) handler(message)
      },
      lost() {
        // Only when the extension is being reloaded does this throw; then this page goes, too.
        port = open()
        for (const handler of [...reopened]) handler()
      },
    })
  let port = open()
  return {
    send: (message) => port.send(message),
    listen(handler) {
      handlers.add(handler)
      return () => handlers.delete(handler)
    },
    onReopen(handler) {
      reopened.add(handler)
      return () => reopened.delete(handler)
    },
  }
}
