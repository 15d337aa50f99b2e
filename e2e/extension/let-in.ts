import type { Page } from '@playwright/test'
import { dappOf } from './acts.ts'
import type { ReadyWallet } from './ready-wallet.ts'

/** The site in a page of its own, with the account that the person let it see. */
export async function letIn(
  ready: ReadyWallet,
  url: string,
): Promise<{ readonly site: Page; readonly account: string }> {
  const site = await ready.context.newPage()
  await site.goto(url)
  const connected = await ready.answering(['approve'], () => dappOf(site, 'connect'))
  if (!connected.ok) throw new Error(connected.message)
  return { site, account: connected.value[0]! }
}
