import { describe, expect, it } from 'vitest'
import { fakeAccount, fakeTransfer } from '../dev/fake-objects.ts'
import { ETHER, proven } from '../dev/fake-values.ts'
import { loadWords } from '../messages/language.ts'
import { actName, titleOf } from './act.ts'
import { outcomeChanges, outcomeOf, outcomeSubject } from './outcome.ts'
import { mostSendable } from './send-the-most.tsx'

const account = fakeAccount(0, 'Everyday', 10n * ETHER)
const RECIPIENT = '0x52908400098527886E0F7030069857D2E4169EE7'
const transfer = fakeTransfer('p1', account, { to: RECIPIENT, value: ETHER / 2n })
const at = { words: await loadWords('en'), symbol: 'ETH', accounts: [account] }

describe('outcome', () => {
  it('does not change with what moves every block', () => {
    const later = { ...transfer, baseFeePerGas: proven(99n), balance: proven(10n * ETHER, { minutesAgo: 1 }) }
    expect(outcomeChanges(outcomeOf(transfer, at), outcomeOf(later, at))).toEqual([])
    expect(outcomeSubject(later, outcomeOf(later, at))).toBe(outcomeSubject(transfer, outcomeOf(transfer, at)))
  })

  it.each([
    ['value', { value: ETHER }, '0.5 ETH', '1 ETH'],
    ['most', { mostThatLeaves: ETHER }, '0.500252 ETH', '1 ETH'],
    ['nonce', { nonce: proven(5n) }, '4', '5'],
    ['balance', { balance: proven(ETHER) }, '10 ETH', '1 ETH'],
    ['to', { toChecksummed: '0x0000000000000000000000000000000000000001' }, RECIPIENT, expect.stringMatching(/01$/)],
    ['data', { data: '0x00' as const }, '0x', '0x00'],
  ])('names a change of %s with before and after', (field, change, before, after) => {
    const changed = { ...transfer, ...change }
    expect(outcomeChanges(outcomeOf(transfer, at), outcomeOf(changed, at))).toEqual([
      expect.objectContaining({ field, before, after }),
    ])
    expect(outcomeSubject(changed, outcomeOf(changed, at))).not.toBe(outcomeSubject(transfer, outcomeOf(transfer, at)))
  })

  it('disarms at a new revision even when no word of it changed', () => {
    const revised = { ...transfer, revision: 2 }
    expect(outcomeSubject(revised, outcomeOf(revised, at))).not.toBe(outcomeSubject(transfer, outcomeOf(transfer, at)))
  })
})

describe('the button names the act', () => {
  it.each([
    [transfer, 'Send 0.5 ETH'],
    [{ ...transfer, value: ETHER / 2n + 1n }, 'Send 0.500000000000000001 ETH'],
    [{ ...transfer, data: '0x01' as const, value: 0n }, 'Call the contract'],
    [{ ...transfer, data: '0x01' as const }, 'Send 0.5 ETH to the contract'],
    [{ ...transfer, to: null, toChecksummed: null }, 'Create the contract'],
  ])('%#', (approval, name) => {
    expect(actName(approval, 'ETH', at.words)).toBe(name)
    expect(titleOf(approval, 'ETH', at.words)).toBe('Send ETH')
  })
})

describe('mostSendable', () => {
  const whole = fakeTransfer('p2', account, { to: RECIPIENT, value: 10n * ETHER })

  it('leaves exactly the highest fee', () => {
    expect(mostSendable(whole)).toBe(10n * ETHER - (whole.mostThatLeaves - whole.value))
  })

  it('offers nothing where it would be wrong', () => {
    expect(mostSendable(transfer)).toBeNull()
    expect(mostSendable({ ...whole, origin: 'https://app.example' })).toBeNull()
    expect(mostSendable({ ...whole, data: '0x01' })).toBeNull()
    expect(mostSendable({ ...whole, balance: proven(1n) })).toBeNull()
    expect(mostSendable({ ...whole, balance: { kind: 'proving', step: 'proof', done: 0, of: 0 } })).toBeNull()
  })
})
