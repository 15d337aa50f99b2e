/** The pages of the extension: what must be settled before the wallet can be drawn, then the wallet. */

import type { Problem, WalletFacade } from '@glowworm/wallet-core/facade/facade'
import { connectFacade } from '@glowworm/wallet-core/facade/remote'
import { type IssuerPage, mountWallet, type Surface } from '@glowworm/wallet-ui'
import { fetchApprovals } from '@glowworm/wallet-ui/approval/late-approval'
import { after } from '@glowworm/wallet-ui/infrastructure/clock'
import { speakOnPage } from '@glowworm/wallet-ui/infrastructure/page'
import { directionOf, loadWords } from '@glowworm/wallet-ui/messages/language'
import { languageNow } from '@glowworm/wallet-ui/messages/language-now'
import { createRoot, type Root } from 'react-dom/client'
import { issuerWindow } from '../infrastructure/issuer-window.ts'
import { ask } from '../infrastructure/own-page.ts'
import { lastingChannel } from '../infrastructure/worker-port.ts'
import { say } from '../messages/say.ts'
import { WALLET_PORT } from '../ports.ts'
import type { Answers } from '../questions.ts'
import { ChooseNetwork } from './choose-network.tsx'
import './page.css'

export interface PageOptions {
  readonly surface: Surface
  readonly onIdle?: (facade: WalletFacade) => void
  /** Asked before anything that must not be lost by a click elsewhere is shown. False: the page goes away instead. */
  readonly maySetUp?: () => Promise<boolean>
  /** By default a window of the browser's; this page outlasts it. */
  readonly issuerPage?: IssuerPage
}

/** Milliseconds of an empty page; most wallets are there sooner, and one picture less is drawn. */
const BEFORE_WORDS = 200

export async function drawWallet({ surface, onIdle, maySetUp, issuerPage = issuerWindow }: PageOptions): Promise<void> {
  const root = rootElement()
  const language = languageNow()
  speakOnPage(language, directionOf(language))
  root.dataset.surface = surface
  // All that is needed is asked for at once; what is fetched in vain shows when it is drawn.
  const connecting = connectFacade(lastingChannel(WALLET_PORT))
  const fetching = Promise.allSettled([
    loadWords(language),
    ...(surface === 'approval' ? [fetchApprovals(language)] : []),
  ])
  const spoken = after(BEFORE_WORDS, () => root.replaceChildren(waiting()))
  const opening = await open()
  if (opening.state !== 'ready') {
    spoken()
    if (opening.state === 'failed') return showFailure(createRoot(root), opening.problem)
    if (!((await maySetUp?.()) ?? true)) return
    const before = createRoot(root)
    await new Promise<void>((resolve) => before.render(<ChooseNetwork now={null} onChosen={resolve} />))
    const again = await open()
    if (again.state === 'failed') return showFailure(before, again.problem)
    before.unmount()
  }
  const facade = await connecting
  await fetching
  spoken()
  if (facade.state.phase === 'no-wallet' && !((await maySetUp?.()) ?? true)) return
  mountWallet(root, facade, { surface, issuerPage, ...(onIdle ? { onIdle: () => onIdle(facade) } : {}) })
}

/** Without React, which would draw this first and the wallet only then. */
function waiting(): HTMLElement {
  const words = document.createElement('p')
  words.className = 'opening'
  words.textContent = say('loading')
  return words
}

async function open(): Promise<Answers['open']> {
  try {
    return await ask({ ask: 'open' })
  } catch {
    const problem = { code: 'EXTENSION_SILENT', kind: 'unavailable', message: say('silent'), next: null }
    return { state: 'failed', problem }
  }
}

/** The page for choosing another network later. */
export async function drawNetwork(onChosen: () => void): Promise<void> {
  const root = rootElement()
  speakOnPage(languageNow(), directionOf(languageNow()))
  root.dataset.surface = 'page'
  const { name } = await ask({ ask: 'network' })
  createRoot(root).render(<ChooseNetwork now={name} onChosen={onChosen} />)
}

function showFailure(root: Root, problem: Problem): void {
  root.render(
    <main className="screen" id="content">
      <div className="notice notice-loss" role="alert" data-testid="failed">
        <div>
          <p className="notice-title">{say('failed')}</p>
          <p className="breaks">{problem.message}</p>
          <p>{problem.next ?? say('failed.next')}</p>
        </div>
      </div>
    </main>,
  )
}

function rootElement(): HTMLElement {
  const root = document.getElementById('root')
  if (!root) throw new TypeError('The page has no element "root"')
  return root
}
