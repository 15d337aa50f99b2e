import { expect, test } from 'vitest'
import { portChannel } from './port-channel.ts'

function fakePort() {
  const sent: unknown[] = []
  const heard = new Set<(message: unknown) => void>()
  const gone = new Set<() => void>()
  return {
    sent,
    say: (message: unknown) => heard.forEach((listener) => void listener(message)),
    leave: () => gone.forEach((listener) => void listener()),
    port: {
      name: 'site',
      postMessage: (message: unknown) => void sent.push(message),
      disconnect: () => {},
      onMessage: {
        addListener: (listener: (message: unknown) => void) => void heard.add(listener),
        removeListener: (listener: (message: unknown) => void) => void heard.delete(listener),
      },
      onDisconnect: { addListener: (listener: () => void) => void gone.add(listener) },
    },
  }
}

test('what arrives before the wallet is ready waits for it, in order and once', () => {
  const { port, say } = fakePort()
  let used = 0
  const channel = portChannel(port, () => used++)
  say(1)
  say(2)
  const heard: unknown[] = []
  channel.listen((message) => heard.push(message))
  say(3)
  expect(heard).toEqual([1, 2, 3])
  expect(used).toBe(3)
})

test('a flood before the wallet is ready does not fill the memory', () => {
  const { port, say } = fakePort()
  const channel = portChannel(port)
  for (let i = 0; i < 1000; i++) say(i)
  const heard: unknown[] = []
  channel.listen((message) => heard.push(message))
  expect(heard).toHaveLength(256)
})

test('nothing is sent into a port that has closed', () => {
  const { port, sent, leave } = fakePort()
  const channel = portChannel(port)
  channel.send('a')
  leave()
  channel.send('b')
  expect(sent).toEqual(['a'])
  expect(channel.closed).toBe(true)
})
