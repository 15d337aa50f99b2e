/** Calls over a channel, one direction each: plain data goes there, a value or a problem comes back. @module */
import { CommandFailed, problemOf, WalletError } from '../../errors.ts'
import type { Channel } from '../../facade/channel.ts'
import type { Problem } from '../../facade/facade.ts'
import { fromWire, toWire, type Wire } from '../../facade/wire.ts'

export type Call = (name: string, request: unknown) => Promise<unknown>
export type Handlers = Readonly<Record<string, (request: never) => Promise<unknown>>>

/** Everything that is asked here is over by then. */
const LONGEST = 300_000

/** Answers calls. Returns the function that stops. */
export function serveCalls(channel: Channel, handlers: Handlers): () => void {
  async function outcomeOf(name: string, request: Wire) {
    try {
      if (!Object.hasOwn(handlers, name)) throw new TypeError('an unknown call')
      return { value: toWire((await handlers[name]!(fromWire(request) as never)) ?? null) }
    } catch (error) {
      return { problem: problemOf(error) }
    }
  }
  return channel.listen((message) => {
    const { id, call, request } = message as { id?: unknown; call?: unknown; request?: Wire }
    if (typeof id !== 'number' || typeof call !== 'string') return
    void outcomeOf(call, request ?? null).then((outcome) => channel.send({ id, ...outcome }))
  })
}

export interface Caller {
  readonly call: Call
  /** The far end has gone, and what it was asked with it. */
  lost(): void
}

/** @returns calls that reject with {CommandFailed} for what the far end threw, and {FarEndLost} */
export function caller(channel: Channel): Caller {
  const open = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let count = 0
  channel.listen((message) => {
    const { id, call, value, problem } = message as { id?: unknown; call?: unknown; value?: Wire; problem?: Problem }
    const waiting = call === undefined ? open.get(id as number) : undefined
    if (!waiting) return
    open.delete(id as number)
    if (problem) waiting.reject(new CommandFailed(problem))
    else waiting.resolve(fromWire(value ?? null))
  })
  return {
    call(name, request) {
      const id = ++count
      return new Promise((resolve, reject) => {
        open.set(id, { resolve, reject })
        AbortSignal.timeout(LONGEST).addEventListener('abort', () => {
          if (open.delete(id)) reject(new FarEndLost())
        })
        channel.send({ id, call: name, request: toWire(request ?? null) })
      })
    },
    lost() {
      const lost = [...open.values()]
      open.clear()
      for (const { reject } of lost) reject(new FarEndLost())
    },
  }
}

/** The document behind the worker, or the worker, was stopped by the browser. */
export class FarEndLost extends WalletError {
  constructor() {
    super(
      { name: 'Identity.FarEndLost', code: 'FAR_END_LOST', kind: 'unreachable' },
      'The browser stopped a part of the wallet in the middle of this.',
      { next: 'Try again. If something was to be shown, look into the log first: it may have left.' },
    )
  }
}
