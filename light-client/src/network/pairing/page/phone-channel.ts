/**
 * Connections to pages across a worker boundary: the document holds them, the worker, which has the wallet, speaks.
 * @module
 */
import type { Clock } from '../../../infrastructure/ports.ts'
import { SourceUnreachable } from '../../evidence-source.ts'
import { type Channel, namedChannel } from '../../message-channel.ts'
import { type PackedError, packError, unpackError } from '../../message-port-protocol.ts'
import type { createPhone, Phone, PhoneAnswer } from './phone-answer.ts'

type Step = 'answer' | 'post' | 'connected'
const STEPS: readonly Step[] = ['answer', 'post', 'connected']

/** What the worker may ask for, and hears. */
export interface RemotePhone extends Pick<Phone, Step | 'send' | 'close' | 'cancel'> {
  /** @param handler `text` null: the line has ended */
  listen(handler: (line: number, text: string | null) => void): () => void
}

type Load = () => Promise<{ readonly clock: Clock; readonly make: typeof createPhone }>

const NAME = 'phone'

/**
 * The document's side.
 * @param carrier the channel of `carryPeers`, of which this is one more named channel
 * @param load brings what it takes, when it is first asked for
 */
export function servePhone(carrier: Channel, load: Load): () => void {
  const channel = namedChannel(carrier, NAME)
  let loading: Promise<Phone> | null = null
  const phone = () => {
    loading ??= load().then(({ make, ...parts }) =>
      make({
        ...parts,
        onText: (line, text) => channel.send({ line, text }),
        onClosed: (line) => channel.send({ line, text: null }),
      }),
    )
    // Tried again: it may have been the network.
    loading.catch(() => {
      loading = null
    })
    return loading
  }
  const stop = channel.listen(async (message) => {
    const { call, step, code, line, text } = (message ?? {}) as Record<string, unknown>
    if (typeof line === 'number' && loading) {
      const open = await loading
      if (typeof text === 'string') open.send(line, text)
      else open.close(line)
      return
    }
    if (step === 'cancel') return void (await loading)?.cancel()
    const known = STEPS.find((one) => one === step)
    if (typeof call !== 'number' || !known) return
    try {
      channel.send({ call, value: (await (await phone())[known](String(code ?? ''))) ?? null })
    } catch (error) {
      channel.send({ call, error: packError(error) })
    }
  })
  return () => {
    stop()
    void loading?.then((open) => open.closeAll())
  }
}

/** The worker's side. */
export function remotePhone(carrier: Channel): RemotePhone {
  const channel = namedChannel(carrier, NAME)
  const calls = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>()
  const handlers = new Set<(line: number, text: string | null) => void>()
  let counter = 0
  channel.listen((message) => {
    const { call, value, error, line, text } = (message ?? {}) as Record<string, unknown>
    if (typeof line === 'number') {
      for (const handler of [...handlers]) handler(line, typeof text === 'string' ? text : null)
      return
    }
    const waiting = typeof call === 'number' ? calls.get(call) : undefined
    if (!waiting) return
    calls.delete(call as number)
    if (error) waiting.reject(unpackError(error as PackedError))
    else waiting.resolve(value)
  })
  const ask = <T>(step: Step, read: (value: unknown) => T | undefined, code = ''): Promise<T> =>
    new Promise<unknown>((resolve, reject) => {
      const call = ++counter
      calls.set(call, { resolve, reject })
      channel.send({ call, step, code })
    }).then((value) => {
      const answer = read(value)
      if (answer === undefined) throw new SourceUnreachable('the document', 'its answer is malformed')
      return answer
    })
  return {
    answer: (code) => ask('answer', answerOf, code),
    post: () => ask('post', () => null).then(() => undefined),
    connected: () => ask('connected', (value) => (typeof value === 'number' ? value : undefined)),
    send: (line, text) => channel.send({ line, text }),
    close: (line) => channel.send({ line, text: null }),
    cancel: () => channel.send({ step: 'cancel' }),
    listen(handler) {
      handlers.add(handler)
      return () => handlers.delete(handler)
    },
  }
}

function answerOf(value: unknown): PhoneAnswer | undefined {
  const { code, expiresAt, bridge } = (value ?? {}) as Record<string, unknown>
  if (typeof code !== 'string' || typeof expiresAt !== 'number') return undefined
  return { code, expiresAt, bridge: typeof bridge === 'string' ? bridge : null }
}
