/**
 * What whoever runs a bridge asks it over HTTP: does it live (`/livez`), can it serve (`/readyz`), what does it count
 * (`/metrics`). Nothing here is secret, and nothing can be changed by it.
 * @module
 */
import { type Reply, startWebServer, type WebServer, type WebService } from '../../infrastructure/web-server.ts'
import type { Bridge } from '../bridge.ts'
import type { BridgeMetrics } from './metrics.ts'

export interface OperationsOptions {
  readonly bridge: Bridge
  readonly metrics: BridgeMetrics
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** True once the bridge has been told to stop: whoever balances load sends nobody here any more. */
  readonly stopping: () => boolean
}

const LIMITS = { bodyBytes: 1024, connections: 64, unsentBytes: 0, unanswered: 1 }

/** @throws {PortUnavailable} */
export function startOperations({ bridge, metrics, host, port, stopping }: OperationsOptions): Promise<WebServer> {
  const service: WebService = {
    admit({ method, path }, kind) {
      if (kind === 'websocket') return { status: 400 }
      if (method !== 'GET' && method !== 'HEAD') return { status: 405, headers: { allow: 'GET, HEAD' } }
      return ['/livez', '/readyz', '/metrics'].includes(pathOf(path)) ? null : { status: 404 }
    },
    async respond({ path }) {
      switch (pathOf(path)) {
        case '/livez':
          return text(200, 'alive\n')
        case '/readyz':
          return readiness(bridge, stopping())
        default:
          return text(200, await metrics.text(), metrics.contentType)
      }
    },
    connect: () => ({ message: async () => {}, closed() {} }),
  }
  return startWebServer(service, port, LIMITS, host)
}

/** 200 when it follows the chain, has nodes to draw on and takes requests, else 503 with the reason. */
async function readiness({ client, node, upstream }: Bridge, stopping: boolean): Promise<Reply> {
  const { status } = client
  const nodes = await upstream()
  const gone = Object.entries(nodes).flatMap(([kind, answer]) => (answer === false ? [kind] : []))
  const body = {
    state: stopping ? 'stopping' : status.state,
    ...(status.state === 'following'
      ? { slot: status.head.optimistic.slot, finalized: status.head.finalized.slot }
      : {}),
    ...(status.state === 'stalled' ? { reason: status.cause.message } : {}),
    ...(gone.length > 0 ? { reason: `no ${gone.join(' and no ')} node answers` } : {}),
    connections: node.peers().length,
  }
  const ready = status.state === 'following' && !stopping && gone.length === 0
  return text(ready ? 200 : 503, `${JSON.stringify(body)}\n`, 'application/json')
}

const pathOf = (path: string) => path.split('?')[0]!

const text = (status: number, body: string, type = 'text/plain; charset=utf-8'): Reply => ({
  status,
  headers: { 'content-type': type },
  body,
})
