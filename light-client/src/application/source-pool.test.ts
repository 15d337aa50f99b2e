import { describe, expect, it } from 'vitest'
import { GlowwormError } from '../errors.ts'
import { platformClock } from '../infrastructure/clock.ts'
import type { EthereumRequest } from '../ledgers/ethereum/evidence.ts'
import { type EvidenceSource, NotAvailable, SourceUnreachable } from '../network/evidence-source.ts'
import { createSourcePool, NoSourceCouldProve } from './source-pool.ts'

const REQUEST: EthereumRequest = { type: 'finality_update' }
const signal = () => AbortSignal.timeout(5000)

function source(id: string, answer: () => Promise<Uint8Array>): EvidenceSource {
  const description = { id, carrier: 'file', words: id } as const
  return {
    description,
    serves: () => true,
    request: async () => ({ bytes: await answer(), from: description }),
    close: async () => {},
  }
}
const says = (id: string, ...bytes: number[]) => source(id, async () => Uint8Array.from(bytes))
const silent = (id: string) => source(id, () => new Promise(() => {}))

class Lie extends GlowwormError {
  constructor() {
    super({ name: 'Test.Lie', code: 'LIE', kind: 'lie' }, 'it is false')
  }
}
const truth = (bytes: Uint8Array) => {
  if (bytes[0] !== 1) throw new Lie()
  return bytes[0]
}

describe('a pool of sources', () => {
  it('holds a beacon node and an execution node of one origin, and lets both go together', () => {
    const pool = createSourcePool(platformClock)
    const at = (carrier: 'beacon-rest' | 'execution-rpc'): EvidenceSource => ({
      ...says('http://one.example'),
      description: { id: 'http://one.example', carrier, words: carrier },
    })
    pool.add(at('beacon-rest'))
    pool.add(at('execution-rpc'))
    pool.add(at('beacon-rest'))
    expect(pool.records.map(({ source: { description } }) => description.carrier).sort()).toEqual([
      'beacon-rest',
      'execution-rpc',
    ])
    pool.remove('http://one.example')
    expect(pool.records).toEqual([])
  })

  it('goes on to the next source, keeps the lie, and never asks the liar again', async () => {
    let asked = 0
    const lies: string[] = []
    const pool = createSourcePool(platformClock, ({ source: { description } }) => lies.push(description.id))
    pool.add(
      source('liar', async () => {
        asked++
        return Uint8Array.of(6, 6, 6)
      }),
    )
    pool.add(says('honest', 1))
    expect(await pool.ask(REQUEST, truth, signal())).toMatchObject({ result: 1, from: { id: 'honest' } })
    await pool.ask(REQUEST, truth, signal())
    expect(asked).toBe(1)
    expect(lies).toEqual(['liar'])
    expect(pool.records.find(({ lie }) => lie)?.lie?.evidence).toEqual(Uint8Array.of(6, 6, 6))
    pool.add(says('liar', 1)) // it comes back under its name
    expect(pool.records.find(({ source: { description } }) => description.id === 'liar')?.lie).not.toBeNull()
  })

  it('names the lie when nobody else is left to ask', async () => {
    const pool = createSourcePool(platformClock)
    pool.add(says('liar', 0))
    await expect(pool.ask(REQUEST, truth, signal())).rejects.toBeInstanceOf(Lie)
    await expect(pool.ask(REQUEST, truth, signal())).rejects.toBeInstanceOf(Lie)
  })

  it('tells all causes apart: a lie weighs more than silence', async () => {
    const pool = createSourcePool(platformClock)
    pool.add(
      source('away', async () => {
        throw new SourceUnreachable('away', 'refused')
      }),
    )
    pool.add(
      source('empty', async () => {
        throw new NotAvailable('empty', 'it')
      }),
    )
    pool.add(says('liar', 0))
    const failure = await pool.ask(REQUEST, truth, signal()).catch((error) => error)
    expect(failure).toBeInstanceOf(NoSourceCouldProve)
    expect(failure).toMatchObject({
      kind: 'lie',
      causes: [{ kind: 'unreachable' }, { kind: 'unprovable' }, { kind: 'lie' }],
    })
  })

  it('asks those first that have failed less', async () => {
    const order: string[] = []
    const noting = (id: string, works: boolean) =>
      source(id, async () => {
        order.push(id)
        if (!works) throw new SourceUnreachable(id, 'refused')
        return Uint8Array.of(1)
      })
    const pool = createSourcePool(platformClock)
    pool.add(noting('weak', false))
    pool.add(noting('strong', true))
    await pool.ask(REQUEST, truth, signal())
    await pool.ask(REQUEST, truth, signal())
    expect(order).toEqual(['weak', 'strong', 'strong'])
  })

  it('does not wait for a silent source once another has answered', async () => {
    const pool = createSourcePool(platformClock)
    pool.add(silent('silent'))
    pool.add(says('quick', 1))
    expect(await pool.askAll(REQUEST, signal())).toEqual([
      { from: expect.objectContaining({ id: 'quick' }), bytes: Uint8Array.of(1), error: null },
    ])
  })

  describe('asked ahead', () => {
    /** A source that counts how often it is asked, and a clock that can be moved on. */
    const counted = (id: string, ...bytes: number[]) => {
      const asked = { times: 0 }
      const made = source(id, async () => {
        asked.times++
        return Uint8Array.from(bytes)
      })
      return { asked, source: made }
    }
    const clock = { now: () => time, sleep: platformClock.sleep }
    let time = 0

    it('gives its answer to the next who asks, once', async () => {
      const one = counted('one', 1)
      const pool = createSourcePool(clock)
      pool.add(one.source)
      pool.ahead(REQUEST, signal())
      expect([one.asked.times, pool.isAhead(REQUEST)]).toEqual([1, true])
      expect((await pool.ask(REQUEST, truth, signal())).from.id).toBe('one')
      expect([one.asked.times, pool.isAhead(REQUEST), pool.records[0]!.answers]).toEqual([1, false, 1])
      await pool.ask(REQUEST, truth, signal())
      expect(one.asked.times).toBe(2)
    })

    it('is judged like any other answer: a lie is blamed, a failure is passed over', async () => {
      const pool = createSourcePool(clock)
      pool.add(says('liar', 0))
      pool.add(says('honest', 1))
      pool.ahead(REQUEST, signal())
      expect((await pool.ask(REQUEST, truth, signal())).from.id).toBe('honest')
      expect(pool.records.find(({ source }) => source.description.id === 'liar')?.lie?.error.code).toBe('LIE')
      const failing = createSourcePool(clock)
      failing.add(
        source('away', async () => {
          throw new SourceUnreachable('away', 'refused')
        }),
      )
      failing.add(says('there', 1))
      failing.ahead(REQUEST, signal())
      await new Promise((resolve) => setTimeout(resolve, 1))
      expect((await failing.ask(REQUEST, truth, signal())).from.id).toBe('there')
    })

    it('is asked again when the answer is old, and is nothing where nobody can be asked', async () => {
      const one = counted('one', 1)
      const pool = createSourcePool(clock)
      pool.ahead(REQUEST, signal())
      expect(pool.isAhead(REQUEST)).toBe(false)
      pool.add(one.source)
      pool.ahead(REQUEST, signal())
      time += 60_000
      await pool.ask(REQUEST, truth, signal())
      expect(one.asked.times).toBe(2)
    })
  })

  it('does not ask whoever has said it already', async () => {
    const pool = createSourcePool(platformClock)
    pool.add(says('first', 1))
    pool.add(says('second', 1))
    const { from } = await pool.ask(REQUEST, truth, signal())
    expect((await pool.askAll(REQUEST, signal(), from)).map(({ from: { id } }) => id)).toEqual(['second'])
  })

  it('forgets the oldest of very many liars', async () => {
    const pool = createSourcePool(platformClock)
    for (let i = 0; i < 200; i++) {
      pool.add(says(`liar ${i}`, 0))
      await pool.ask(REQUEST, truth, signal()).catch(() => {})
    }
    expect(pool.records.length).toBeLessThan(80)
    expect(pool.records.at(-1)?.source.description.id).toBe('liar 199')
  })
})
