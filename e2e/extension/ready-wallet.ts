/** The extension with a wallet in it that is set up, funded and unlocked. */
import type { ElementHandle, Page } from '@playwright/test'
import { expect } from '../stand/stand.ts'
import { test as base, type WalletBrowser } from './wallet-browser.ts'

export const PASSWORD = 'a long enough passphrase 42'

export interface ReadyWallet extends WalletBrowser {
  /** The wallet in a tab. */
  readonly wallet: Page
  /** Answers the questions that come while `work` runs, in their order; fails when one does not come. */
  answering<T>(answers: readonly Answer[], work: () => Promise<T>): Promise<T>
  /** Hosts that anything in this browser asked over HTTP or WebSocket. */
  readonly hosts: ReadonlySet<string>
}

export type Answer = 'approve' | 'reject'

export const test = base.extend<object, { ready: ReadyWallet; nodes: boolean }>({
  /** Whether an execution node over HTTP is chosen besides peers: those take no transaction longer than 2 kB. */
  nodes: [false, { option: true, scope: 'worker' }],
  ready: [
    async ({ browserWithWallet: browser, stand, nodes }, use) => {
      const hosts = new Set<string>()
      browser.context.on('request', (request) => hosts.add(hostOf(request.url())))
      browser.context.on('page', (page) => page.on('websocket', (socket) => hosts.add(hostOf(socket.url()))))
      // What sites name outside of this computer is not there; whoever asked for it stands in `hosts`.
      await browser.context.route(
        (url) => url.protocol.startsWith('http') && !isLoopback(url.hostname),
        (route) => route.abort(),
      )
      const wallet = await setUp(browser, stand.networkUrl, nodes)
      await use({
        ...browser,
        get context() {
          return browser.context
        },
        wallet,
        hosts,
        answering: (answers, work) => answering(browser, answers, work),
      })
    },
    { scope: 'worker', timeout: 120_000 },
  ],
})

/** With peers alone, as the wallet suggests, and test money from the faucet. */
async function setUp(browser: WalletBrowser, networkUrl: string, nodes: boolean): Promise<Page> {
  const page = browser.page('popup.html?surface=page')
  await expect.poll(() => browser.context.pages().some((one) => one.url() === page)).toBe(true)
  const wallet = browser.context.pages().find((one) => one.url() === page)!
  await wallet.getByTestId('network-other').click()
  await wallet.getByTestId('network-profile').fill(networkUrl)
  await wallet.getByTestId('network-profile-use').click()
  await wallet.getByTestId('create-wallet').click()
  if (nodes) for (const kind of ['beacon', 'execution']) await wallet.getByTestId(`source-${kind}`).check()
  await wallet.getByTestId('choose-sources-continue').click()
  await wallet.getByTestId('password').fill(PASSWORD)
  await wallet.getByTestId('password-confirm').fill(PASSWORD)
  await wallet.getByTestId('continue').click()
  await wallet.getByTestId('backup-postpone').click()
  await expect(wallet.getByTestId('balance')).toContainText('0 ETH')
  await wallet.getByTestId('get-test-funds').click()
  await expect(wallet.getByTestId('balance')).toContainText('1 ETH')
  return wallet
}

async function answering<T>(browser: WalletBrowser, answers: readonly Answer[], work: () => Promise<T>): Promise<T> {
  const outcome = work()
  // It may fail before the last question comes: then its error is what counts.
  outcome.catch(() => undefined)
  for (const answer of answers) await say(browser, answer)
  return outcome
}

/** Waits until no window for approvals is left: one that is about to close shows nothing new. */
export async function quiet({ context, page }: WalletBrowser): Promise<void> {
  const open = () => context.pages().filter((one) => one.url() === page('approval.html')).length
  await expect.poll(open, { message: 'the window for approvals closes' }).toBe(0)
}

/** Answers one question. A window that has nothing left to ask closes itself; the next question opens another. */
export async function say(browser: WalletBrowser, answer: Answer): Promise<void> {
  for (;;) {
    const question = await browser.approval()
    const view = await question
      .getByTestId('approval')
      .elementHandle()
      .catch((error: unknown) => {
        if (question.isClosed()) return null
        throw error
      })
    if (view !== null && (await press(question, view, answer))) return
  }
}

/** What the question says may change while the button is pressed: then it has to be read, and pressed, once more. */
const MOST_PRESSES = 5

/** In this one question: the next is another view. False when it went away before anything was pressed. */
async function press(question: Page, view: ElementHandle, answer: Answer): Promise<boolean> {
  for (let pressed = 0; ; ) {
    try {
      const button = await view.waitForSelector(`[data-testid="${answer}"]`)
      // What a message says can only be signed once it was scrolled through.
      if (answer === 'approve') await view.evaluate(scrollToEnd)
      await button.waitForElementState('enabled')
      await button.click({ noWaitAfter: true })
      pressed++
      await view.waitForElementState('hidden', { timeout: 3_000 })
      return true
    } catch (error) {
      if (question.isClosed() || !(await view.isVisible().catch(() => false))) return pressed > 0
      if (pressed === 0 || pressed > MOST_PRESSES) throw error
    }
  }
}

const scrollToEnd = (view: SVGElement | HTMLElement) =>
  view.ownerDocument.scrollingElement?.scrollTo(0, view.getBoundingClientRect().height)

const hostOf = (url: string): string => new URL(url).host
const isLoopback = (hostname: string): boolean =>
  hostname === '127.0.0.1' || hostname === 'localhost' || hostname.endsWith('.localhost')

export { expect }
