/**
 * A two-way stream of messages: a `MessagePort`, a worker, a `chrome.runtime` port. Messages are JSON-safe, but for the
 * bytes on a channel that copies them.
 * A channel that loses its far end and finds it again (an extension worker dies and is woken) calls the handlers given
 * to `onReopen`; what was under way is then sent again, and answered once.
 */
export interface Channel {
  /** True where messages are cloned, not written as JSON: bytes cross as bytes. */
  readonly copiesBytes?: true
  send(message: unknown): void
  /** Returns the function that stops listening. */
  listen(handler: (message: unknown) => void): () => void
  onReopen?(handler: () => void): () => void
}

/** Over a channel that clones its messages (`postMessage`), bytes cross as bytes. */
export const copyingBytes = (channel: Channel): Channel => ({ ...channel, copiesBytes: true })

/** Both ends of a channel inside one process. Messages travel as JSON, one turn of the event loop later. */
export function channelPair(): readonly [Channel, Channel] {
  const ends = [new Set<(message: unknown) => void>(), new Set<(message: unknown) => void>()] as const
  const end = (mine: Set<(message: unknown) => void>, theirs: Set<(message: unknown) => void>): Channel => ({
    send(message) {
      const json = JSON.stringify(message)
      queueMicrotask(() => {
        for (const handler of [...theirs]) handler(JSON.parse(json))
      })
    },
    listen(handler) {
      mine.add(handler)
      return () => {
        mine.delete(handler)
      }
    },
  })
  return [end(ends[0], ends[1]), end(ends[1], ends[0])]
}
