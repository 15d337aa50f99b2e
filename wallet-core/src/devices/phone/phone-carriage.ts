/** The session with the phone that signs, across a worker boundary: the document holds it, the worker asks. @module */
import { SourceUnreachable } from '@glowworm/light-client/network/evidence-source'
import { type Channel, namedChannel } from '@glowworm/light-client/network/message-channel'
import { type PackedError, packError, unpackError } from '@glowworm/light-client/network/message-port-protocol'
import type { PhoneOutcome, PhoneSession, ShownOffer } from './phone-session.ts'

/** What the worker may ask for. */
export interface RemotePhoneSession extends Pick<PhoneSession, 'ask' | 'cancel' | 'end'> {
  offer(): Promise<ShownOffer>
  accept(code: string): Promise<void>
}

/** The worker's channel; the document may be lost, and with it every answer that is waited for. */
export type LosableChannel = Channel & { onReopen?(handler: () => void): () => void }

const NAME = 'phone-signer'

/** The document's side. @param load brings what it takes, when it is first asked for */
export function servePhoneSession(carrier: Channel, load: () => Promise<PhoneSession>): () => boolean {
  const channel = namedChannel(carrier, NAME)
  let loaded: PhoneSession | null = null
  let loading: Promise<PhoneSession> | null = null
  const session = () => {
    loading ??= load().then((fresh) => {
      loaded = fresh
      return fresh
    })
    // Tried again: it may have been the network.
    loading.catch(() => {
      loading = null
    })
    return loading
  }
  const carryOut = async ({ step, code, method, params }: Record<string, unknown>): Promise<unknown> => {
    if (step === 'offer') return (await session()).offer()
    if (step === 'accept') return (await session()).accept(String(code ?? ''))
    return loaded === null ? { away: true } : loaded.ask(String(method), params)
  }
  channel.listen(async (message) => {
    const said = (message ?? {}) as Record<string, unknown>
    const { call, step } = said
    if (step === 'cancel' || step === 'end') return loaded?.[step]()
    if (typeof call !== 'string' || (step !== 'offer' && step !== 'accept' && step !== 'ask')) return
    try {
      channel.send({ call, value: (await carryOut(said)) ?? null })
    } catch (error) {
      channel.send({ call, error: packError(error) })
    }
  })
  return () => loaded?.open ?? false
}

/**
 * The worker's side.
 * @param life names this worker among all that the document sees: an answer to another one's question must not be taken for
 * one of its own
 */
export function remotePhoneSession(carrier: LosableChannel, life: string): RemotePhoneSession {
  const channel = namedChannel(carrier, NAME)
  const calls = new Map<string, { resolve(value: unknown): void; reject(error: unknown): void }>()
  let count = 0
  carrier.onReopen?.(() => {
    for (const { reject } of calls.values()) reject(new SourceUnreachable('the phone', 'the connection was lost'))
    calls.clear()
  })
  channel.listen((message) => {
    const { call, value, error } = (message ?? {}) as Record<string, unknown>
    const waiting = typeof call === 'string' ? calls.get(call) : undefined
    if (!waiting) return
    calls.delete(call as string)
    if (error) waiting.reject(unpackError(error as PackedError))
    else waiting.resolve(value)
  })
  const call = (what: Record<string, unknown>): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const name = `${life}:${++count}`
      calls.set(name, { resolve, reject })
      channel.send({ call: name, ...what })
    })
  return {
    offer: () => call({ step: 'offer' }) as Promise<ShownOffer>,
    accept: (code) => call({ step: 'accept', code }).then(() => undefined),
    // The document is ours, but what it hands over came from elsewhere: whoever signs checks it.
    ask: (method, params) => call({ step: 'ask', method, params }) as Promise<PhoneOutcome>,
    cancel: () => channel.send({ step: 'cancel' }),
    end: () => channel.send({ step: 'end' }),
  }
}
