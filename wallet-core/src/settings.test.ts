import { describe, expect, it } from 'vitest'
import type { SourceChoice } from './facade/facade.ts'
import { checkSources, renewBundled } from './settings.ts'

const peer = (address: string, chosen: boolean, bundled = true): SourceChoice => ({
  kind: 'peer',
  address,
  chosen,
  bundled,
})
const beacon = (address: string, chosen: boolean, bundled = true): SourceChoice => ({
  kind: 'beacon',
  address,
  chosen,
  bundled,
})

describe('renewBundled', () => {
  it('keeps choices that the profile still names, and what the user added', () => {
    const stored = [peer('/a', true), beacon('http://own', true, false)]
    expect(renewBundled(stored, [peer('/a', true)])).toEqual(stored)
  })

  it('puts what the profile names now in the place of a chosen source that is gone', () => {
    const renewed = renewBundled(
      [peer('/old', true), beacon('http://b', false)],
      [peer('/new', true), beacon('http://b', false)],
    )
    expect(renewed).toEqual([beacon('http://b', false), peer('/new', true)])
  })

  it('never chooses what the user had not chosen', () => {
    const renewed = renewBundled(
      [peer('/old', false), beacon('http://b', true)],
      [peer('/new', true), beacon('http://b', true)],
    )
    expect(renewed).toEqual([beacon('http://b', true), peer('/new', false)])
  })
})

describe('checkSources', () => {
  const turn = (address: string): SourceChoice => ({ kind: 'turn', address, chosen: true, bundled: false })
  it('takes a relay server beside a source, and no relay server for a source', () => {
    expect(() => checkSources([beacon('http://b', true), turn('turn:me:secret@turn.example')], null)).not.toThrow()
    expect(() => checkSources([turn('turn:me:secret@turn.example')], null)).toThrow('at least one')
    expect(() => checkSources([beacon('http://b', true), turn('turn:turn.example')], null)).toThrow('turn source')
  })
  it('refuses a kind there is not', () => {
    const odd = { ...beacon('http://b', true), kind: 'constructor' } as unknown as SourceChoice
    expect(() => checkSources([odd], null)).toThrow('not an address')
  })
})
