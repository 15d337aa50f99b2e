import type { Channel } from '@glowworm/wallet-core/facade/channel'

export interface PortEvents {
  readonly message: (message: unknown) => void
  /** The worker has gone; another port wakes it. */
  readonly lost: () => void
  /** The extension was updated or removed: this page outlived it. */
  readonly gone?: () => void
}

/** Milliseconds between two looks at whether the extension is still there. */
const LOOK_EVERY = 1_000

/** Opens a port to the worker. @throws when this page outlived the extension */
export function connectToWorker(name: string, on: PortEvents): { send(message: unknown): void } {
  const port = chrome.runtime.connect({ name })
  // A script that outlived its extension is not told: its ports stay open, and its interface is taken away.
  const watch = setInterval(() => {
    if (chrome.runtime?.id !== undefined) return
    clearInterval(watch)
    on.gone?.()
  }, LOOK_EVERY)
  port.onMessage.addListener(on.message)
  port.onDisconnect.addListener(() => {
    clearInterval(watch)
    on.lost()
  })
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
