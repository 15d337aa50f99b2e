import { expect, test } from 'vitest'
import { createPlaces, MAX_NEIGHBOURS, neighbours } from './ring.ts'

/** Draws 1, 2, 3 …. */
function counting() {
  let drawn = 0
  const bytes = (length: number) => {
    const place = new Uint8Array(length)
    place[length - 1] = ++drawn
    return place
  }
  return { random: { bytes }, drawn: () => drawn }
}

test('who comes again stands where somebody of its group has stood', () => {
  const { random, drawn } = counting()
  const places = createPlaces(random)
  const [one, two] = [places.take('ip4:192.0.2'), places.take('ip4:192.0.2')]
  places.giveBack('ip4:192.0.2', one)
  expect(places.take('ip4:198.51.100')).not.toBe(one)
  expect(places.take('ip4:192.0.2')).toBe(one)
  for (let i = 0; i < 1000; i++) {
    places.giveBack('ip4:192.0.2', i % 2 ? one : two)
    places.take('ip4:192.0.2')
  }
  expect(drawn()).toBe(3)
})

test('what is remembered of groups that left is bounded', () => {
  const { random, drawn } = counting()
  const places = createPlaces(random)
  for (let i = 0; i < 5000; i++) places.giveBack(`group ${i}`, `${i}`)
  expect(places.take('group 4999')).toBe('4999')
  places.take('group 0')
  expect(drawn()).toBe(1)
})

test('neighbourhood in a large house is bounded, mutual, and leaves nobody alone', () => {
  const ids = Array.from({ length: 101 }, (_, i) => `id${String(i).padStart(3, '0')}`)
  const reached = new Set([ids[0]])
  for (const id of ids) {
    const near = neighbours(ids, id)
    expect(new Set(near).size).toBe(MAX_NEIGHBOURS)
    expect(near).not.toContain(id)
    for (const other of near) expect(neighbours(ids, other)).toContain(id)
    if (reached.has(id)) for (const other of near) reached.add(other)
  }
  expect(reached.size).toBe(ids.length)
})
