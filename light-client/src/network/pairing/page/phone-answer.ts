/**
 * The phone's side of connections to pages, in the document: it answers codes and carries texts, and understands none.
 * @module
 */
import { platformHttp } from '../../../infrastructure/http.ts'
import type { Clock, Http } from '../../../infrastructure/ports.ts'
import { createConnector } from '../connect.ts'
import { PairingCancelled } from '../errors.ts'
import { postAnswer } from './mailbox.ts'
import { channelOpen, pageChannel } from './page-channel.ts'
import { type Mailbox, readPageCode, writePageCode } from './page-code.ts'
import { type PageLine, pageLine } from './page-line.ts'

export interface PhoneAnswer {
  readonly code: string
  /** ms since the Unix epoch */
  readonly expiresAt: number
  /** Host of the bridge that the page names for the answer; null: the page takes it as a code only. */
  readonly bridge: string | null
}

export interface PhoneOptions {
  readonly clock: Clock
  readonly http?: Http
  readonly onText: (line: number, text: string) => void
  readonly onClosed: (line: number) => void
}

export interface Phone {
  /** Takes a page's code. An attempt before it is cancelled. */
  answer(code: string): Promise<PhoneAnswer>
  /** Leaves the answer with the bridge that the page named. @throws {MailboxRefused} */
  post(): Promise<void>
  /** Resolves with the number of the line once the page has connected. */
  connected(): Promise<number>
  send(line: number, text: string): void
  close(line: number): void
  cancel(): void
  /** Ends every line. */
  closeAll(): void
}

export function createPhone({ clock, http = platformHttp, onText, onClosed }: PhoneOptions): Phone {
  const lines = new Map<number, PageLine>()
  const prepared = new WeakMap<
    RTCPeerConnection,
    { readonly channel: RTCDataChannel; readonly number: number; readonly line: PageLine }
  >()
  let count = 0
  let answered: { readonly mailbox: Mailbox | null; readonly code: string } | null = null
  const connector = createConnector({
    clock,
    write: (code) => writePageCode({ ...code, mailbox: null }),
    read: readPageCode,
    prepare(connection) {
      const channel = pageChannel(connection)
      const number = ++count
      const closed = () => {
        if (lines.delete(number)) onClosed(number)
      }
      const line = pageLine(channel, { text: (text) => lines.has(number) && onText(number, text), closed })
      prepared.set(connection, { channel, number, line })
    },
  })
  return {
    async answer(code) {
      answered = null
      const { offer, ...shown } = await connector.answer(code)
      const { mailbox } = offer
      answered = { mailbox, code: shown.code }
      return { ...shown, bridge: mailbox && new URL(mailbox.bridge).host }
    },
    async post() {
      if (!answered?.mailbox) throw new PairingCancelled()
      await postAnswer(answered.mailbox, answered.code, http)
    },
    async connected() {
      const { connection } = await connector.connected()
      const { channel, number, line } = prepared.get(connection)!
      await channelOpen(channel, clock)
      lines.set(number, line)
      return number
    },
    send: (line, text) => lines.get(line)?.send(text),
    close: (line) => lines.get(line)?.close(),
    cancel() {
      answered = null
      connector.cancel()
    },
    closeAll() {
      connector.cancel()
      for (const line of [...lines.values()]) line.close()
    },
  }
}
