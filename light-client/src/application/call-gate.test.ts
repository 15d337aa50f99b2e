import { expect, it } from 'vitest'
import { createCallGate, TooManyCalls } from './call-gate.ts'

const never = new AbortController().signal

it('lets in as many as there is room for, then keeps an order, then refuses', async () => {
  const gate = createCallGate(2, 2)
  const leaveFirst = await gate.enter(never)
  await gate.enter(never)
  const order: string[] = []
  const noted = (name: string) => (leave: () => void) => {
    order.push(name)
    return leave
  }
  const third = gate.enter(never).then(noted('third'))
  const fourth = gate.enter(never).then(noted('fourth'))
  await expect(gate.enter(never)).rejects.toThrow(TooManyCalls)
  expect(order).toEqual([])
  leaveFirst()
  leaveFirst() // leaving twice makes no more room
  ;(await third)()
  await fourth
  expect(order).toEqual(['third', 'fourth'])
})

it('who gives up while waiting holds no place', async () => {
  const gate = createCallGate(1, 1)
  const leave = await gate.enter(never)
  const giving = new AbortController()
  const waiting = gate.enter(giving.signal)
  giving.abort(new Error('gone'))
  await expect(waiting).rejects.toThrow('gone')
  const next = gate.enter(never)
  leave()
  await next
  await expect(gate.enter(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone')
})
