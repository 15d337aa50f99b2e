/**
 * What stands between a page's provider and a phone: without a connection it answers what can be answered and asks for one
 * where the page wants to connect; with one it carries everything.
 * @module
 */
import { toQuantity } from '@glowworm/light-client/data/hex'
import type { Clock } from '@glowworm/light-client/infrastructure/ports'
import { MOST_TEXT, type PageLine } from '@glowworm/light-client/network/pairing/page/page-line'
import type { Channel } from '../../facade/channel.ts'
import { RPC } from '../../provider/errors.ts'
import { PROVIDER_PROTOCOL } from '../../provider/injected.ts'
import { SESSION_VERSION, WELCOME_WITHIN } from '../hello.ts'

/** As for pages beside the wallet. */
const MOST_UNDER_WAY = 256
const CONNECTS = ['eth_requestAccounts', 'wallet_requestPermissions', 'wallet_createSession']
/** Nobody is connected: nothing is allowed, and nothing is to be taken back. */
const ALONE: Readonly<Record<string, unknown>> = {
  eth_accounts: [],
  wallet_getPermissions: [],
  wallet_revokePermissions: null,
  wallet_getSession: { sessionScopes: {} },
}

export interface LinkOptions {
  /** As the page calls itself, and where it is served. */
  readonly self: () => { readonly name: string; readonly origin: string }
  /** What the page says before a phone says more: libraries ask for it first. */
  readonly chainId: number
  /** Has the person connect a phone. Rejects when they do not want to; `hears` gets what comes over the line. */
  readonly connect: (hears: LineEvents) => Promise<PageLine>
  readonly clock: Clock
}

export interface LineEvents {
  text(text: string): void
  closed(): void
}

export interface Link {
  readonly channel: Channel
  /** Ends the connection, if there is one. */
  disconnect(): void
}

export function createLink({ self, chainId, connect, clock }: LinkOptions): Link {
  const handlers = new Set<(message: unknown) => void>()
  const underWay = new Set<unknown>()
  let line: PageLine | null = null
  let opening: Promise<PageLine> | null = null

  const toPage = (message: Record<string, unknown>) => {
    for (const handler of [...handlers]) handler({ protocol: PROVIDER_PROTOCOL, ...message })
  }
  const refuse = (id: unknown, code: number, message: string) =>
    toPage({ type: 'response', id, error: { code, message } })

  function hear(text: string): void {
    const message = parsed(text)
    if (message?.type === 'welcome' || message?.protocol !== PROVIDER_PROTOCOL) return
    if (message.type === 'response' && !underWay.delete(message.id)) return
    for (const handler of [...handlers]) handler(message)
  }

  function lose(): void {
    if (line === null) return
    line = null
    underWay.clear()
    toPage({ type: 'event', event: 'accountsChanged', data: [] })
    toPage({ type: 'lost' })
  }

  async function open(): Promise<PageLine> {
    const welcome = Promise.withResolvers<void>()
    // Nobody waits for it where no connection comes about.
    welcome.promise.catch(() => undefined)
    const opened = await connect({
      text(text) {
        const { type, version } = parsed(text) ?? {}
        if (type === 'welcome' && version === SESSION_VERSION) welcome.resolve()
        else if (type === 'welcome') welcome.reject(new Error('The phone speaks another version.'))
        else hear(text)
      },
      closed() {
        welcome.reject(new Error('The phone has left.'))
        lose()
      },
    })
    const said = new AbortController()
    clock.sleep(WELCOME_WITHIN, said.signal).then(
      () => welcome.reject(new Error('The phone does not answer.')),
      () => undefined,
    )
    try {
      await welcome.promise
    } catch (error) {
      opened.close()
      throw error
    } finally {
      said.abort()
    }
    opened.send(JSON.stringify({ type: 'hello', version: SESSION_VERSION, ...self() }))
    line = opened
    return opened
  }

  async function connectAnd(message: Record<string, unknown>): Promise<void> {
    try {
      opening ??= open().finally(() => {
        opening = null
      })
      await opening
      send(message)
    } catch (error) {
      refuse(message.id, RPC.userRejected, error instanceof Error ? error.message : 'No phone was connected.')
    }
  }

  function send(message: Record<string, unknown>): void {
    if (message.type !== 'request') line?.send(JSON.stringify(message))
    else if (line !== null) forward(line, message)
    else answerAlone(message)
  }

  function forward(to: PageLine, message: Record<string, unknown>): void {
    const { id } = message
    const text = JSON.stringify(message)
    if (text.length > MOST_TEXT) refuse(id, RPC.invalidParams, `params: longer than ${MOST_TEXT} characters`)
    else if (underWay.size >= MOST_UNDER_WAY)
      refuse(id, RPC.limitExceeded, `${MOST_UNDER_WAY} requests are under way; wait for their answers.`)
    else {
      underWay.add(id)
      to.send(text)
    }
  }

  function answerAlone(message: Record<string, unknown>): void {
    const { id } = message
    const method = String(message.method)
    if (CONNECTS.includes(method)) void connectAnd(message)
    else if (method === 'eth_chainId') {
      // Known to the provider from now on, so that it tells the page when the phone is on another.
      toPage({ type: 'event', event: 'chainChanged', data: toQuantity(chainId) })
      toPage({ type: 'response', id, result: toQuantity(chainId) })
    } else if (method === 'net_version') toPage({ type: 'response', id, result: String(chainId) })
    else if (Object.hasOwn(ALONE, method)) toPage({ type: 'response', id, result: ALONE[method] })
    else refuse(id, RPC.disconnected, 'No phone is connected. Ask for accounts first.')
  }

  return {
    channel: {
      // The provider never waits for an answer in the same turn.
      send: (message) => queueMicrotask(() => send(message as Record<string, unknown>)),
      listen(handler) {
        handlers.add(handler)
        return () => handlers.delete(handler)
      },
    },
    disconnect() {
      line?.close()
    },
  }
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
