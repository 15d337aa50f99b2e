import { describe, expect, it } from 'vitest'
import { proven } from '../../dev/fake-values.ts'
import { loadWords } from '../../messages/language.ts'
import { entryTitle, signedAmount } from './activity-rows.tsx'
import { entrySteps } from './entry-steps.ts'

const receipt = { success: false, gasUsed: 21_000n, blockNumber: 1n }
const done = (entry: Parameters<typeof entrySteps>[0]) =>
  entrySteps(entry)
    .filter((step) => step.done)
    .map((step) => step.name)

describe('entrySteps', () => {
  it.each([
    ['signed', ['signed']],
    ['unsent', ['signed']],
    ['sent', ['signed', 'sent']],
    ['included', ['signed', 'sent', 'included']],
    ['final', ['signed', 'sent', 'included', 'final']],
  ] as const)('%s', (state, names) => {
    expect(done({ kind: 'send', state, receipt: null })).toEqual(names)
  })

  it('a failed one is final only when its receipt is', () => {
    expect(done({ kind: 'send', state: 'failed', receipt: proven(receipt) })).not.toContain('final')
    expect(done({ kind: 'send', state: 'failed', receipt: proven(receipt, { final: true }) })).toContain('final')
  })

  it('the faucet signs nothing on this device', () => {
    expect(entrySteps({ kind: 'faucet', state: 'sent', receipt: null }).map((step) => step.name)).not.toContain(
      'signed',
    )
  })
})

it('an amount that is not known is not printed', () => {
  const print = (wei: bigint) => `${wei} wei`
  expect(signedAmount({ kind: 'faucet', value: null }, print)).toBeNull()
  expect(signedAmount({ kind: 'faucet', value: 0n }, print)).toBe('+0 wei')
  expect(signedAmount({ kind: 'send', value: 5n }, print)).toBe('−5 wei')
})

it('only what is in a block counts as sent', async () => {
  const { t } = await loadWords('en')
  const title = (state: 'sent' | 'included' | 'failed') => entryTitle({ kind: 'send', to: '0x00', state }, t)
  expect([title('sent'), title('included'), title('failed')]).toEqual(['Sending', 'Sent', 'Transfer'])
})
