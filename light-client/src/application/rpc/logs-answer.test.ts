import { expect, it } from 'vitest'
import { createCallGate, TooManyCalls } from '../call-gate.ts'
import type { ChainReader } from '../chain-reader.ts'
import { RpcError } from './errors.ts'
import type { LogQuery } from './log-filter.ts'
import { answerLogs } from './logs-answer.ts'

const QUERY: LogQuery = { addresses: [], topics: [], range: { kind: 'block', hash: `0x${'11'.repeat(32)}` } }

it('few searches run at once, whoever asks; who has gone is not searched for, and one asker leaves room', async () => {
  let active = 0
  let most = 0
  let asked = 0
  const held = Promise.withResolvers<null>()
  const chain = {
    async byHash() {
      asked++
      most = Math.max(most, ++active)
      await held.promise
      active--
      return null
    },
  } as unknown as ChainReader
  const searches = createCallGate(2, 6)
  const gone = new AbortController()
  const ask = (asker: string, signal?: AbortSignal) =>
    answerLogs({ chain, searches, caller: { asker, signal } }, QUERY).catch((error: unknown) => error)
  const waiting = [ask('one'), ask('one'), ask('one', gone.signal), ask('one'), ask('one'), ask('one')]
  expect(await ask('one')).toBeInstanceOf(TooManyCalls)
  const other = ask('other')
  gone.abort(new Error('gone'))
  expect(await waiting[2]).toMatchObject({ message: 'gone' })
  held.resolve(null)
  for (const answer of [...waiting.filter((_, i) => i !== 2), other]) expect(await answer).toBeInstanceOf(RpcError)
  expect(most).toBe(2)
  expect(asked).toBe(6)
})
