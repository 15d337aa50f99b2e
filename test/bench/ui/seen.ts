/** When something can be seen, by the page's own clock: measured in the page, so that driving it costs nothing. */
import type { BrowserContext, Page } from '@playwright/test'

/** A number on the home screen; a place that waits or says that nothing is proven does not count. */
export const BALANCE = '[data-testid=balance] .proof-value:not(.proof-pending):not(.proof-unknown)'

/** Runs in the page: resolves once an element is there and the frame with it was painted, with `performance.now()`. */
const PAINTED = `(selector) => new Promise((resolve, reject) => {
  const end = performance.now() + 60_000
  const look = () => {
    if (document.querySelector(selector)) {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => resolve(performance.now())
        port2.postMessage(null)
      })
    } else if (performance.now() > end) reject(new Error('never seen: ' + selector))
    else requestAnimationFrame(look)
  }
  look()
})`

/** Makes every page that is loaded from now on note when the balance was painted, in ms since it was opened. */
export const noteFirst = (page: Page): Promise<unknown> =>
  page.addInitScript(`window.firstBalance = (${PAINTED})(${JSON.stringify(BALANCE)})`)

export const firstBalance = (page: Page): Promise<number> =>
  page.evaluate(() => (window as unknown as { firstBalance: Promise<number> }).firstBalance)

/** Clicks in the page; ms until something else is painted. */
export const fromClick = (page: Page, testId: string, selector: string): Promise<number> =>
  page.evaluate(`(async () => {
    const start = performance.now()
    document.querySelector('[data-testid="${testId}"]').click()
    return (await (${PAINTED})(${JSON.stringify(selector)})) - start
  })()`)

/** A mid-range phone is about this much slower than a desktop; of the page's thread only. */
export async function slowDown(page: Page, times: number): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: times })
}

/** Makes every approval that is opened from now on note when what it does was painted. */
export const noteOutcomes = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript(
    `if (location.pathname === '/approval.html') window.outcome = (${PAINTED})('[data-testid=outcome]:not([data-outcome=proving])')`,
  )

/** The moment at which the outcome was painted, in ms since the epoch. */
export const outcomeSeen = (page: Page): Promise<number> =>
  page.evaluate(
    async () => performance.timeOrigin + (await (window as unknown as { outcome: Promise<number> }).outcome),
  )
