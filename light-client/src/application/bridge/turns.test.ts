import { expect, it } from 'vitest'
import type { EvidenceSource } from '../../network/evidence-source.ts'
import { DeadlinePassed } from '../../network/libp2p/deadline.ts'
import { manualClock } from '../../network/libp2p/test-nodes.ts'
import { createTurns } from './turns.ts'

const named = (id: string): EvidenceSource => ({
  description: { id, carrier: 'file', words: id },
  serves: () => true,
  request: () => new Promise(() => {}),
  close: async () => {},
})
const [hung, good] = [named('hung'), named('good')]
const never = () => new Promise<never>(() => {})

it('a node that lets its turn pass is asked after the others, for a while', async () => {
  const clock = manualClock()
  const turns = createTurns(clock)
  const turn = turns.give(hung, never, new AbortController().signal)
  clock.advance(5_000)
  await expect(turn).rejects.toBeInstanceOf(DeadlinePassed)
  expect(turns.inOrder([hung, good])).toEqual([good, hung])
  clock.advance(60_000)
  expect(turns.inOrder([hung, good])).toEqual([hung, good])
})

it('says nothing of a node when whoever waited has gone', async () => {
  const turns = createTurns(manualClock())
  const leaving = new AbortController()
  const turn = turns.give(good, never, leaving.signal)
  leaving.abort(new DeadlinePassed(1))
  await expect(turn).rejects.toBe(leaving.signal.reason)
  expect(turns.inOrder([good, hung])).toEqual([good, hung])
})
