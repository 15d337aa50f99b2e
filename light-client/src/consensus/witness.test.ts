import { expect, it } from 'vitest'
import { createWitness, type Statement } from './witness.ts'

const said = (slot: number, digit: string, kind: 'signed' | 'final' = 'signed'): Statement<string> => ({
  kind,
  slot,
  root: `0x${digit.repeat(64)}`,
  evidence: digit,
})

it('finds the earlier statement about the same slot, and only a different one of the same kind', () => {
  const witness = createWitness<string>()
  witness.remember(said(7, 'a'))
  expect(witness.against(said(7, 'a'))).toBeNull()
  expect(witness.against(said(8, 'b'))).toBeNull()
  expect(witness.against(said(7, 'b', 'final'))).toBeNull()
  expect(witness.against(said(7, 'b'))).toEqual(said(7, 'a'))
})

it('keeps the first about a slot, and forgets the oldest slots', () => {
  const witness = createWitness<string>(2)
  witness.remember(said(1, 'a'))
  witness.remember(said(1, 'b'))
  expect(witness.against(said(1, 'b'))?.evidence).toBe('a')
  witness.remember(said(3, 'c'))
  witness.remember(said(2, 'd'))
  expect(witness.against(said(1, 'b'))).toBeNull()
  expect(witness.against(said(3, 'x'))?.evidence).toBe('c')
})
