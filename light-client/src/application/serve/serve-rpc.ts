/** JSON-RPC over HTTP and WebSocket on loopback, for wallets and pages that know nothing of this software. @module */
import { startWebServer, type WebServer } from '../../infrastructure/web-server.ts'
import { RPC_CODES, RpcError } from '../rpc/errors.ts'
import type { RpcClient } from '../rpc/method.ts'
import { createRpc } from '../rpc/rpc.ts'
import { openSession, type SessionEvents } from '../rpc/session.ts'
import { subscriptionRoom } from '../rpc/subscription-room.ts'
import { admission, corsHeaders } from './admission.ts'
import { answerText, failureText, subscriptionText } from './json-rpc.ts'

export interface ServeRpcOptions {
  /** 0: any free port. */
  readonly port: number
  /** Origins of pages that may ask, as browsers send them; programs that send no origin always may. */
  readonly origins?: readonly string[]
}

/** A raw transaction with its blobs is the longest thing anybody sends. */
const LIMITS = { bodyBytes: 4 * 1024 * 1024, connections: 256, unsentBytes: 32 * 1024 * 1024, unanswered: 256 }

/** Of all connections together: each looks at every new block. */
const MOST_SUBSCRIPTIONS = 1024

/** @throws {PortUnavailable} */
export function serveRpc(client: RpcClient, { port, origins = [] }: ServeRpcOptions): Promise<WebServer> {
  const rpc = createRpc(client)
  const room = subscriptionRoom(MOST_SUBSCRIPTIONS)
  return startWebServer(
    {
      admit: admission(new Set(origins)),
      async respond(head, body, gone) {
        const text = await answerText(body, (request) => rpc.request(request, { signal: gone, asker: head.connection }))
        const headers = corsHeaders(head.header('origin'))
        if (text === null) return { status: 204, headers }
        return { status: 200, headers: { ...headers, 'content-type': 'application/json' }, body: text }
      },
      failed(head, status, maxBytes) {
        const error =
          status === 413
            ? new RpcError(RPC_CODES.invalidRequest, `a request has at most ${maxBytes} bytes`, { code: 'TOO_LARGE' })
            : new RpcError(RPC_CODES.internal, 'an error inside the light client', { code: 'INTERNAL' })
        const headers = { ...corsHeaders(head.header('origin')), 'content-type': 'application/json' }
        return { status, headers, body: failureText(error) }
      },
      connect(socket, { connection }) {
        const events: SessionEvents = {
          notify: (subscription, result) => socket.send(subscriptionText(subscription, result)),
          // JSON-RPC has no word for an event that was missed; a connection that ends is understood by everybody.
          lost: (_subscription, cause) => socket.close(1011, cause.message.slice(0, 100)),
        }
        const session = openSession(rpc, client, events, connection, room)
        return {
          async message(text) {
            const answer = await answerText(text, async (request) => (await session.answer(request)).result)
            if (answer !== null) socket.send(answer)
          },
          closed: () => session.close(),
        }
      },
    },
    port,
    LIMITS,
  )
}
