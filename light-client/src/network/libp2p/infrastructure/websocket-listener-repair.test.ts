import { expect, test } from 'vitest'
import type { TransportFactory } from '../node-types.ts'
import { ListenerNotRepairable, surviveBadFrames } from './websocket-listener-repair.ts'

type Listener = ReturnType<ReturnType<TransportFactory>['createListener']>

/** A transport whose listener has this server. */
const transportWith = (wsServer: unknown): TransportFactory =>
  (() => ({ createListener: () => ({ wsServer }) as unknown as Listener })) as unknown as TransportFactory

test('what is sent in one turn of the event loop goes out together, what comes later on its own', async () => {
  const events: string[] = []
  const socket = { cork: () => events.push('cork'), uncork: () => events.push('uncork') }
  const ws = { on: (event: string) => events.push(`on ${event}`), send: (text: string) => events.push(text) }
  const wsServer = {
    options: { maxPayload: 100 * 1024 * 1024 },
    handleUpgrade: (_request: unknown, _socket: unknown, _head: unknown, done: (accepted: typeof ws) => void) =>
      done(ws),
  }
  const transport = surviveBadFrames(transportWith(wsServer))({} as never)
  transport.createListener({} as never)
  expect(wsServer.options.maxPayload).toBe(1024 * 1024)

  wsServer.handleUpgrade({}, socket, {}, (accepted) => {
    accepted.send('a')
    accepted.send('b')
  })
  await Promise.resolve().then(() => ws.send('c'))
  expect(events).toEqual(['on error', 'cork', 'a', 'b', 'c'])
  await new Promise((resolve) => setImmediate(resolve))
  ws.send('d')
  await new Promise((resolve) => setImmediate(resolve))
  expect(events.slice(5)).toEqual(['uncork', 'cork', 'd', 'uncork'])
})

test('a listener of another kind is refused', () => {
  const transport = surviveBadFrames(transportWith({ options: {} }))({} as never)
  expect(() => transport.createListener({} as never)).toThrow(ListenerNotRepairable)
})
