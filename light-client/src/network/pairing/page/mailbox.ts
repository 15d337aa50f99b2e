/** The way of an answer through a bridge's mailbox: the phone writes it once, the page reads it once. @module */
import type { Clock, Http } from '../../../infrastructure/ports.ts'
import { BridgeAnswersFalsely, MailboxRefused } from './errors.ts'
import { boxName, openAnswer, sealAnswer } from './infrastructure/mailbox-seal.ts'
import type { Mailbox } from './page-code.ts'

/** A sealed answer in base64, with room. */
export const MOST_LETTER = 1024
/** Milliseconds. */
const LOOK_EVERY = 1_500
const WITHIN = 10_000

const addressOf = async ({ bridge, secret }: Mailbox) => `${bridge}/mailbox/${await boxName(secret)}`

/** The phone's side. @throws {MailboxRefused} */
export async function postAnswer(mailbox: Mailbox, answer: string, http: Http): Promise<void> {
  const letter = await sealAnswer(mailbox.secret, answer)
  const reply = await http({
    url: await addressOf(mailbox),
    method: 'POST',
    // a type that pages may send without asking first
    headers: { 'content-type': 'text/plain' },
    body: letter,
    maxBytes: MOST_LETTER,
    signal: AbortSignal.timeout(WITHIN),
  }).catch((cause: unknown) => {
    throw new MailboxRefused(mailbox.bridge, 'it cannot be reached', cause)
  })
  if (reply.status !== 201) throw new MailboxRefused(mailbox.bridge, `it said ${reply.status}`)
}

/**
 * The page's side: looks until there is an answer. What the bridge says while it cannot be reached does not end it.
 * @throws {BridgeAnswersFalsely} for an answer that is not from whoever read the code
 * @throws the signal's reason
 */
export async function fetchAnswer(mailbox: Mailbox, http: Http, clock: Clock, signal: AbortSignal): Promise<string> {
  const url = await addressOf(mailbox)
  for (;;) {
    signal.throwIfAborted()
    const within = AbortSignal.any([signal, AbortSignal.timeout(WITHIN)])
    const reply = await http({ url, method: 'GET', headers: {}, maxBytes: MOST_LETTER, signal: within }).catch(
      () => null,
    )
    if (reply?.status === 200) {
      const answer = await openAnswer(mailbox.secret, new TextDecoder().decode(reply.bytes))
      if (answer === null) throw new BridgeAnswersFalsely(mailbox.bridge)
      return answer
    }
    await clock.sleep(LOOK_EVERY, signal)
  }
}
