import type { Shown } from '@glowworm/wallet-core/facade/facade'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { Context } from '../app/wallet-context.ts'
import { proven, said, UNREACHABLE, unproven } from '../dev/fake-values.ts'
import { loadWords } from '../messages/language.ts'
import { Proof, type ProofProps } from './proof.tsx'

const words = await loadWords('en')

function draw(shown: Shown<bigint>, props: Partial<ProofProps<bigint>> = {}): string {
  return renderToStaticMarkup(
    <Context
      value={{
        facade: null,
        surface: 'page',
        words,
        languageChoice: null,
        chooseLanguage: () => {},
        onIdle: null,
        issuerPage: null,
      }}
    >
      <Proof shown={shown} label="Balance" format={(value) => `${value} ETH`} testId="p" {...props} />
    </Context>,
  )
}

describe('Proof', () => {
  it('prints a proven value with its light and names both on the button', () => {
    const html = draw(proven(7n, { final: true }))
    expect(html).toContain('data-light="final"')
    expect(html).toContain('7 ETH')
    expect(html).toMatch(/aria-label="Balance: 7 ETH, finalized · block [\d,]+\. Show the evidence"/)
  })

  it.each([
    ['proving', { kind: 'proving', step: 'committees', done: 2, of: 14 } as const],
    ['unproven', unproven<bigint>(UNREACHABLE)],
  ])('prints no value and no zero while %s', (light, shown) => {
    for (const size of ['big', 'normal', 'small'] as const) {
      const html = draw(shown, { size })
      expect(html).toContain(`data-light="${light}"`)
      expect(html).not.toContain('ETH')
      expect(html.replace(/<svg.*?<\/svg>/g, '').replace(/<[^>]*>/g, '')).not.toMatch(/(^|\D)0(\D|$)/)
    }
  })

  it('says who says it and does not glow for it', () => {
    const html = draw(said(3n, 'gateway X'))
    expect(html).toContain('gateway X says')
    expect(html).not.toMatch(/light-(dot|ring|halo|progress)/)
  })

  it('draws no ring of progress while the amount of work is unknown', () => {
    expect(draw({ kind: 'proving', step: 'sources', done: 0, of: 0 })).not.toContain('light-progress')
    expect(draw({ kind: 'proving', step: 'committees', done: 7, of: 14 })).toContain('stroke-dasharray="18.85 37.70"')
  })

  it('keeps its words for screen readers when they are not drawn', () => {
    expect(draw(proven(1n), { still: true, wordless: true })).toContain(
      '<span class="hidden-text">proven · may still change</span>',
    )
    expect(draw(proven(1n), { still: true })).not.toContain('<button')
  })
})
