/**
 * How the two scripts in a page find each other: the one in the page's world makes a `MessageChannel` and hands one
 * end to the one in the extension's world, before any script of the page has run.
 * @module
 */
import { PRODUCT } from '@glowworm/light-client/product'

const MARK = `${PRODUCT.slug}.handover.1`

/** The page's side. Returns the end it keeps. */
export function handOver(page: Window): MessagePort {
  const { port1, port2 } = new MessageChannel()
  page.postMessage(MARK, page.origin, [port2])
  return port1
}

/** The relay's side: calls `take` with the first port handed over, and keeps the page from seeing the message. */
export function awaitHandover(page: Window, take: (port: MessagePort) => void): void {
  const listener = (event: MessageEvent) => {
    const [port] = event.ports
    if (event.source !== page || event.data !== MARK || !port) return
    event.stopImmediatePropagation()
    page.removeEventListener('message', listener, true)
    take(port)
  }
  page.addEventListener('message', listener, true)
}
