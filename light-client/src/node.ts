/**
 * What only programs that run in Node use. Nothing of it is for browsers, and what few need (libp2p, a web server) is
 * loaded when it is first called.
 * @module
 */
import type { Bridge, BridgeOptions } from './application/bridge.ts'
import type { RpcClient } from './application/rpc/method.ts'
import type { ServeRpcOptions } from './application/serve/serve-rpc.ts'
import type { Clock } from './infrastructure/ports.ts'
import type { WebServer } from './infrastructure/web-server.ts'
import type { DialledPeers } from './network/libp2p/dialled-peers.ts'

export { loadHeadlessEngines } from '@glowworm/wasm-core/load-headless-engines'
export type { Bridge, BridgeOptions } from './application/bridge.ts'
export type { ServeRpcOptions } from './application/serve/serve-rpc.ts'
export { clockAt, platformClock } from './infrastructure/clock.ts'
export { fileStore } from './infrastructure/file-store.ts'
export { nodeHttp } from './infrastructure/node-http.ts'
export type { WebServer } from './infrastructure/web-server.ts'
export type { DialledPeers } from './network/libp2p/dialled-peers.ts'

/** A bridge: carries evidence from nodes to browsers. @throws {BridgeCannotListen} */
export async function runBridge(options: BridgeOptions): Promise<Bridge> {
  return (await import('./application/bridge.ts')).runBridge(options)
}

/** JSON-RPC on 127.0.0.1, as `glowworm serve` has it. @throws {PortUnavailable} */
export async function serveRpc(client: RpcClient, options: ServeRpcOptions): Promise<WebServer> {
  return (await import('./application/serve/serve-rpc.ts')).serveRpc(client, options)
}

/** Peers as sources, by address. @throws {InvalidInput} when an address is malformed or does not end in a peer id */
export async function dialledPeers(addresses: readonly string[], clock: Clock): Promise<DialledPeers> {
  return (await import('./network/libp2p/dialled-peers.ts')).dialledPeers(addresses, clock)
}
