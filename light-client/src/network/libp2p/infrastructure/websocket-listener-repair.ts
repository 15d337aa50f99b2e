import { GlowwormError } from '../../../errors.ts'
import type { TransportFactory } from '../node-types.ts'

/** The part of `ws`'s WebSocketServer that is wrapped. */
interface WsServer {
  readonly options: { maxPayload: number }
  handleUpgrade(
    request: unknown,
    socket: RawSocket,
    head: unknown,
    done: (ws: WsSocket, request: unknown) => void,
  ): void
}
interface WsSocket {
  on(event: 'error', listener: (error: Error) => void): void
  send(message: Uint8Array): void
}
/** The part of the TCP socket below it that is used. */
interface RawSocket {
  cork(): void
  uncork(): void
}

/** libp2p writes records of at most 64 KiB; `ws` would take messages of 100 MiB into memory. */
const MAX_WEBSOCKET_MESSAGE = 1024 * 1024

/**
 * A WebSocket transport whose listener survives what strangers send.
 *
 * Fault (@libp2p/websockets 10.1.21, `listener.ts`): nobody listens for `error` on an accepted socket, so a frame that
 * is not allowed (a reserved bit is enough) becomes an uncaught exception and ends the process. Here every accepted
 * socket has a listener; `ws` closes the socket by itself, which libp2p notices. The limit on message size is set in
 * the same place. Goes when upstream listens for `error` and sets `maxPayload`.
 *
 * It reaches into a private field, so it checks what it finds. @throws {ListenerNotRepairable} from `createListener`
 */
export function surviveBadFrames(factory: TransportFactory): TransportFactory {
  return (components) => {
    const transport = factory(components)
    const createListener = transport.createListener.bind(transport)
    transport.createListener = (options) => {
      const listener = createListener(options)
      const { wsServer } = listener as unknown as { readonly wsServer?: Partial<WsServer> }
      if (!isWsServer(wsServer)) throw new ListenerNotRepairable()
      repairServer(wsServer)
      return listener
    }
    return transport
  }
}

function isWsServer(server: Partial<WsServer> | undefined): server is WsServer {
  return typeof server?.handleUpgrade === 'function' && typeof server.options?.maxPayload === 'number'
}

function repairServer(server: WsServer): void {
  const handleUpgrade = server.handleUpgrade.bind(server)
  server.options.maxPayload = MAX_WEBSOCKET_MESSAGE
  server.handleUpgrade = (request, socket, head, done) =>
    handleUpgrade(request, socket, head, (ws, upgraded) => {
      ws.on('error', () => {})
      gatherWrites(ws, socket)
      done(ws, upgraded)
    })
}

/**
 * What is sent in one turn of the event loop goes out together. An answer is five or six small messages — acknowledgement,
 * negotiation, content, end —, and each would be a system call of its own, which costs more than the message.
 */
function gatherWrites(ws: WsSocket, socket: RawSocket): void {
  const send = ws.send.bind(ws)
  let gathering = false
  ws.send = (message) => {
    if (!gathering) {
      gathering = true
      socket.cork()
      setImmediate(() => {
        gathering = false
        socket.uncork()
      })
    }
    send(message)
  }
}

/** The library has changed, and a listener without the repair could be ended by anybody. */
export class ListenerNotRepairable extends GlowwormError {
  constructor() {
    super(
      {
        name: 'Network.ListenerNotRepairable',
        code: 'LISTENER_NOT_REPAIRABLE',
        kind: 'usage',
      },
      'the WebSocket listener of this version of @libp2p/websockets is not the one known',
      { next: 'Install the version in package-lock.json, or listen without a WebSocket port.' },
    )
  }
}
