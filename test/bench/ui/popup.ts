/** The extension's popup over an unlocked wallet: opened, and painted with what an earlier moment proved. */
import type { Devnet } from '@glowworm/devnet'
import { type BrowserContext, chromium } from '@playwright/test'
import { findChromium, launchArguments } from '../../browser/chromium.ts'
import { measureApprovals } from './approvals.ts'
import { median, type UiRow } from './rows.ts'
import { firstBalance, noteFirst, slowDown } from './seen.ts'
import { setUpWallet } from './set-up.ts'

const ROUNDS = 9

export async function measurePopup(devnet: Devnet, extension: string, profile: string): Promise<UiRow[]> {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: await findChromium(),
    headless: true,
    viewport: { width: 375, height: 600 },
    args: [...launchArguments, `--disable-extensions-except=${extension}`, `--load-extension=${extension}`],
  })
  try {
    const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'))
    const address = (path: string) => new URL(path, worker.url()).href
    await worker.evaluate(
      `chrome.storage.local.set({ 'network-profile': ${JSON.stringify(JSON.stringify(devnet.liveProfile()))} })`,
    )
    const page = await context.newPage()
    await page.goto(address('popup.html?surface=page'))
    await setUpWallet(page)
    // Before any page is slowed down: the pages of the extension share a process, and some of that stays in it.
    const approvals = await measureApprovals(devnet, context)
    const opened: number[] = []
    for (let round = 0; round < ROUNDS; round++) opened.push(await open(context, address('popup.html')))
    return [
      {
        name: 'popup of the unlocked wallet, opened until its balance is painted, at 4× throttle',
        value: median(opened),
        unit: 'ms',
        goal: 500,
      },
      { name: '… at worst', value: Math.round(Math.max(...opened)), unit: 'ms', goal: null },
      ...approvals,
    ]
  } finally {
    await context.close()
  }
}

async function open(context: BrowserContext, address: string): Promise<number> {
  const popup = await context.newPage()
  try {
    await slowDown(popup, 4)
    await noteFirst(popup)
    await popup.goto(address)
    return await firstBalance(popup)
  } finally {
    await popup.close()
  }
}
