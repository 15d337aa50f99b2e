/**
 * Texts over one ordered data channel, in pieces: browsers agree on far less than a request may have. A piece begins with
 * `+` when more of the text follows, else with `.`. What breaks the rules, or floods, ends the line.
 * @module
 */

/** What is used of an RTCDataChannel. */
export interface TextChannel extends EventTarget {
  readonly readyState: RTCDataChannelState
  readonly bufferedAmount: number
  send(text: string): void
  close(): void
}

export interface PageLine {
  /** Nothing happens when the line has ended. */
  send(text: string): void
  close(): void
}

/** UTF-16 units; with three bytes each still less than every browser takes in one message. */
const PIECE = 16 * 1024
/** As for pages beside the wallet: longer ones hold nothing it would accept. */
export const MOST_TEXT = 1024 * 1024
/** Bytes that wait for a far end that does not read. */
const MOST_UNSENT = 8 * 1024 * 1024

export function pageLine(
  channel: TextChannel,
  on: { readonly text: (text: string) => unknown; readonly closed: () => void },
): PageLine {
  let pieces: string[] = []
  let length = 0
  let ended = false

  const end = () => {
    if (ended) return
    ended = true
    pieces = []
    channel.close()
    on.closed()
  }
  channel.addEventListener('message', (event) => {
    const { data } = event as MessageEvent<unknown>
    if (ended) return
    if (typeof data !== 'string' || !/^[+.]/.test(data)) return end()
    length += data.length - 1
    if (length > MOST_TEXT) return end()
    pieces.push(data.slice(1))
    if (data.startsWith('+')) return
    const text = pieces.join('')
    pieces = []
    length = 0
    on.text(text)
  })
  channel.addEventListener('close', end)
  return {
    send(text) {
      if (ended || channel.readyState !== 'open') return
      if (channel.bufferedAmount > MOST_UNSENT) return end()
      for (let at = 0; at === 0 || at < text.length; at += PIECE)
        channel.send(`${at + PIECE < text.length ? '+' : '.'}${text.slice(at, at + PIECE)}`)
    },
    close: end,
  }
}
