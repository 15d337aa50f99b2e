/**
 * This wallet's session with the phone that signs for it, in the document: there connections live, and they outlive the
 * worker. It asks what it is told to ask, and judges nothing.
 * @module
 */
import type { Clock, Http } from '@glowworm/light-client/infrastructure/ports'
import { PairingCancelled, PairingFailed } from '@glowworm/light-client/network/pairing/errors'
import { MOST_TEXT, type PageLine } from '@glowworm/light-client/network/pairing/page/page-line'
import { offerToPhone, type PageOffer } from '@glowworm/light-client/network/pairing/page/page-offer'
import { SESSION_VERSION, WELCOME_WITHIN } from '../../phone/hello.ts'
import { PROVIDER_PROTOCOL } from '../../provider/injected.ts'

/** What came of a question. `away`: there is no phone, or it left before it answered. `refused`: as it says, EIP-1193. */
export type PhoneOutcome =
  | { readonly result: unknown }
  | { readonly refused: { readonly code: number; readonly message: string } }
  | { readonly away: true }

export interface ShownOffer {
  readonly code: string
  /** ms since the Unix epoch */
  readonly expiresAt: number
}

export interface PhoneSession {
  /** True while a phone is connected. */
  readonly open: boolean
  /** A code for the phone. A session that is open stays until another phone has answered. @throws {NoPeerConnections} */
  offer(): Promise<ShownOffer>
  /** Takes the phone's answer. Resolves once both have said who they are. @throws {PairingCancelled} and other errors of pairing */
  accept(code: string): Promise<void>
  /** The same question, while it waits, is asked once: whoever asks again may have lost the answer. */
  ask(method: string, params: unknown): Promise<PhoneOutcome>
  /** Takes back the code that is shown. */
  cancel(): void
  /** Ends everything. */
  end(): void
}

/** Characters of what a phone says about a refusal. */
const MOST_WORDS = 300

interface Question {
  readonly text: string
  readonly outcome: Promise<PhoneOutcome>
  settle(outcome: PhoneOutcome): void
}

export interface PhoneSessionOptions {
  readonly clock: Clock
  readonly http: Http
  /** As this wallet calls itself, and where it is served. */
  readonly self: { readonly name: string; readonly origin: string }
  readonly offerTo?: typeof offerToPhone
}

export function createPhoneSession({ clock, http, self, offerTo = offerToPhone }: PhoneSessionOptions): PhoneSession {
  const questions = new Map<string, Question>()
  let count = 0
  let line: PageLine | null = null
  let offered: { readonly offer: PageOffer; readonly welcome: Promise<boolean> } | null = null

  function lose(): void {
    line = null
    for (const { settle } of [...questions.values()]) settle({ away: true })
    questions.clear()
  }

  function hear(text: string): void {
    const { protocol, type, id, result, error } = parsed(text)
    if (protocol !== PROVIDER_PROTOCOL || type !== 'response' || typeof id !== 'string') return
    const question = questions.get(id)
    questions.delete(id)
    if (error === undefined) question?.settle({ result: result ?? null })
    else question?.settle({ refused: refusalIn(error) })
  }

  function cancel(): void {
    offered?.offer.cancel()
    offered = null
  }

  function leave(): void {
    const before = line
    lose()
    before?.close()
  }

  return {
    get open() {
      return line !== null
    },
    async offer() {
      cancel()
      const welcome = Promise.withResolvers<boolean>()
      let own: PageLine | null = null
      const offer = await offerTo({
        clock,
        http,
        bridge: null,
        onText(text) {
          const { type, version } = parsed(text)
          if (type === 'welcome') welcome.resolve(version === SESSION_VERSION)
          else if (own !== null && own === line) hear(text)
        },
        onClosed() {
          welcome.resolve(false)
          if (own !== null && own === line) lose()
        },
      })
      const mine = {
        offer: {
          ...offer,
          async accept(code: string) {
            own = await offer.accept(code)
            return own
          },
        },
        welcome: welcome.promise,
      }
      cancel()
      offered = mine
      return { code: offer.code, expiresAt: offer.expiresAt }
    },
    async accept(code) {
      const mine = offered
      if (mine === null) throw new PairingCancelled()
      const fresh = await mine.offer.accept(code)
      const late = clock.sleep(WELCOME_WITHIN).then(() => false)
      const welcome = await Promise.race([mine.welcome, late])
      if (offered !== mine || !welcome) {
        fresh.close()
        throw offered === mine ? new PairingFailed('the phone left, or speaks another version') : new PairingCancelled()
      }
      offered = null
      leave()
      line = fresh
      fresh.send(JSON.stringify({ type: 'hello', version: SESSION_VERSION, ...self }))
    },
    ask(method, params) {
      if (line === null) return Promise.resolve({ away: true })
      const text = JSON.stringify({ method, params })
      const same = [...questions.values()].find((question) => question.text === text)
      if (same) return same.outcome
      const id = `wallet:${++count}`
      const message = JSON.stringify({ protocol: PROVIDER_PROTOCOL, type: 'request', id, method, params })
      if (message.length > MOST_TEXT)
        return Promise.resolve({ refused: { code: -32602, message: `it is longer than ${MOST_TEXT} characters` } })
      const { promise, resolve } = Promise.withResolvers<PhoneOutcome>()
      questions.set(id, { text, outcome: promise, settle: resolve })
      line.send(message)
      return promise
    },
    cancel,
    end() {
      cancel()
      leave()
    },
  }
}

function refusalIn(error: unknown): { readonly code: number; readonly message: string } {
  const { code, message } = (error ?? {}) as Record<string, unknown>
  return {
    code: typeof code === 'number' ? code : -32603,
    message: typeof message === 'string' ? message.slice(0, MOST_WORDS) : '',
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
