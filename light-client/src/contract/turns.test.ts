import { expect, it } from 'vitest'
import { createTurns, type Waiting } from './turns.ts'

/** Takes turns of one millisecond until all calls are done. @returns who ended, in order */
function order(calls: readonly { name: string; asker: string; needs: number }[]): string[] {
  const turns = createTurns<Waiting & { name: string; needs: number }>()
  const ended: string[] = []
  for (const call of calls) turns.wait({ ...call, spent: 0, go: () => {} })
  for (let next = turns.next(); next; next = turns.next()) {
    const spent = next.spent + 1
    if (spent >= next.needs) ended.push(next.name)
    else turns.wait({ ...next, spent })
  }
  return ended
}
const burners = (count: number, asker: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => ({ name: `burner ${i}`, asker: asker(i), needs: 1000 }))

it.each([
  ['of another asker', 'me', () => 'burner'],
  ['of the same asker', 'burner', () => 'burner'],
  ['among as many askers as calls', 'me', (i: number) => `burner ${i}`],
] as const)('a short call %s ends before any long one', (_, asker, of) => {
  const ended = order([...burners(12, of), { name: 'short', asker, needs: 3 }])
  expect(ended[0]).toBe('short')
  expect(ended).toHaveLength(13)
})

it('many calls of one asker weigh no more than one of another', () => {
  const ended = order([...burners(12, () => 'many'), { name: 'single', asker: 'other', needs: 1000 }])
  expect(ended[0]).toBe('single')
})

it('nobody starves behind a stream of newcomers', () => {
  const turns = createTurns()
  turns.wait({ asker: 'old', spent: 500, go: () => {} })
  turns.wait({ asker: 'older', spent: 900, go: () => {} })
  const served: string[] = []
  for (let i = 0; i < 6; i++) {
    turns.wait({ asker: `new ${i}`, spent: 0, go: () => {} })
    served.push(turns.next()!.asker)
  }
  expect(served).toContain('old')
  expect(served).toContain('older')
})

it('who was dropped has no turn, and none is left at the end', () => {
  const turns = createTurns()
  const [a, b] = ['a', 'b'].map((asker) => ({ asker, spent: 0, go: () => {} }))
  turns.wait(a!)
  turns.wait(b!)
  turns.drop(a!)
  expect(turns.next()).toBe(b)
  expect(turns.next()).toBeNull()
})
