/** The page's side of a connection to a phone. @module */

import type { Clock, Http } from '../../../infrastructure/ports.ts'
import { type Connector, createConnector, type ShownCode } from '../connect.ts'
import { freshSecret } from './infrastructure/mailbox-seal.ts'
import { fetchAnswer } from './mailbox.ts'
import { channelOpen, pageChannel } from './page-channel.ts'
import { type Mailbox, type PageCode, readPageCode, writePageCode } from './page-code.ts'
import { type PageLine, pageLine } from './page-line.ts'

export interface PageOffer extends ShownCode {
  /** Takes the phone's answer. Resolves once texts go both ways. Rejects for a wrong code; another one may follow. */
  accept(text: string): Promise<PageLine>
  /** The answer as it comes through the bridge; null where no bridge is named. */
  readonly answer: (() => Promise<string>) | null
  cancel(): void
}

export interface PageOfferOptions {
  readonly clock: Clock
  readonly http: Http
  /** As `mailboxAddress` gives it; null: people carry the answer back. */
  readonly bridge: string | null
  readonly onText: (text: string) => void
  readonly onClosed: () => void
}

/** @throws {NoPeerConnections} {@link PairingFailed} */
export async function offerToPhone({ clock, http, bridge, onText, onClosed }: PageOfferOptions): Promise<PageOffer> {
  const mailbox: Mailbox | null = bridge === null ? null : { bridge, secret: freshSecret() }
  const left = new AbortController()
  let channel: RTCDataChannel | null = null
  let line: PageLine | null = null
  const connector: Connector<PageCode> = createConnector({
    clock,
    write: (code) => writePageCode({ ...code, mailbox }),
    read: readPageCode,
    prepare(connection) {
      channel = pageChannel(connection)
      // From the start, so that nothing is missed that the phone says first.
      line = pageLine(channel, { text: onText, closed: onClosed })
    },
  })
  const shown = await connector.offer()
  return {
    ...shown,
    async accept(text) {
      await connector.accept(text)
      await channelOpen(channel!, clock)
      left.abort()
      return line!
    },
    answer: mailbox && (() => fetchAnswer(mailbox, http, clock, left.signal)),
    cancel() {
      left.abort()
      connector.cancel()
    },
  }
}
