/**
 * Mailboxes over HTTP, for pages and phones: `POST /mailbox/<name>` leaves a letter, `GET` fetches it (docs/phone-sessions.md).
 * Requests are such as pages may send across origins without asking first. Any page may come, since any page may want a phone's answer; what it finds is sealed, and only a code names the box.
 * @module
 */
import { platformClock } from '../../infrastructure/clock.ts'
import {
  type Reply,
  type RequestHead,
  startWebServer,
  type WebServer,
  type WebService,
} from '../../infrastructure/web-server.ts'
import { originsOfUrl, UNKNOWN } from '../../network/peer-book/origins.ts'
import { createMailboxes, type Mailboxes } from './mailboxes.ts'

/** Bytes of a letter. */
const MOST_LETTER = 1024
const LIMITS = { bodyBytes: MOST_LETTER, connections: 256, unsentBytes: 0, unanswered: 1 }
const BOX = /^\/mailbox\/([0-9a-f]{32})$/

/** @param port 0: any free one. @throws {PortUnavailable} */
export const startMailboxes = (host: string, port: number): Promise<WebServer> =>
  startWebServer(mailboxService(createMailboxes(platformClock)), port, LIMITS, host)

export function mailboxService(mailboxes: Mailboxes): WebService {
  return {
    admit(head, kind) {
      const refused = refusalOf(head, kind)
      if (refused !== null) return reply(refused, head)
      return mailboxes.admit(groupOf(head)) ? null : reply(429, head)
    },
    async respond(head, body) {
      const box = BOX.exec(head.path)![1]!
      if (head.method === 'GET') {
        const letter = mailboxes.take(box)
        return letter === null ? reply(404, head) : reply(200, head, letter)
      }
      // Base64 and nothing else: a place for answers, not for things that a browser would show.
      if (!/^[A-Za-z0-9+/]{4,1024}={0,2}$/.test(body)) return reply(400, head)
      const delivery = mailboxes.put(box, body, groupOf(head))
      return reply({ taken: 201, occupied: 409, full: 503 }[delivery], head)
    },
    failed: (head, status) => reply(status, head),
    connect: () => ({ message: async () => {}, closed() {} }),
  }
}

function refusalOf({ method, path, header }: RequestHead, kind: 'http' | 'websocket'): number | null {
  if (kind === 'websocket') return 400
  if (!BOX.test(path)) return 404
  if (method !== 'GET' && method !== 'POST') return 405
  return isPage(header('origin')) ? null : 403
}

/** Pages name themselves in every request across origins; what does not is no page that this is for. */
function isPage(origin: string | null): boolean {
  if (origin === null || !URL.canParse(origin)) return false
  const { protocol, hostname } = new URL(origin)
  if (protocol === 'https:' || /^[a-z]+-extension:$/.test(protocol)) return true
  return protocol === 'http:' && /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
}

/** Of the address that the connection comes from, whatever headers say. */
function groupOf({ connection }: RequestHead): string {
  const address = connection.split(' ')[0]!.split('%')[0]!
  const url = `http://${address.includes(':') ? `[${address}]` : address}`
  return URL.canParse(url) ? (originsOfUrl(url)[0] ?? UNKNOWN) : UNKNOWN
}

const reply = (status: number, head: RequestHead, body?: string): Reply => ({
  status,
  headers: {
    'content-type': 'text/plain; charset=utf-8',
    ...(isPage(head.header('origin')) ? { 'access-control-allow-origin': head.header('origin')!, vary: 'origin' } : {}),
  },
  ...(body === undefined ? {} : { body }),
})
