import { expect, it } from 'vitest'
import { subscriptionRoom } from './subscription-room.ts'

it('is that of a connection, and that of all', () => {
  const shared = subscriptionRoom(3)
  const [a, b] = [subscriptionRoom(2, shared), subscriptionRoom(2, shared)]
  expect([a.take(), a.take(), a.take()]).toEqual([true, true, false])
  expect([b.take(), b.take()]).toEqual([true, false])
  a.give()
  expect([b.take(), b.take()]).toEqual([true, false])
})
