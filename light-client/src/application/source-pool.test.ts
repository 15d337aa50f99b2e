import { sha256 } from '@noble/hashes/sha2.js'
import { describe, expect, it } from 'vitest'
import { GlowwormError } from '../errors.ts'
import { platformClock } from '../infrastructure/clock.ts'
import type { EthereumRequest, Hex } from '../ledgers/ethereum/evidence.ts'
import { type EvidenceSource, NotAvailable, SourceUnreachable } from '../network/evidence-source.ts'
import { readLies, writeLies } from './lies.ts'
import { createAssignment } from './query-privacy/assignment.ts'
import { createDecoys } from './query-privacy/decoys.ts'
import { createSourcePool, NoSourceCouldProve, type SourcePool } from './source-pool.ts'

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

  it('asks a node in a fixed place again a day after its lie, and a peer not', async () => {
    let now = Date.UTC(2026, 10, 25)
    const clock = { now: () => now, sleep: platformClock.sleep }
    const asked: string[] = []
    for (const carrier of ['execution-rpc', 'webrtc'] as const) {
      const pool = createSourcePool(clock)
      const liar = source('liar', async () => {
        asked.push(carrier)
        return Uint8Array.of(6)
      })
      pool.add({ ...liar, description: { ...liar.description, carrier } })
      const ask = () => pool.ask(REQUEST, truth, signal()).catch(() => null)
      await ask()
      now += 24 * 3600_000 - 1
      await ask()
      expect(asked.length).toBe(1)
      now += 1
      await ask()
      expect(asked.splice(0)).toEqual(carrier === 'webrtc' ? ['webrtc'] : ['execution-rpc', 'execution-rpc'])
    }
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

  it('knows a liar by its identity, over whatever carrier it comes back', async () => {
    const pool = createSourcePool(platformClock)
    pool.add(says('peer', 0))
    await pool.ask(REQUEST, truth, signal()).catch(() => {})
    pool.remove('peer') // a liar stays in the list
    const again = says('peer', 1)
    pool.add({ ...again, description: { id: 'peer', carrier: 'webrtc', words: 'peer over WebRTC' } })
    expect(pool.records.map(({ lie }) => lie?.error)).toEqual([expect.any(Lie)])
    await expect(pool.ask(REQUEST, truth, signal())).rejects.toBeInstanceOf(Lie)
  })

  it('takes up the liars of an earlier run, and gives them out with their evidence', async () => {
    const before = createSourcePool(platformClock)
    before.add(says('liar', 6, 6))
    await before.ask(REQUEST, truth, signal()).catch(() => {})
    const exported = writeLies(before.lies)
    expect(JSON.parse(exported)).toMatchObject({
      lies: [{ source: { id: 'liar' }, request: REQUEST, evidence: '0x0606', error: { code: 'LIE' } }],
    })
    const pool = createSourcePool(platformClock)
    for (const lie of readLies(exported, platformClock.now())) pool.ban(lie)
    pool.add(says('liar', 1))
    await expect(pool.ask(REQUEST, truth, signal())).rejects.toMatchObject({ code: 'LIE', kind: 'lie' })
    const day = 24 * 3600_000
    expect(readLies(exported, platformClock.now() + 89 * day)).toHaveLength(1)
    expect(readLies(exported, platformClock.now() + 91 * day)).toEqual([])
    // a node its owner chose may have been repaired
    const ofNode = exported.replace('"carrier":"file"', '"carrier":"beacon-rest"')
    expect(readLies(ofNode, platformClock.now() + day / 2)).toHaveLength(1)
    expect(readLies(ofNode, platformClock.now() + 2 * day)).toEqual([])
    for (const rubbish of ['', '[]', '{"version":2,"lies":[]}', '{"version":1,"lies":[{},null,{"source":{}}]}'])
      expect(readLies(rubbish, 0)).toEqual([])
  })

  it('does not keep evidence without end', async () => {
    const pool = createSourcePool(platformClock)
    pool.add(source('liar', async () => new Uint8Array(1_000_000)))
    await pool.ask(REQUEST, truth, signal()).catch(() => {})
    expect(pool.lies[0]).toMatchObject({ evidence: null, evidenceBytes: 1_000_000 })
  })

  it('asks for news in turn of different hands, and says when there is only one', async () => {
    const asked: string[] = []
    const from = (id: string, ...origins: string[]): EvidenceSource => ({
      ...source(id, async () => {
        asked.push(id)
        return Uint8Array.of(1)
      }),
      description: { id, carrier: 'webrtc', words: id, origins },
    })
    const pool = createSourcePool(platformClock)
    expect(pool.diversity).toEqual({ state: 'unknown' })
    pool.add(from('a', 'bridge:x'))
    pool.add(from('b', 'bridge:x'))
    await pool.ask(REQUEST, truth, signal())
    await pool.ask(REQUEST, truth, signal())
    expect(pool.diversity).toEqual({ state: 'single', origin: 'bridge:x' })
    pool.add(from('c', 'bridge:y'))
    await pool.ask(REQUEST, truth, signal())
    expect(asked.at(-1)).toBe('c')
    expect(pool.diversity).toEqual({ state: 'several', independent: 2 })
  })

  describe('asked about addresses', () => {
    const sha = (data: Uint8Array) => sha256(data)
    const assigned = () => createAssignment({ sha256: sha, key: new Uint8Array(32), rotation: 1e12 })
    const question = (n: number): EthereumRequest => ({
      type: 'account',
      blockHash: `0x${'11'.repeat(32)}`,
      address: `0x${n.toString(16).padStart(40, '0')}`,
      slots: [],
    })
    const learned = (pool: SourcePool) => pool.records.map((record) => record.learned.addresses.length)

    it('splits them, and writes down who learned what', async () => {
      const pool = createSourcePool(platformClock, undefined, { assignment: assigned() })
      for (const id of ['a', 'b', 'c']) pool.add(says(id, 1))
      for (let round = 0; round < 3; round++) for (let n = 1; n <= 6; n++) await pool.ask(question(n), truth, signal())
      expect(learned(pool)).toEqual([2, 2, 2])
    })

    it('goes to others when the one that knows cannot answer, and writes down that they know too', async () => {
      const pool = createSourcePool(platformClock, undefined, { assignment: assigned() })
      let up = true
      const flaky = (id: string) =>
        source(id, async () => {
          if (!up) throw new SourceUnreachable(id, 'down')
          return Uint8Array.of(1)
        })
      pool.add(flaky('a'))
      await pool.ask(question(1), truth, signal())
      pool.add(says('b', 1))
      pool.add(says('c', 1))
      await pool.ask(question(1), truth, signal())
      expect(learned(pool)).toEqual([1, 0, 0])
      up = false
      await pool.ask(question(1), truth, signal())
      expect(learned(pool).reduce((sum, count) => sum + count)).toBe(2)
      await pool.ask(question(1), truth, signal())
      expect(learned(pool).reduce((sum, count) => sum + count)).toBe(2)
    })

    it('puts decoys beside the question, and counts them apart', async () => {
      const seen: string[] = []
      const decoys = createDecoys({
        random: (length) => new Uint8Array(length),
        now: () => 1,
        plausible: async () => [7, 8, 9].map((n) => (question(n) as { address: Hex }).address),
      })
      decoys.pad(true)
      const pool = createSourcePool(platformClock, undefined, { decoys })
      pool.add({
        ...says('a', 1),
        request: async (request) => {
          seen.push((request as { address: Hex }).address)
          // a decoy that fails is no failure of the question
          if (!seen.at(-1)!.endsWith('1')) throw new SourceUnreachable('a', 'no')
          return { bytes: Uint8Array.of(1), from: says('a').description }
        },
      })
      expect((await pool.ask(question(1), truth, signal())).result).toBe(1)
      expect(seen.map((address) => address.at(-1)).sort()).toEqual(['1', '7', '8', '9'])
      expect(pool.records[0]?.learned).toMatchObject({ decoys: 3, olderAddresses: 0 })
      expect(pool.records[0]?.learned.addresses).toHaveLength(1)
    })
  })
})
