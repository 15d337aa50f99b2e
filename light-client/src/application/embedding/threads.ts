/** Where a page's light client can run. @module */
import { GlowwormError } from '../../errors.ts'
import { openModuleWorker } from '../../infrastructure/module-worker.ts'
import { clonedChannel } from '../../network/message-channel.ts'
import type { Host } from './hosted-client.ts'

/** @throws {WorkerUnavailable} */
export function workerThread(): Host {
  const failed = Promise.withResolvers<never>()
  try {
    const worker = openModuleWorker((reason) => failed.reject(new WorkerUnavailable(reason)))
    return { channel: clonedChannel(worker), failed: failed.promise, end: () => worker.terminate() }
  } catch (cause) {
    throw new WorkerUnavailable((cause as Error).message)
  }
}

/** The same over a channel that does not leave the thread; the light client itself is loaded only then. */
export function ownThread(): Host {
  const { port1, port2 } = new MessageChannel()
  const failed = Promise.withResolvers<never>()
  import('./host-client.ts').then(({ hostLightClient }) => hostLightClient(clonedChannel(port2)), failed.reject)
  return {
    channel: clonedChannel(port1),
    failed: failed.promise,
    end() {
      port1.close()
      port2.close()
    },
  }
}

/** The page may not start a worker (`worker-src` of its content security policy), or the worker could not be loaded. */
export class WorkerUnavailable extends GlowwormError {
  constructor(reason: string) {
    super(
      { name: 'Embedding.WorkerUnavailable', code: 'WORKER_UNAVAILABLE', kind: 'usage' },
      `the worker of the light client could not be started: ${reason}`,
      { next: "Allow workers of the page's own origin, or start it with thread: 'calling'." },
    )
  }
}
