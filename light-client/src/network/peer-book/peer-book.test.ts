import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPeerBook, DEFAULT_PEER_BOOK } from './peer-book.ts'
import { afterHappening, HALF_LIFE, type Happening, NEW_STANDING, scoreOf } from './standing.ts'

const held = (milliseconds = 50): Happening => ({ kind: 'held', milliseconds })
const failed: Happening = { kind: 'failed' }
const useless: Happening = { kind: 'useless' }
const book = (options: Partial<typeof DEFAULT_PEER_BOOK> = {}) =>
  createPeerBook<string>({ ...DEFAULT_PEER_BOOK, random: () => 0, ...options })
const peer = (key: string, ...origins: string[]) => ({ key, origins: origins.length ? origins : [`o-${key}`] })
const keys = (list: readonly { key: string }[]) => list.map(({ key }) => key).join('')

describe('a standing', () => {
  const happenings = fc.array(
    fc.record({
      happening: fc.oneof(fc.constant(failed), fc.constant(useless), fc.nat(60_000).map(held)),
      pause: fc.nat(3_600_000),
    }),
    { maxLength: 60 },
  )

  test('is bounded, finite, and forgives with time', () => {
    fc.assert(
      fc.property(happenings, fc.double({ min: 0, max: 1, noNaN: true }), (list, random) => {
        let now = 1
        let standing = NEW_STANDING
        for (const { happening, pause } of list) {
          now += pause
          standing = afterHappening(standing, happening, now, random)
          expect(scoreOf(standing, now)).toBeLessThanOrEqual(1)
          expect(standing.restsUntil - now).toBeLessThanOrEqual(5 * 60_000 * 1.5)
        }
        expect(Math.abs(scoreOf(standing, now + 60 * HALF_LIFE))).toBeLessThan(1e-6)
      }),
    )
  })

  test('rests longer after each failure in a row, and not at all after an answer that held', () => {
    let standing = NEW_STANDING
    const rests: number[] = []
    for (let i = 0; i < 12; i++) {
      standing = afterHappening(standing, failed, 1000, 0)
      rests.push(standing.restsUntil - 1000)
    }
    expect(rests.slice(0, 4)).toEqual([2000, 4000, 8000, 16_000])
    expect(rests.at(-1)).toBe(300_000)
    expect(afterHappening(standing, held(), 1000, 0).restsUntil).toBe(0)
    expect(afterHappening(NEW_STANDING, failed, 0, 0.5).restsUntil).toBe(2500)
  })

  test('an answer that held is better than none, quick better than slow, a failure worse than both', () => {
    const after = (happening: Happening) => scoreOf(afterHappening(NEW_STANDING, happening, 0, 0), 0)
    expect(after(held(10))).toBeGreaterThan(after(useless))
    expect(after(held(10))).toBeGreaterThan(after(held(4000)))
    expect(after(held(60_000))).toBeGreaterThan(after(failed))
    expect(after(useless)).toBe(0)
  })
})

describe('a peer book', () => {
  test('asks those that do best, those that rest last, liars not at all', () => {
    const b = book()
    b.note('a', failed, 0)
    b.note('b', held(10), 0)
    b.note('b', held(10), 0)
    b.note('c', held(10), 0)
    b.ban('d', 'it lied')
    const all = ['a', 'b', 'c', 'd', 'e'].map((key) => peer(key))
    expect(keys(b.order(all, 'best', 1))).toBe('bcea')
    expect(b.isResting('a', 1)).toBe(true)
    expect(b.isResting('a', 2001)).toBe(false)
    expect(b.lieOf('d')).toBe('it lied')
  })

  test('news is asked for in turn of different hands, whoever does best', () => {
    const b = book()
    const all = [peer('a', 'x'), peer('b', 'x'), peer('c', 'y'), peer('d', 'z')]
    for (let i = 0; i < 20; i++) b.note('a', held(1), 0)
    const asked: string[] = []
    for (let now = 1; now <= 6; now++) {
      const [first] = b.order(all, 'diverse', now)
      asked.push(first!.origins[0]!)
      b.vouched(first!, now)
    }
    expect(asked.slice(0, 3).sort()).toEqual(['x', 'y', 'z'])
    expect(asked.slice(3)).toEqual(asked.slice(0, 3))
  })

  test('one honest hand among many colluding ones is asked for news as often as all of those together', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(40), (liars, place) => {
        const b = book()
        const all = Array.from({ length: liars }, (_, i) => peer(`l${i}`, 'theirs'))
        all.splice(Math.min(place, liars), 0, peer('honest', 'ours'))
        for (const { key } of all) if (key !== 'honest') for (let i = 0; i < 20; i++) b.note(key, held(1), 0)
        let honest = 0
        for (let now = 1; now <= 20; now++) {
          const [first] = b.order(all, 'diverse', now)
          if (first!.key === 'honest') honest++
          b.vouched(first!, now)
        }
        expect(honest).toBe(10)
      }),
    )
  })

  test('says when all news came through one hand, for as long as that is so', () => {
    const b = book({ vouchedFor: 100 })
    expect(b.diversity(0)).toEqual({ state: 'unknown' })
    b.vouched(peer('a', 'bridge:x'), 10)
    b.vouched(peer('b', 'bridge:x', 'ip4:1'), 20)
    expect(b.diversity(30)).toEqual({ state: 'single', origin: 'bridge:x' })
    b.vouched(peer('c', 'bridge:y'), 40)
    expect(b.diversity(50)).toEqual({ state: 'several', independent: 2 })
    expect(b.diversity(125)).toEqual({ state: 'single', origin: 'bridge:y' })
    b.ban('c', 'it lied')
    expect(b.diversity(125)).toEqual({ state: 'unknown' })
  })

  test('stays bounded whatever happens, and never forgets a liar for the sake of honest peers', () => {
    const limits = { peersRemembered: 16, liarsRemembered: 8 }
    const step = fc.record({ key: fc.nat(5000).map(String), what: fc.constantFrom('note', 'vouch', 'ban') })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const b = book(limits)
        b.ban('first', 'lie')
        let banned = 0
        for (const [now, { key, what }] of steps.entries()) {
          if (what === 'note') b.note(key, failed, now)
          else if (what === 'vouch') b.vouched(peer(key), now)
          else if (banned < limits.liarsRemembered - 1) {
            if (b.lieOf(key) === null) banned++
            b.ban(key, 'lie')
          }
        }
        expect(b.size).toBeLessThanOrEqual(2 * limits.peersRemembered + limits.liarsRemembered)
        expect(b.lieOf('first')).toBe('lie')
        expect(b.order([peer('first')], 'best', 500)).toEqual([])
      }),
    )
  })

  test('an order loses nobody but liars and invents nobody', () => {
    const steps = fc.array(
      fc.record({ key: fc.constantFrom(...'abcdefgh'), what: fc.constantFrom(held(), failed, useless) }),
      { maxLength: 50 },
    )
    fc.assert(
      fc.property(steps, fc.subarray([...'abcdefgh']), fc.constantFrom('best', 'diverse'), (list, liars, how) => {
        const b = book()
        for (const [now, { key, what }] of list.entries()) b.note(key, what, now)
        for (const liar of liars) b.ban(liar, 'lie')
        const ordered = b.order(
          [...'abcdefgh'].map((key) => peer(key)),
          how as 'best',
          list.length,
        )
        expect([...keys(ordered)].sort()).toEqual([...'abcdefgh'].filter((key) => !liars.includes(key)))
        const resting = ordered.map(({ key }) => b.isResting(key, list.length))
        expect(resting).toEqual([...resting].sort((x, y) => Number(x) - Number(y)))
      }),
    )
  })
})
