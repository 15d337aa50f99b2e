/**
 * The light client for pages. It runs in a worker, so that no check ever holds up what a person sees; a page loads a few
 * kilobytes for it.
 * @module
 */

import { type HostedLightClient, openHosted } from './application/embedding/hosted-client.ts'
import type { HostedOptions } from './application/embedding/messages.ts'
import { ownThread, workerThread } from './application/embedding/threads.ts'

export type { HostedLightClient } from './application/embedding/hosted-client.ts'
export type { HostedOptions } from './application/embedding/messages.ts'
export { WorkerUnavailable } from './application/embedding/threads.ts'
export type { Head, HeaderSummary, Status } from './application/light-client.ts'
export { RPC_CODES, RpcError } from './application/rpc/errors.ts'
export type { Provenance, RpcAnswer, Standing } from './application/rpc/method.ts'
export type { ProviderEvents } from './application/rpc/provider.ts'
export type { RpcRequest } from './application/rpc/rpc.ts'
export { GlowwormError } from './errors.ts'
export { indexedDbStore } from './infrastructure/indexeddb-store.ts'

export interface StartOptions extends HostedOptions {
  /** `calling`: on the thread of the caller, for a page that is itself a worker or may start none. Default: `worker`. */
  readonly thread?: 'worker' | 'calling'
}

/**
 * Starts a light client. Resolves when it runs, which is before it has proven anything: see `ready`.
 * @throws {WorkerUnavailable} when the page may not start a worker, or it cannot be loaded
 * @throws {GlowwormError} kind `usage`, naming the option that is malformed
 */
export async function startLightClient({ thread = 'worker', ...options }: StartOptions): Promise<HostedLightClient> {
  return openHosted(thread === 'worker' ? workerThread() : ownThread(), options)
}
