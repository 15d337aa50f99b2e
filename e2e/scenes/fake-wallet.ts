/** The built screens over the façade in memory, served on loopback. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serveWallet } from '@glowworm/devnet/start/serve-wallet'
import { PROFILES } from '@glowworm/light-client/ledgers/ethereum/profiles'
import type { Place } from '@glowworm/wallet-ui/dev/places'
import type { Page } from '@playwright/test'
import { build } from 'vite'

/** The three sizes people meet: a phone, the extension's popup, a desk. */
export const SIZES = {
  phone: { surface: 'page', width: 390, height: 844 },
  popup: { surface: 'popup', width: 375, height: 600 },
  desktop: { surface: 'page', width: 1280, height: 800 },
} as const
export type Size = keyof typeof SIZES

export interface FakeWallet {
  readonly url: string
  close(): Promise<void>
}

export async function startFakeWallet(): Promise<FakeWallet> {
  const folder = await mkdtemp(join(tmpdir(), 'glowworm-scenes-'))
  await build({
    configFile: fileURLToPath(new URL('../../wallet-ui/vite.config.ts', import.meta.url)),
    mode: 'fake',
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  })
  // The profile is not read: the façade is made up.
  const served = await serveWallet({ folder, port: 0, profile: () => PROFILES.mainnet! })
  return {
    url: served.url,
    async close() {
      await served.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Opens a place and waits until its screen is there and nothing moves any more. */
export async function openPlace(page: Page, wallet: FakeWallet, place: Place, surface: string): Promise<void> {
  // Another query alone would not load the page anew where only what stands behind the # differs.
  await page.goto('about:blank')
  await page.goto(`${wallet.url}?scene=${place.scene}&surface=${surface}#/${place.route}`)
  await page.waitForFunction(() => {
    const main = document.querySelector('main')
    return main?.querySelector('h1') && !main.ariaBusy && document.getAnimations().every(isOver)
    // What glows goes on glowing.
    function isOver(animation: Animation): boolean {
      return animation.playState === 'finished' || animation.effect?.getTiming().iterations === Infinity
    }
  })
}
