import { describe, expect, it } from 'vitest'
import { signsOf } from '../../amount/units.ts'
import { checkAmount, checkRecipient } from './check-transfer.ts'

const signs = signsOf('en')
const ETHER = 10n ** 18n

it('checkRecipient looks at the shape', () => {
  expect(checkRecipient(' 0x52908400098527886E0F7030069857D2E4169EE7 ')).toBeNull()
  expect(checkRecipient('')).toBe('send.problem.to.empty')
  expect(checkRecipient('0x5290')).toBe('send.problem.to.shape')
  expect(checkRecipient('vitalik.eth')).toBe('send.problem.to.shape')
})

describe('checkAmount', () => {
  it('takes what the account holds, to the last wei', () => {
    expect(checkAmount('1', signs, ETHER)).toEqual({ value: ETHER, problem: null })
    expect(checkAmount('1.000000000000000001', signs, ETHER)).toEqual({
      value: null,
      problem: 'send.problem.amount.above',
    })
  })

  it('does not compare with a balance nobody has proven', () => {
    expect(checkAmount('1000', signs, null)).toEqual({ value: 1000n * ETHER, problem: null })
  })

  it('refuses nothing and nonsense', () => {
    expect(checkAmount('0.0', signs, null).problem).toBe('send.problem.amount.zero')
    expect(checkAmount('', signs, null).problem).toBe('send.problem.amount.empty')
    expect(checkAmount('1,000', signs, null).problem).toBe('send.problem.amount.grouping')
  })
})
