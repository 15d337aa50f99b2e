import { expect, it } from 'vitest'
import { proven } from '../dev/fake-values.ts'
import { loadWords } from '../messages/language.ts'
import { factName, factText, isHex, storyText } from './facts.ts'

const en = await loadWords('en')
const de = await loadWords('de')

it('names known facts by language and takes unknown ones apart', () => {
  expect(factName('bytes', en)).toBe('Bytes checked')
  expect(factName('bytes', de)).toBe('Geprüfte Bytes')
  expect(factName('codeHash', de)).toBe('Code hash')
  expect(factName('constructor', en)).toBe('Constructor')
})

it('prints facts in the reader’s way', () => {
  expect(factText('block', 24_784_163n, de)).toBe('24.784.163')
  expect(factText('finality', 'finalized', de)).toBe('endgültig')
  expect(factText('method', 'a method', de)).toBe('a method')
  expect(factText('time', Date.UTC(2026, 10, 23, 12), en)).toContain('2026')
  expect([isHex('0x1c9ad04b'), isHex('0x'), isHex('plain'), isHex(5)]).toEqual([true, false, false, false])
})

it('tells the whole story as text, in the order of the evidence', () => {
  const shown = proven(7n, { final: true })
  if (shown.kind !== 'proven') throw new Error('the fake is proven')
  const text = storyText('Balance', '7 ETH', shown, en)
  expect(text.startsWith('Balance: 7 ETH\nfinalized · block 24,784,163\n')).toBe(true)
  const order = ['1. Checkpoint', '2. Committee', '3. Header', '4. Account', '5. Value'].map((title) =>
    text.indexOf(title),
  )
  expect(order.every((at, i) => at > (order[i - 1] ?? 0))).toBe(true)
  expect(text).toContain(shown.hash)
})
