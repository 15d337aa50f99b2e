import type { Problem, Shown } from '@glowworm/wallet-core/facade/facade'
import { describe, expect, it } from 'vitest'
import { loadWords } from '../messages/language.ts'
import { AGED_AFTER, knownValue, mapShown, readProof } from './reading.ts'

const words = await loadWords('en')
const NOW = 1_800_000_000_000
const problem = (kind: string): Problem => ({ code: 'X', kind, message: 'It broke.', next: 'Fix it.' })

function proven(change: Partial<Extract<Shown<bigint>, { kind: 'proven' }>> = {}): Shown<bigint> {
  return {
    kind: 'proven',
    handle: 'v1',
    value: 5n,
    final: true,
    words: 'finalized',
    height: 24_784_163n,
    hash: `0x${'00'.repeat(32)}`,
    time: NOW - 720_000,
    checkedAt: NOW,
    trail: [],
    ...change,
  }
}

describe('readProof', () => {
  it('says how old the evidence of an earlier run is, however short ago it was proven again', () => {
    const reading = readProof(proven({ kept: true }), words, NOW, false)
    expect(reading).toMatchObject({ light: 'aged', words: 'as of 12 min. ago' })
  })

  it('says final with the block in the ledger’s own terms', () => {
    expect(readProof(proven(), words, NOW, false)).toEqual({
      light: 'final',
      words: 'finalized · block 24,784,163',
      progress: null,
    })
    expect(readProof(proven({ words: '6 confirmations' }), words, NOW, false).words).toMatch(/^6 confirmations ·/)
    expect(readProof(proven({ words: 'notarised' }), words, NOW, false).words).toMatch(/^notarised ·/)
  })

  it('says that a proven value may still change', () => {
    const reading = readProof(proven({ final: false, time: NOW - 9_000 }), words, NOW, false)
    expect(reading.light).toBe('proven')
    expect(reading.words).toBe('proven · may still change')
  })

  it('ages what moves on, by when it was checked', () => {
    const recent = proven({ final: false, checkedAt: NOW - AGED_AFTER.proven })
    expect(readProof(recent, words, NOW, false).light).toBe('proven')
    const reading = readProof(proven({ final: false }), words, NOW + AGED_AFTER.proven + 1, false)
    expect(reading).toMatchObject({ light: 'aged', words: expect.stringMatching(/^as of 14 min/) })
    expect(readProof(proven(), words, NOW + AGED_AFTER.final + 1, false).light).toBe('aged')
  })

  it('never ages what stays true once final', () => {
    expect(readProof(proven(), words, NOW + 1e12, true).light).toBe('final')
    expect(readProof(proven({ final: false }), words, NOW + 1e12, true).light).toBe('aged')
  })

  it('shows real progress only', () => {
    const at = (done: number, of: number, step: 'sources' | 'committees' = 'committees'): Shown<bigint> => ({
      kind: 'proving',
      step,
      done,
      of,
    })
    expect(readProof(at(2, 14), words, NOW, false)).toEqual({
      light: 'proving',
      words: 'checking committee 3 of 14',
      progress: 2 / 14,
    })
    expect(readProof(at(14, 14), words, NOW, false).words).toBe('checking committee 14 of 14')
    expect(readProof(at(0, 0), words, NOW, false)).toEqual({
      light: 'proving',
      words: 'checking committees',
      progress: null,
    })
    expect(readProof(at(1, 0, 'sources'), words, NOW, false).words).toBe('1 source found')
  })

  it('names who says what nobody can prove', () => {
    const said: Shown<bigint> = { kind: 'attested', value: 4n, by: 'gateway X', checkedAt: NOW }
    expect(readProof(said, words, NOW, false)).toEqual({ light: 'said', words: 'gateway X says', progress: null })
  })

  it.each(['usage', 'unprovable', 'lie', 'stale', 'unreachable', 'closed'])('has words for the cause %s', (kind) => {
    const reading = readProof({ kind: 'unproven', problem: problem(kind) }, words, NOW, false)
    expect(reading.light).toBe('unproven')
    expect(reading.words).toMatch(/\..+\.$/)
    expect(reading.words).not.toMatch(/\d/)
  })

  it('points at the block root when no source knows it', () => {
    const rootless = { ...problem('unprovable'), code: 'ROOT_UNKNOWN' }
    expect(readProof({ kind: 'unproven', problem: rootless }, words, NOW, false).words).toContain(
      'Check the block root',
    )
  })

  it('lets a cause it does not know speak for itself', () => {
    expect(readProof({ kind: 'unproven', problem: problem('toString') }, words, NOW, false).words).toBe(
      'It broke. Fix it.',
    )
  })
})

describe('mapShown and knownValue', () => {
  it('keep the light of a value and make none up', () => {
    expect(mapShown(proven(), (value) => value - 7n)).toMatchObject({ kind: 'proven', final: true, value: -2n })
    const unproven: Shown<bigint> = { kind: 'unproven', problem: problem('lie') }
    expect(mapShown(unproven, () => 0n)).toBe(unproven)
    expect(knownValue(unproven)).toBeNull()
    expect(knownValue({ kind: 'proving', step: 'proof', done: 0, of: 0 })).toBeNull()
    expect(knownValue(proven())).toBe(5n)
  })
})
