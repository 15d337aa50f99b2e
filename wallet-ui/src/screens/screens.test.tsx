import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { createFakeFacade } from '../dev/fake-facade.ts'
import { SCENES } from '../dev/scenes.ts'
import { LANGUAGES, type Language } from '../messages/language.ts'
import { Wallet } from '../mount.tsx'

const draw = (scene: keyof typeof SCENES, language: Language, surface: 'page' | 'approval' = 'page') =>
  renderToStaticMarkup(
    <Wallet facade={createFakeFacade(SCENES[scene])} surface={surface} onIdle={null} language={language} />,
  )
/** What stands on the screen, without drawings. */
const textOf = (html: string) => html.replace(/<svg.*?<\/svg>/gs, '').replace(/<[^>]*>/g, ' ')

const languages = Object.keys(LANGUAGES) as Language[]
const scenes = Object.keys(SCENES) as (keyof typeof SCENES)[]

describe.each(languages)('every scene in %s', (language) => {
  it.each(scenes)('%s is drawn with one heading of the first rank and no hole in its words', (scene) => {
    const html = draw(scene, language)
    expect(html.match(/<h1/g)).toHaveLength(1)
    expect(html.match(/<main/g)).toHaveLength(1)
    expect(textOf(html)).not.toMatch(/\{\w+\}|undefined|NaN|\[object/)
  })
})

describe('which screen is due', () => {
  it.each([
    ['fresh', 'welcome'],
    ['locked', 'unlock-screen'],
    ['home', 'home'],
    ['send', 'approval'],
  ] as const)('%s shows %s', (scene, testId) => {
    expect(draw(scene, 'en')).toContain(`data-testid="${testId}"`)
  })

  it('the approval window has no way anywhere else', () => {
    const html = draw('send', 'en', 'approval')
    expect(html).toContain('data-testid="approve"')
    expect(html).not.toContain('<nav')
    expect(draw('home', 'en', 'approval')).toContain('data-testid="nothing-waiting"')
  })

  it('the first screen says that this is unaudited', () => {
    expect(textOf(draw('fresh', 'en'))).toContain('Unaudited software')
  })
})

describe('home', () => {
  it('prints no number for a balance that is not proven', () => {
    for (const scene of ['unproven', 'liar', 'starting'] as const) {
      const balance = /data-testid="balance".*?<\/section>/s.exec(draw(scene, 'en'))?.[0] ?? ''
      expect(balance).not.toBe('')
      expect(textOf(balance)).not.toMatch(/ETH|\b0\b/)
    }
  })

  it('says since when a cached balance is', () => {
    const html = draw('aged', 'en')
    expect(html).toContain('data-light="aged"')
    expect(textOf(html)).toContain('as of 12 min')
  })

  it('asks for the backup until it was checked', () => {
    expect(draw('empty', 'en')).toContain('data-testid="backup-needed"')
    expect(draw('home', 'en')).not.toContain('data-testid="backup-needed"')
  })
})

describe('approvals', () => {
  it('start unarmed, with reject at hand', () => {
    const html = draw('send', 'en')
    expect(html).toMatch(/<button[^>]*disabled=""[^>]*data-testid="approve"/)
    expect(html).toMatch(/<button(?![^>]*disabled)[^>]*data-testid="reject"/)
  })

  it('cannot be approved when blocked', () => {
    const html = draw('blocked', 'en')
    expect(html).not.toContain('data-testid="approve"')
    expect(html).toContain('data-testid="reject"')
    expect(html).toContain('data-testid="send-the-most"')
  })

  it('say that an unencrypted site is one', () => {
    expect(textOf(draw('message', 'en'))).toContain('not encrypted')
    expect(textOf(draw('signin', 'en'))).not.toContain('not encrypted')
  })

  it('show a message whole', () => {
    expect(draw('message', 'en')).toContain('I agree to the rules of the forum.\nVersion 4.')
  })
})
