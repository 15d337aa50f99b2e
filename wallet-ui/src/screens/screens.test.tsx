import type { WalletState } from '@glowworm/wallet-core/facade/facade'
import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { prerender } from 'react-dom/static'
import { describe, expect, it, vi } from 'vitest'
import { Context } from '../app/wallet-context.ts'
import { DeviceSigning } from '../approval/device/device-signing.tsx'
import { FeeEditor } from '../approval/fees/fee-editor.tsx'
import { createFakeFacade, FRESH_STATE } from '../dev/fake-facade.ts'
import { SCENES } from '../dev/scenes.ts'
import { ACCOUNTS_TABLE } from '../messages/accounts/words.ts'
import { LANGUAGES, type Language, loadWords, wordsOf } from '../messages/language.ts'
import { PHONE_TABLE } from '../messages/phone/words.ts'
import { Wallet } from '../mount.tsx'
import { AccountList } from './accounts/accounts.tsx'
import { AirGappedAccounts } from './accounts/air-gapped-accounts.tsx'
import { LedgerAccounts } from './accounts/ledger-accounts.tsx'
import { WatchAddress } from './accounts/watch-address.tsx'
import { Entry } from './activity/entry.tsx'
import { Pending } from './activity/pending.tsx'
import { BackupFile } from './backup/backup-file.tsx'
import { ChooseSources } from './first-run/choose-sources.tsx'
import { offersFor } from './first-run/directory.ts'
import { Network } from './network/network.tsx'
import { StaleStartScreen } from './network/stale-start/stale-start.tsx'
import { Recover } from './recover.tsx'
import { ImportMore } from './settings/import-more.tsx'
import { Settings } from './settings/settings.tsx'
import { UnlockMethods } from './settings/unlock-methods.tsx'

/** Waits for what is loaded late. */
const draw = async (scene: keyof typeof SCENES, language: Language, surface: 'page' | 'approval' = 'page') => {
  const { prelude } = await prerender(
    <Wallet facade={createFakeFacade(SCENES[scene])} surface={surface} onIdle={null} language={language} />,
    // A long screen would come a second time, as what replaces its fallback.
    { progressiveChunkSize: Number.POSITIVE_INFINITY },
  )
  return new Response(prelude).text()
}
const page = (node: ReactNode, state: WalletState, language: Language = 'en') =>
  renderToStaticMarkup(
    <Context
      value={{
        facade: createFakeFacade(state),
        surface: 'page',
        words: wordsOf(language),
        languageChoice: null,
        chooseLanguage: () => {},
        onIdle: null,
        issuerPage: null,
      }}
    >
      {node}
    </Context>,
  )
/** What stands on the screen, without drawings. */
const textOf = (html: string) => html.replace(/<svg.*?<\/svg>/gs, '').replace(/<[^>]*>/g, ' ')

const languages = Object.keys(LANGUAGES) as Language[]
// What is drawn at once needs its words at once.
await Promise.all(
  languages.flatMap((language) => [loadWords(language), ACCOUNTS_TABLE.load(language), PHONE_TABLE.load(language)]),
)
const scenes = Object.keys(SCENES) as (keyof typeof SCENES)[]

describe.each(languages)('every scene in %s', (language) => {
  it.each(scenes)('%s is drawn with one heading of the first rank and no hole in its words', async (scene) => {
    const html = await draw(scene, language)
    expect(html.match(/<h1/g)).toHaveLength(1)
    expect(html.match(/<main/g)).toHaveLength(1)
    expect(textOf(html)).not.toMatch(/\{\w+\}|undefined|NaN|\[object/)
  })
})

describe.each(languages)('the screens of the vault in %s', (language) => {
  it.each([
    ['settings', <Settings key="a" />],
    ['backup file', <BackupFile key="b" />],
    ['ways to unlock', <UnlockMethods key="c" />],
    ['import', <ImportMore key="d" />],
    ['recovery', <Recover key="e" back={() => {}} />],
  ] as const)('%s: one heading, no hole, every field with a name', (_, screen) => {
    const html = page(screen, SCENES.waysToUnlock, language)
    expect(html.match(/<h1/g)).toHaveLength(1)
    expect(textOf(html)).not.toMatch(/\{\w+\}|undefined|NaN|\[object/)
    const named = new Set([...html.matchAll(/<label for="([^"]+)"/g)].map(([, id]) => id))
    for (const [field] of html.matchAll(/<(input|select|textarea)[^>]*>/g))
      if (!field.includes('hidden=""')) expect(named).toContain(/ id="([^"]+)"/.exec(field)?.[1])
  })
})

describe.each(languages)('the screens of accounts in %s', (language) => {
  const approval = SCENES.device.approvals[0]
  if (approval?.kind !== 'send-transaction') throw new Error('expected a transfer')
  it.each([
    ['accounts', <AccountList key="a" />],
    ['watch', <WatchAddress key="b" />],
    ['ledger', <LedgerAccounts key="c" />],
    ['codes', <AirGappedAccounts key="d" />],
  ] as const)('%s: one heading, no hole, every field with a name', (_, screen) => {
    const html = page(screen, SCENES.accounts, language)
    expect(html.match(/<h1/g)).toHaveLength(1)
    expect(textOf(html)).not.toMatch(/\{\w+\}|undefined|NaN|\[object/)
    const named = new Set([...html.matchAll(/<label for="([^"]+)"/g)].map(([, id]) => id))
    for (const [field] of html.matchAll(/<(input|select|textarea)[^>]*>/g))
      expect(named).toContain(/ id="([^"]+)"/.exec(field)?.[1])
  })

  it('what waits says why, and offers what can be done', () => {
    for (const entry of SCENES.stuck.activity.slice(0, 3)) {
      const html = page(<Pending entry={entry} />, SCENES.stuck, language)
      expect(textOf(html)).not.toMatch(/\{\w+\}|undefined/)
      expect(html.includes('data-testid="speed-up"')).toBe(entry.queue === 'next')
      expect(html).toContain('data-testid="cancel-transaction"')
      expect(html).toContain(`data-queue="${entry.queue}"`)
    }
    const cancel = { ...SCENES.stuck.activity[2]!, replaces: { id: 'x', how: 'cancel' } } as const
    expect(page(<Pending entry={cancel} />, SCENES.stuck, language)).not.toContain('cancel-transaction')
  })

  it('the fees and the device are asked for in dialogs with a name', () => {
    const dialogs = [
      <FeeEditor key="f" approval={approval} onClose={() => {}} />,
      <DeviceSigning
        key="d"
        account={SCENES.device.accounts[0]!}
        approval={approval}
        onAnswer={async () => {}}
        onClose={() => {}}
      />,
    ]
    for (const dialog of dialogs) {
      const html = page(dialog, SCENES.device, language)
      expect(html).toMatch(/<dialog[^>]*aria-labelledby="([^"]+)".*<h2 id="\1">[^<]+</s)
      expect(textOf(html)).not.toMatch(/\{\w+\}|undefined/)
    }
  })
})

describe('accounts', () => {
  it('say where their keys are, and only the last one shown cannot be hidden', () => {
    const text = textOf(page(<AccountList />, SCENES.accounts))
    for (const words of ['only watched', 'in a Ledger', 'made for app.market.example', 'Old', 'Show again'])
      expect(text).toContain(words)
    expect(page(<AccountList />, SCENES.watched)).not.toContain('data-testid="hide-account"')
  })

  it('in a device are signed for there, and a replacement names itself', async () => {
    expect(textOf(await draw('device', 'en'))).toContain('Continue on the device')
    expect(textOf(await draw('cancel', 'en'))).toContain('Cancel the transfer')
  })

  it('in a site’s question can be one of its own', async () => {
    expect(await draw('connect', 'en')).toContain('data-testid="connect-fresh"')
  })
})

describe('ways back and ways in', () => {
  it('settings say when each backup was tried out, and offer no phrase where there is none', () => {
    expect(page(<Settings />, SCENES.waysToUnlock)).toContain('data-testid="reveal-phrase"')
    expect(textOf(page(<Settings />, SCENES.waysToUnlock))).toContain('tried out')
    const keysOnly = { ...SCENES.home, hasPhrase: false }
    expect(page(<Settings />, keysOnly)).not.toContain('data-testid="reveal-phrase"')
    expect(textOf(page(<Settings />, keysOnly))).toContain('no backup file tried out yet')
  })

  it('locked, only what exists is offered', async () => {
    expect(await draw('locked', 'en')).not.toContain('data-testid="unlock-recover"')
    const locked: WalletState = { ...SCENES.waysToUnlock, phase: 'locked' }
    const html = renderToStaticMarkup(
      <Wallet facade={createFakeFacade(locked)} surface="page" onIdle={null} language="en" />,
    )
    expect(html).toContain('data-testid="unlock-recover"')
  })

  it('the password cannot be removed', () => {
    const html = page(<UnlockMethods />, SCENES.waysToUnlock)
    expect(html.match(/data-testid="remove-method"/g)).toHaveLength(2)
    expect(/data-testid="method-password".*?<\/li>/s.exec(html)?.[0]).not.toContain('button')
  })
})

describe('after a long absence', () => {
  it('home says that nothing is lost and leads to the choice; cannot-verify does so too', async () => {
    expect(await draw('longAway', 'en')).toContain('data-testid="stale-start-choose"')
    expect(await draw('home', 'en')).not.toContain('stale-start')
    expect(page(<Network />, SCENES.longAway)).toContain('href="#/network/start"')
  })

  it.each(languages)('the screen says what happened and offers three ways, in %s', (language) => {
    const html = page(<StaleStartScreen />, SCENES.longAway, language)
    expect(textOf(html)).not.toMatch(/\{\w+\}|undefined|NaN|\[object/)
    expect(textOf(html)).toContain(new Intl.NumberFormat(language).format(15.7))
    for (const way of ['ask-operators', 'stale-start-own', 'stale-go-on'])
      expect(html).toMatch(new RegExp(`<button[^>]* disabled=""[^>]*data-testid="${way}"`))
  })

  it('with nothing to choose it says so', () => {
    expect(page(<StaleStartScreen />, SCENES.home)).not.toContain('<button')
  })
})

describe('which screen is due', () => {
  it.each([
    ['fresh', 'welcome'],
    ['locked', 'unlock-screen'],
    ['home', 'home'],
    ['send', 'approval'],
  ] as const)('%s shows %s', async (scene, testId) => {
    expect(await draw(scene, 'en')).toContain(`data-testid="${testId}"`)
  })

  it('the approval window has no way anywhere else', async () => {
    const html = await draw('send', 'en', 'approval')
    expect(html).toContain('data-testid="approve"')
    expect(html).not.toContain('<nav')
    expect(await draw('home', 'en', 'approval')).toContain('data-testid="nothing-waiting"')
  })

  it('the first screen says that this is unaudited', async () => {
    expect(textOf(await draw('fresh', 'en'))).toContain('Unaudited software')
  })
})

describe('home', () => {
  it('prints no number for a balance that is not proven', async () => {
    for (const scene of ['unproven', 'liar', 'starting'] as const) {
      const balance = /data-testid="balance".*?<\/section>/s.exec(await draw(scene, 'en'))?.[0] ?? ''
      expect(balance).not.toBe('')
      expect(textOf(balance)).not.toMatch(/ETH|\b0\b/)
    }
  })

  it('says since when a cached balance is', async () => {
    const html = await draw('aged', 'en')
    expect(html).toContain('data-light="aged"')
    expect(textOf(html)).toContain('as of 12 min')
  })

  it('asks for the backup until it was checked', async () => {
    expect(await draw('empty', 'en')).toContain('data-testid="backup-needed"')
    expect(await draw('home', 'en')).not.toContain('data-testid="backup-needed"')
  })
})

describe('sources', () => {
  const bridge = FRESH_STATE.choices.find(({ kind }) => kind === 'peer')!
  const twice = { ...bridge, address: bridge.address.replace('tcp/9001/ws', 'udp/9001/webrtc-direct') }
  const choose = (change: Partial<WalletState>) =>
    page(<ChooseSources back={['network']} onDone={() => {}} />, { ...SCENES.home, ...change })

  it('one bridge with two addresses is one row and one source', () => {
    const choices = [bridge, twice].map((choice) => ({ ...choice, chosen: true }))
    const html = choose({ choices })
    expect(html.match(/data-testid="source-peer"/g)).toHaveLength(1)
    expect(html).toContain(bridge.address)
    expect(html).toContain(twice.address)
    expect(textOf(html)).toContain('1 source chosen')
  })

  it('says which block root is in use and offers the way back to the bundled one', () => {
    const own = `0x${'5e'.repeat(32)}` as const
    const changed = choose({ checkpoint: own })
    expect(textOf(changed)).toMatch(/Entered by you · in use/)
    expect(textOf(changed)).not.toMatch(/Came with the wallet · in use/)
    expect(changed).toContain(`data-value="${own}"`)
    expect(changed).toContain(`>${own}</textarea>`)
    expect(changed).toContain('data-testid="checkpoint-return"')
    const bundled = choose({ checkpoint: null })
    expect(textOf(bundled)).toMatch(/Came with the wallet · in use/)
    expect(bundled).not.toContain('data-testid="checkpoint-return"')
    expect(textOf(page(<Network />, { ...SCENES.home, checkpoint: own }))).toContain('Entered by you')
  })

  it('counts only sources that have answered', () => {
    const sources = SCENES.home.sources.map((source, i) => (i === 0 ? source : { ...source, answers: 0 }))
    const html = page(<Network />, { ...SCENES.home, sources })
    expect(textOf(html)).toContain('1 source')
    expect(textOf(html)).not.toMatch(/[2-9] sources/)
    expect(textOf(html).match(/not answered yet/g)).toHaveLength(sources.length - 1)
    expect(textOf(html)).not.toContain('0 answers')
  })

  it.each(languages)('says in %s what each source has learned, and names own accounts', (language) => {
    const html = page(<Network />, SCENES.home, language)
    const rows = html.match(/data-testid="learned-by".*?<\/li>(?=<li class="row"|<\/ul><div)/gs) ?? []
    expect(rows).toHaveLength(SCENES.home.sources.length)
    const { t } = wordsOf(language)
    for (const row of rows) expect(textOf(row)).toContain(t('network.learned.internet'))
    expect(textOf(rows[0]!)).not.toContain(t('network.learned.show'))
    expect(textOf(rows[1]!)).toContain('Everyday')
    expect(textOf(rows[1]!)).not.toContain('Savings')
    expect(textOf(rows[1]!)).toContain(t('network.learned.addresses', { count: 1 }))
    expect(textOf(rows[2]!)).toContain('Savings')
    expect(textOf(rows[2]!)).toContain(t('network.learned.sent', { count: 2 }))
  })

  it.each(languages)('warns in %s in one place when all news came through one hand', (language) => {
    const { t } = wordsOf(language)
    const html = page(<Network />, SCENES.oneHand, language)
    expect(html.match(/data-testid="one-hand"/g)).toHaveLength(1)
    expect(textOf(html)).toContain(t('network.oneHand.bridge', { name: '12D3…a2a' }))
    expect(page(<Network />, SCENES.home, language)).not.toContain('data-testid="one-hand"')
  })

  it('shows whether questions are hidden, and when there is nothing yet to hide them among', () => {
    const box = (state: WalletState) =>
      /<input[^>]*data-testid="padding"[^>]*>/.exec(page(<Network />, state))?.[0] ?? ''
    expect(box(SCENES.home)).not.toContain('checked')
    expect(box({ ...SCENES.home, padding: 'on' })).toContain('checked')
    expect(textOf(page(<Network />, SCENES.oneHand))).toContain('no addresses to hide among are known yet')
  })

  it.each(languages)('tells in %s to check the block root when no source knows it', (language) => {
    const problem = { code: 'ROOT_UNKNOWN', kind: 'unprovable', message: 'no', next: null }
    const pulse = { state: 'stalled', problem, lastHeight: null, lastTime: null } as const
    const { t } = wordsOf(language)
    expect(textOf(page(<Network />, { ...SCENES.home, pulse }, language))).toContain(t('problem.ROOT_UNKNOWN.next'))
  })
})

describe('a final entry that was not proven again', () => {
  const entry = SCENES.home.activity.find(({ id }) => id === 'e5')!
  const draw = (receipt: typeof entry.receipt) => {
    const problem = { code: 'PROBABLY_REPLACED', kind: 'unprovable', message: 'replaced', next: null }
    return textOf(page(<Entry id="e5" />, { ...SCENES.home, activity: [{ ...entry, receipt, problem }] }))
  }
  it('says that it was proven, not that nothing is', () => {
    const problem = { code: 'TOO_FAR_BACK', kind: 'unprovable', message: 'too far', next: null }
    const tooFar = draw({ kind: 'unproven', problem })
    expect(tooFar).toContain('Proven final earlier. It now lies too far back to be proven again here.')
    for (const text of [tooFar, draw(null)]) {
      expect(text).toContain('Proven final earlier.')
      expect(text).not.toMatch(/No receipt is proven|taken its place|Not proven/)
    }
  })
})

describe('approvals', () => {
  it('start unarmed, with reject at hand', async () => {
    const html = await draw('send', 'en')
    expect(html).toMatch(/<button[^>]*disabled=""[^>]*data-testid="approve"/)
    expect(html).toMatch(/<button(?![^>]*disabled)[^>]*data-testid="reject"/)
  })

  it('what remains is computed, and carries no light of proof', async () => {
    const facts = /data-testid="approval-outcome".*?<\/dl>/s.exec(await draw('send', 'en'))?.[0] ?? ''
    expect(textOf(facts)).toMatch(/At least remains\s+31\.\d+ ETH\s+computed/)
    expect(facts).not.toContain('data-light')
  })

  it('cannot be approved when blocked', async () => {
    const html = await draw('blocked', 'en')
    expect(html).not.toContain('data-testid="approve"')
    expect(html).toContain('data-testid="reject"')
    expect(html).toContain('data-testid="send-the-most"')
  })

  it('say that an unencrypted site is one', async () => {
    expect(textOf(await draw('message', 'en'))).toContain('not encrypted')
    expect(textOf(await draw('signin', 'en'))).not.toContain('not encrypted')
  })

  it('show a message whole', async () => {
    expect(await draw('message', 'en')).toContain('I agree to the rules of the forum.\nVersion 4.')
  })
})

describe('sources at home', () => {
  const HOME = '/ip4/192.168.1.5/tcp/9001/ws/p2p/12D3KooWPkzZ3mJ1pL7cBx6rWq5yQk7X2d4mVb9sTn8uHfGa2a2a'
  const choices = [{ kind: 'peer', address: HOME, chosen: true, bundled: false }] as const
  const drawn = () => page(<ChooseSources back={[]} onDone={() => {}} />, { ...FRESH_STATE, choices })
  it.each([
    ['https:', 'wallet.example', true],
    ['http:', 'localhost', false],
    ['chrome-extension:', 'abcdef', false],
  ])('a page of %s//%s is told what the browser will ask: %s', (protocol, hostname, told) => {
    vi.stubGlobal('window', { location: { protocol, hostname } })
    try {
      expect(drawn().includes('data-testid="local-network"')).toBe(told)
    } finally {
      vi.unstubAllGlobals()
    }
  })
})

describe.each(languages)('a network whose profile names no source and no checkpoint, in %s', (language) => {
  const drawn = () => page(<ChooseSources back={[]} onDone={() => {}} />, SCENES.realNetwork, language)

  it('offers known operators, each with what it would learn, and has chosen none', () => {
    const { t } = wordsOf(language)
    const rows = drawn().match(/<label[^>]*class="check-row".*?<\/label>/gs) ?? []
    const offers = offersFor(1, [])
    expect(rows).toHaveLength(offers.length)
    offers.forEach((offer, i) => {
      expect(textOf(rows[i]!)).toContain(offer.operator)
      expect(textOf(rows[i]!)).toContain(offer.address)
      expect(textOf(rows[i]!)).toContain(t(`sources.learns.${offer.kind}`))
      expect(rows[i]).not.toContain('checked=""')
    })
  })

  it('asks operators for a checkpoint only when told to, and goes nowhere without sources', () => {
    const html = drawn()
    expect(html).toMatch(/<button[^>]*disabled=""[^>]*data-testid="ask-operators"/)
    expect(html).toMatch(/<button[^>]*disabled=""[^>]*data-testid="choose-sources-continue"/)
  })
})

describe('what requests mean', () => {
  it('an allowance without limit is named so, on the button too', async () => {
    const text = textOf(await draw('allow', 'en'))
    expect(text).toMatch(/Lets 0x7a250d…f2488d take all USDC from Everyday, now and later\./)
    expect(text).toContain('Allow without limit')
    expect(text).toMatch(/may take all your USDC/)
    expect(text).toMatch(/has no limit/)
  })

  it('a changed outcome says what it was', async () => {
    const html = await draw('changed', 'en')
    expect(html).toContain('data-testid="outcome-changed"')
    expect(textOf(html)).toMatch(/\+ 1,502 USDC[\s\S]*\+ 1,481\.2 USDC/)
  })

  it('a failure is told before the fee is paid, in the contract’s words', async () => {
    expect(textOf(await draw('fails', 'en'))).toContain('The contract says: “UniswapV2: K”')
  })

  it('what could not be executed is said to be so, with why', async () => {
    const text = textOf(await draw('safe', 'en'))
    expect(text).toContain('This could not be simulated.')
    expect(text).toContain('reads more of the chain than can be proven here')
    expect(text).toContain('Moves 1,250 USDC from 0x5afe5a…fe5afe to')
  })

  it('nothing can be approved before it is known what', async () => {
    expect(await draw('reading', 'en')).toMatch(/<button[^>]*disabled=""[^>]*data-testid="approve"/)
  })

  it('the digest of the data stands with the data', async () => {
    expect(await draw('call', 'en')).toContain('data-testid="calldata-digest"')
    expect(await draw('send', 'en')).not.toContain('data-testid="calldata-digest"')
  })
})
