/** What tests of the extension do again and again. @module */
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect } from '../stand/stand.ts'
import type { DappApi } from './dapp.ts'
import type { WalletBrowser } from './wallet-browser.ts'

/** Calls the site's function; what it gives crosses as JSON. */
export function dappOf<K extends keyof DappApi>(
  page: Page,
  name: K,
  ...parameters: Parameters<DappApi[K]>
): Promise<Awaited<ReturnType<DappApi[K]>>> {
  return page.evaluate(([what, given]) => (window.dapp[what] as (...all: unknown[]) => unknown)(...given), [
    name,
    parameters as unknown[],
  ] as const) as Promise<Awaited<ReturnType<DappApi[K]>>>
}

/** Says yes to what the window shows, once its button is awake, and waits until the window has gone. */
export async function approve(browser: WalletBrowser): Promise<void> {
  const question = await browser.approval()
  await question.getByTestId('approve').click()
  await closed(question)
}

export async function closed(page: Page): Promise<void> {
  await expect.poll(() => page.isClosed(), { message: 'the window closes itself' }).toBe(true)
}

export async function choosePeersOnly(page: Page): Promise<void> {
  await page.getByTestId('source-beacon').uncheck()
  await page.getByTestId('source-execution').uncheck()
  await page.getByTestId('choose-sources-continue').click()
}

/** What a person with a screen reader, or poor eyes, would stumble over. */
export async function faultsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}
