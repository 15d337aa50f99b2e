import { expect, it } from 'vitest'
import { type CallPlace, createCallGate, TooManyCalls } from './call-gate.ts'

const never = new AbortController().signal

it('begins as many as there is room for, then keeps an order, then refuses', async () => {
  const gate = createCallGate(2, 2)
  const first = await gate.enter('a', never)
  await gate.enter('b', never)
  const order: string[] = []
  const noted = (name: string) => (place: CallPlace) => {
    order.push(name)
    return place
  }
  const third = gate.enter('c', never).then(noted('third'))
  const fourth = gate.enter('d', never).then(noted('fourth'))
  await expect(gate.enter('e', never)).rejects.toThrow(TooManyCalls)
  expect(order).toEqual([])
  first.leave()
  first.leave() // leaving twice makes no more room
  ;(await third).leave()
  await fourth
  expect(order).toEqual(['third', 'fourth'])
})

it('who gives up while waiting holds no place', async () => {
  const gate = createCallGate(1, 1)
  const place = await gate.enter('a', never)
  const giving = new AbortController()
  const waiting = gate.enter('b', giving.signal)
  giving.abort(new Error('gone'))
  await expect(waiting).rejects.toThrow('gone')
  const next = gate.enter('b', never)
  place.leave()
  await next
  await expect(gate.enter('b', AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone')
})

it('who has the fewest calls begun comes first, and nobody may have all places', async () => {
  const gate = createCallGate(2, 6)
  const places = [await gate.enter('many', never), await gate.enter('many', never)]
  const order: string[] = []
  const ask = (asker: string, name: string) => void gate.enter(asker, never).then(() => order.push(name))
  for (const name of ['third', 'fourth', 'fifth', 'sixth']) ask('many', name)
  await expect(gate.enter('many', never)).rejects.toThrow(TooManyCalls)
  ask('single', 'single')
  for (const place of places) place.leave()
  await Promise.resolve().then(() => {})
  await expect.poll(() => order).toEqual(['single', 'third'])
})

it('who steps aside lets another begin, and counts as under way', async () => {
  const gate = createCallGate(1, 1)
  const long = await gate.enter('a', never)
  const next = gate.enter('b', never)
  long.stepAside()
  const begun = await next
  await expect(gate.enter('c', never)).rejects.toThrow(TooManyCalls)
  long.leave()
  const third = gate.enter('c', never)
  begun.leave()
  await third
})
