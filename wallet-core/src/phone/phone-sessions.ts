/**
 * Pages on other screens that use this wallet. Each is a site of its own for as long as its connection lasts: its requests
 * go the same way as those of pages beside the wallet, to the same approvals.
 * @module
 */
import { toHex } from '@glowworm/light-client/data/hex'
import { PairingCancelled, PairingFailed } from '@glowworm/light-client/network/pairing/errors'
import type { Channel } from '../facade/channel.ts'
import type { Core } from '../facade/core.ts'
import type { PhoneCommands, PhoneSessionView } from '../facade/phone-values.ts'
import type { RemotePhone } from '../ports.ts'
import { claimedSite } from '../provider/claimed-site.ts'
import { createProvider } from '../provider/provider.ts'
import { serveProvider } from '../provider/serve.ts'
import { type Hello, readHello, SESSION_VERSION } from './hello.ts'

export interface PhoneSessions {
  readonly list: readonly PhoneSessionView[]
  readonly commands: PhoneCommands
  /** Ends the session that is this site, if there is one. */
  endSite(site: string): void
  endAll(): void
}

/** Milliseconds that a page has to say what it is. */
const HELLO_WITHIN = 10_000
/** Pages at once; far more than a person looks at. */
const MOST_SESSIONS = 16

interface Session extends PhoneSessionView {
  readonly line: number
  hear(message: unknown): void
  stop(): void
}

export function createPhoneSessions(core: Core, phone: RemotePhone): PhoneSessions {
  const { ports, published } = core
  const provider = createProvider(core)
  const sessions = new Map<number, Session>()
  const greeting = new Map<number, (hello: Hello | null) => void>()

  phone.listen((line, text) => {
    const waiting = greeting.get(line)
    const session = sessions.get(line)
    if (text === null) {
      waiting?.(null)
      if (session) void forget(session)
      return
    }
    const message = parsed(text)
    if (waiting) waiting(readHello(message))
    else session?.hear(message)
  })

  async function greet(line: number): Promise<Hello> {
    const answer = Promise.withResolvers<Hello | null>()
    greeting.set(line, answer.resolve)
    phone.send(line, JSON.stringify({ type: 'welcome', version: SESSION_VERSION }))
    const hello = await Promise.race([answer.promise, ports.clock.sleep(HELLO_WITHIN).then(() => null)])
    greeting.delete(line)
    if (hello !== null) return hello
    phone.close(line)
    throw new PairingFailed('the page did not say what it is, or speaks another version')
  }

  function serve(line: number, { name, origin }: Hello): PhoneSessionView {
    const id = toHex(ports.random.bytes(16)).slice(2)
    const site = claimedSite({ origin, id })
    if (site === null || sessions.size >= MOST_SESSIONS) {
      phone.close(line)
      throw new PairingFailed(
        site === null ? 'the page is served in a way that no wallet speaks to' : `${MOST_SESSIONS} pages are connected`,
      )
    }
    const handlers = new Set<(message: unknown) => void>()
    const channel: Channel = {
      send: (message) => phone.send(line, JSON.stringify(message)),
      listen(handler) {
        handlers.add(handler)
        return () => handlers.delete(handler)
      },
    }
    const stop = serveProvider(provider, channel, { origin: site })
    const hear = (message: unknown) => {
      for (const handler of [...handlers]) handler(message)
    }
    sessions.set(line, { id, site, name, origin, since: ports.clock.now(), line, hear, stop })
    published.changed()
    return viewOf(sessions.get(line)!)
  }

  /** The connection is over, and with it all that the page was allowed. */
  async function forget({ line, site, stop }: Session): Promise<void> {
    if (!sessions.delete(line)) return
    stop()
    published.changed()
    await core.phone.drop(site)
  }

  const end = (session: Session) => {
    // First what it may, so that the page hears of that before the line ends.
    void core.phone.drop(session.site).then(() => {
      phone.close(session.line)
      void forget(session)
    })
  }

  const commands: PhoneCommands = {
    phoneAnswer: ({ code }) => phone.answer(typeof code === 'string' ? code : ''),
    phonePost: () => phone.post(),
    async phoneConnected() {
      const line = await phone.connected()
      return serve(line, await greet(line))
    },
    async phoneCancel() {
      phone.cancel()
    },
    async endPhoneSession({ id }) {
      const session = [...sessions.values()].find((one) => one.id === id)
      if (!session) throw new PairingCancelled()
      end(session)
    },
  }
  return {
    get list() {
      return [...sessions.values()].map(viewOf)
    },
    commands,
    endSite(site) {
      for (const session of sessions.values()) if (session.site === site) end(session)
    },
    endAll() {
      phone.cancel()
      for (const session of [...sessions.values()]) {
        phone.close(session.line)
        void forget(session)
      }
    },
  }
}

const viewOf = ({ id, site, name, origin, since }: Session): PhoneSessionView => ({ id, site, name, origin, since })

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
