import { afterEach, expect, it } from 'vitest'
import { platformClock } from '../../infrastructure/clock.ts'
import { type EvidenceSource, NotAvailable } from '../evidence-source.ts'
import { HEADER, NETWORK, sourceOf } from '../libp2p/test-nodes.ts'
import { clonedChannel } from '../message-channel.ts'
import { carryPeers, commandPairing, commandPeers } from '../peer-carriage.ts'
import { PairingFailed } from './errors.ts'
import type { PairOptions } from './pair.ts'

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup()
})

/** A document whose pairing is played, and the worker that commands it. */
function setUp() {
  const { port1, port2 } = new MessageChannel()
  cleanups.push(() => port1.close())
  const made: PairOptions[] = []
  const log: string[] = []
  const carrier = carryPeers(clonedChannel(port1), {
    clock: platformClock,
    loadNode: () => Promise.reject(new Error('there are no bridges to reach')),
    report: (message) => log.push(message),
    loadPairing: async () => ({
      createPairing(options) {
        made.push(options)
        return {
          offer: async () => ({ code: 'OFFER', expiresAt: 7 }),
          answer: async (code) => ({ code: `ANSWER TO ${code}`, expiresAt: 8 }),
          accept: async () => {
            throw new PairingFailed('it is played')
          },
          connected: async () => {
            options.onSource(sourceOf(async () => Uint8Array.of(4, 2)))
            return 'made'
          },
          cancel: () => log.push('cancelled'),
          close: () => log.push('closed'),
        }
      },
    }),
  })
  const far = clonedChannel(port2)
  return { carrier, far, made, log, pairing: commandPairing(far, NETWORK) }
}

it('steps cross with their answers and their errors', async () => {
  const { pairing, made, log, carrier } = setUp()
  expect(await pairing.offer()).toEqual({ code: 'OFFER', expiresAt: 7 })
  expect(await pairing.answer('X')).toEqual({ code: 'ANSWER TO X', expiresAt: 8 })
  await expect(pairing.accept('Y')).rejects.toMatchObject({ code: 'PAIRING_FAILED', kind: 'unreachable' })
  pairing.cancel()
  await expect.poll(() => log).toContain('cancelled')
  expect(made.map(({ network }) => network)).toEqual([NETWORK]) // one for all steps
  await carrier.close()
  expect(log).toContain('closed')
})

it('the paired device is a source of the worker, and may have what the worker has verified; no bridge is needed', async () => {
  const { pairing, far, made, log } = setUp()
  const sources: EvidenceSource[] = []
  const peers = commandPeers(
    far,
    { bridges: [], network: NETWORK },
    {
      clock: platformClock,
      onSource: (source) => sources.push(source),
      onSourceGone: () => {},
      validate: async () => 'accept',
      served: sourceOf(async (request) => {
        if (request.type !== 'execution_header') throw new NotAvailable('the worker', request.type)
        return Uint8Array.of(9)
      }),
    },
  )
  cleanups.push(() => peers.close())
  expect(await pairing.connected()).toBe('made')
  await expect.poll(() => sources.length).toBe(1)
  const signal = AbortSignal.timeout(5_000)
  expect((await sources[0]!.request(HEADER, signal)).bytes).toEqual(Uint8Array.of(4, 2))
  expect((await made[0]!.served.request(HEADER, signal)).bytes).toEqual(Uint8Array.of(9))
  expect(log).toEqual([]) // libp2p was not loaded
})

it('messages that are none change nothing', async () => {
  const { pairing, far, made } = setUp()
  for (const message of [
    null,
    1,
    {},
    { call: 1, step: 'close', code: '', network: NETWORK },
    { call: 1, step: 'offer' },
  ])
    far.send({ channel: 'pairing', message })
  expect(await pairing.offer()).toMatchObject({ code: 'OFFER' })
  expect(made.length).toBe(1)
})
