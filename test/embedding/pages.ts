/** Runs the job of the embedding tests in a real Chromium. */
import { type Devnet, FIXTURE_CONTRACT } from '@glowworm/devnet'
import type { StartOptions } from '@glowworm/light-client/browser'
import { type Browser, chromium } from '@playwright/test'
import { findChromium, launchArguments } from '../browser/chromium.ts'

export interface Job {
  readonly options: StartOptions
  readonly address: string
  readonly call: { readonly to: string; readonly data: string }
}

export interface Outcome {
  readonly balance?: string
  readonly standing?: string
  readonly called?: string
  readonly refusal?: number
  readonly engines?: string
  /** Code of the error that ended it. */
  readonly failure?: string
}

declare global {
  interface Window {
    runJob(job: Job): Promise<Outcome>
  }
}

export interface Pages {
  /** Opens a page and does the job in it. @returns the outcome, and the workers that were started */
  run(url: string, job: Job): Promise<{ outcome: Outcome; workers: string[] }>
  close(): Promise<void>
}

export async function openBrowser(): Promise<Pages> {
  const browser: Browser = await chromium.launch({ executablePath: await findChromium(), args: [...launchArguments] })
  return {
    async run(url, job) {
      // A context of its own: nothing kept by an earlier page is found.
      const context = await browser.newContext()
      const page = await context.newPage()
      const workers: string[] = []
      page.on('worker', (worker) => workers.push(worker.url()))
      const failed = new Promise<never>((_, reject) => page.on('pageerror', reject))
      await page.goto(url)
      await page.waitForFunction(() => 'runJob' in window)
      try {
        return { outcome: await Promise.race([failed, page.evaluate((given) => window.runJob(given), job)]), workers }
      } finally {
        await context.close()
      }
    },
    close: () => browser.close(),
  }
}

/** A balance, and a call of a contract. */
export function jobOn(devnet: Devnet): Job {
  return {
    options: {
      network: devnet.profile,
      checkpoint: devnet.checkpoint,
      beacon: [devnet.beaconUrl],
      execution: [devnet.executionUrl],
    },
    address: devnet.accounts[1]!.address,
    // Reads a slot.
    call: { to: FIXTURE_CONTRACT, data: `0x${'1'.padStart(64, '0')}` },
  }
}

/** What the devnet's own node says to the same. */
export async function expectedOutcome(devnet: Devnet, { address, call }: Job): Promise<Outcome> {
  return {
    balance: await devnet.execution<string>('eth_getBalance', address, 'finalized'),
    standing: 'verified',
    called: await devnet.execution<string>('eth_call', call, 'finalized'),
    refusal: 4200,
  }
}
