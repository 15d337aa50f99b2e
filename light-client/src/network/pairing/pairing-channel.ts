/**
 * Pairing across a worker boundary: the document holds the connection, the worker, which verifies, asks for it.
 * @module
 */
import { SourceUnreachable } from '../evidence-source.ts'
import type { NetworkIdentity } from '../libp2p/network-identity.ts'
import type { Channel } from '../message-channel.ts'
import { type PackedError, packError, unpackError } from '../message-port-protocol.ts'
import type { Pairing, ShownCode } from './pair.ts'

/** What the worker may ask for; `close` is the document's own. */
export type RemotePairing = Omit<Pairing, 'close'>

type Step = keyof RemotePairing
const STEPS: readonly Step[] = ['offer', 'answer', 'accept', 'connected', 'cancel']

/** The document's side. `pairingFor` makes the one of a network when it is first asked for. */
export function servePairing(
  channel: Channel,
  pairingFor: (network: NetworkIdentity) => Promise<RemotePairing>,
): () => void {
  return channel.listen(async (message) => {
    const asked = readCall(message)
    if (!asked) return
    const { call, step, code, network } = asked
    try {
      const pairing = await pairingFor(network)
      channel.send({ call, value: (await pairing[step](code)) ?? null })
    } catch (error) {
      channel.send({ call, error: packError(error) })
    }
  })
}

/** The worker's side. */
export function remotePairing(channel: Channel, { name, chainId, genesis }: NetworkIdentity): RemotePairing {
  const calls = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>()
  let counter = 0
  const network: NetworkIdentity = { name, chainId, genesis: { validatorsRoot: genesis.validatorsRoot } }
  channel.listen((message) => {
    const { call, value, error } = (message ?? {}) as { call?: number; value?: unknown; error?: PackedError }
    const waiting = typeof call === 'number' ? calls.get(call) : undefined
    if (!waiting) return
    calls.delete(call!)
    if (error) waiting.reject(unpackError(error))
    else waiting.resolve(value)
  })
  const ask = <T>(step: Step, read: (value: unknown) => T | null, code = ''): Promise<T> =>
    new Promise<unknown>((resolve, reject) => {
      const call = ++counter
      calls.set(call, { resolve, reject })
      channel.send({ call, step, code, network })
    }).then((value) => {
      const answer = read(value)
      if (answer === null) throw new SourceUnreachable('the document', 'its answer is malformed')
      return answer
    })
  return {
    offer: () => ask('offer', codeOf),
    answer: (code) => ask('answer', codeOf, code),
    accept: (code) => ask('accept', textOf, code),
    connected: () => ask('connected', textOf),
    cancel: () => void ask('cancel', () => true).catch(() => {}),
  }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)

function codeOf(value: unknown): ShownCode | null {
  const { code, expiresAt } = (value ?? {}) as Partial<ShownCode>
  return typeof code === 'string' && typeof expiresAt === 'number' ? { code, expiresAt } : null
}

function readCall(message: unknown): { call: number; step: Step; code: string; network: NetworkIdentity } | null {
  const { call, step, code, network } = (message ?? {}) as Record<string, unknown>
  const known = STEPS.find((one) => one === step)
  const identity = network as Partial<NetworkIdentity> | null | undefined
  if (typeof call !== 'number' || typeof code !== 'string' || !known) return null
  if (typeof identity?.name !== 'string' || typeof identity.genesis?.validatorsRoot !== 'string') return null
  return { call, step: known, code, network: identity as NetworkIdentity }
}
