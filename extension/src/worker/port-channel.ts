import type { Channel } from '@glowworm/wallet-core/facade/channel'
import type { Port } from '../infrastructure/worker-events.ts'

/** Messages kept for a listener that is still to come, at most. */
const MOST_WAITING = 256

export interface PortChannel extends Channel {
  readonly closed: boolean
}

/** A port as a channel. What arrives before somebody listens waits; what is sent after the port has closed is dropped. */
export function portChannel(port: Port, onUse: () => void = () => {}): PortChannel {
  const handlers = new Set<(message: unknown) => void>()
  const waiting: unknown[] = []
  let closed = false
  port.onMessage.addListener((message) => {
    onUse()
    if (handlers.size === 0 && waiting.length < MOST_WAITING) waiting.push(message)
    for (const handler of [...handlers]) handler(message)
  })
  port.onDisconnect.addListener(() => {
    closed = true
  })
  return {
    get closed() {
      return closed
    },
    send(message) {
      if (!closed) port.postMessage(message)
    },
    listen(handler) {
      handlers.add(handler)
      for (const message of waiting.splice(0)) handler(message)
      return () => handlers.delete(handler)
    },
  }
}
