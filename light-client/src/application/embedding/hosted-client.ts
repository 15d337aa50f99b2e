/** The page's side of a light client that runs elsewhere: an EIP-1193 provider with provenance and status. @module */
import { GlowwormError } from '../../errors.ts'
import type { Channel } from '../../network/message-channel.ts'
import type { Head, Status } from '../light-client.ts'
import { createEmitter } from '../rpc/emitter.ts'
import { invalidParams, RPC_CODES, RpcError } from '../rpc/errors.ts'
import type { RpcAnswer } from '../rpc/method.ts'
import type { ProviderEvents, VerifiedProvider } from '../rpc/provider.ts'
import type { RpcRequest } from '../rpc/rpc.ts'
import {
  type ErrorRecord,
  errorOf,
  type HostedOptions,
  type Opened,
  statusOf,
  type ToHost,
  type ToPage,
} from './messages.ts'

/** Errors have the name, code and kind they were thrown with; of their classes only `RpcError` and `GlowwormError`. */
export interface HostedLightClient extends Omit<VerifiedProvider, 'close'>, Opened {
  readonly status: Status
  /** Calls `listener` with each new status until the returned function is called. */
  subscribe(listener: (status: Status) => void): () => void
  /** Resolves once the client follows the chain. @throws {GlowwormError} the cause when it stalls before that. */
  ready(): Promise<Head>
  /** Ends the light client and its worker. */
  close(): Promise<void>
}

/** Where it runs. */
export interface Host {
  readonly channel: Channel
  /** Rejects when it cannot run there. */
  readonly failed: Promise<never>
  end(): void
}

/** @throws {GlowwormError} what stands in the way of opening it */
export async function openHosted(host: Host, options: HostedOptions): Promise<HostedLightClient> {
  const { channel } = host
  const emitter = createEmitter<ProviderEvents>()
  const listeners = new Set<(status: Status) => void>()
  const asked = new Map<number, { resolve(answer: RpcAnswer): void; reject(error: Error): void }>()
  const opening = Promise.withResolvers<Opened>()
  const closed = Promise.withResolvers<void>()
  let status: Status = { state: 'starting', step: 'checkpoint', done: 0, of: 0 }
  let nextId = 1
  let closing: Promise<void> | null = null

  const say = (message: ToHost) => channel.send(message)
  const setStatus = (next: Status) => {
    status = next
    for (const listener of [...listeners]) listener(next)
  }
  const settled = (id: number) => {
    const waiting = asked.get(id)
    asked.delete(id)
    return waiting
  }
  const stopListening = channel.listen((received) => {
    const message = received as ToPage
    switch (message.type) {
      case 'loaded':
        return say({ type: 'open', options })
      case 'opened':
        setStatus(statusOf(message.status))
        return opening.resolve(message.opened)
      case 'failed':
        return opening.reject(errorOf(message.error))
      case 'status':
        return setStatus(statusOf(message.status))
      case 'event':
        return emitter.emit(message.event, eventPayload(message.event, message.payload))
      case 'answer':
        return settled(message.id)?.resolve(message.answer)
      case 'refusal':
        return settled(message.id)?.reject(errorOf(message.error))
      case 'closed':
        return closed.resolve()
    }
  })
  const end = () => {
    stopListening()
    host.end()
  }

  const answer = (request: RpcRequest) =>
    new Promise<RpcAnswer>((resolve, reject) => {
      if (closing) return reject(closedError())
      const id = nextId++
      asked.set(id, { resolve, reject })
      try {
        say({ type: 'ask', id, request: { method: request.method, params: request.params } })
      } catch {
        settled(id)
        reject(invalidParams('expected plain data'))
      }
    })
  const close = async () => {
    say({ type: 'close' })
    await closed.promise
    end()
    for (const { reject } of asked.values()) reject(closedError())
    asked.clear()
    emitter.clear()
    setStatus({ state: 'closed' })
  }

  let opened: Opened
  try {
    opened = await Promise.race([opening.promise, host.failed])
  } catch (cause) {
    end()
    throw cause
  }
  const hosted: HostedLightClient = {
    ...opened,
    get status() {
      return status
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ready: () =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (status.state === 'starting') return
          listeners.delete(look)
          if (status.state === 'closed') reject(closedError())
          else if (status.state === 'stalled' && !status.head) reject(status.cause)
          else resolve(status.head!)
        }
        listeners.add(look)
        look()
      }),
    answer,
    request: async (request) => (await answer(request)).result,
    on(event, listener) {
      emitter.on(event, listener)
      return hosted
    },
    removeListener(event, listener) {
      emitter.removeListener(event, listener)
      return hosted
    },
    close() {
      closing ??= close()
      return closing
    },
  }
  return hosted
}

function eventPayload(event: keyof ProviderEvents, payload: unknown): never {
  return (event === 'disconnect' ? errorOf(payload as ErrorRecord) : payload) as never
}

function closedError(): RpcError {
  const cause = new GlowwormError(
    { name: 'Application.Closed', code: 'CLOSED', kind: 'closed' },
    'the light client was closed',
  )
  return new RpcError(RPC_CODES.disconnected, cause.message, { code: 'CLOSED' }, { cause })
}
