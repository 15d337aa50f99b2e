/**
 * The installed page without a network: it opens, what was proven before is proven again from what was kept and shown
 * with its age; and a new build never mixes with an old one.
 */

import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serveWallet } from '@glowworm/devnet/start/serve-wallet'
import { PROFILES } from '@glowworm/light-client/ledgers/ethereum/profiles'
import type { Page } from '@playwright/test'
import { importWallet, PASSWORD } from './stand/import-wallet.ts'
import { expect, startStand, test } from './stand/stand.ts'

const BUILT = fileURLToPath(new URL('../wallet-ui/dist', import.meta.url))

test('nobody there: the page opens, and shows what was proven, proven again, with its age', async ({ page }) => {
  const stand = await startStand()
  let balance: string
  try {
    await page.goto(stand.walletUrl)
    await importWallet(page)
    await expect(page.getByTestId('balance')).toContainText(/\d ETH/)
    await expect(page.getByTestId('final-balance')).toContainText(/\d ETH/)
    balance = (await page.getByTestId('final-balance').locator('.proof-value').textContent())!
    await controlled(page)
    // The first final block comes with what it takes to prove it, later ones are proven with keys that are not kept. And between
    // a new final block and the account's proof under it, what was kept of the account is of the block before.
    const words = page.getByTestId('final-balance').locator('.proof-words')
    const before = await words.textContent()
    await expect(words).not.toHaveText(before!)
  } finally {
    // Nodes, bridge and the server of the page itself: all of it is gone.
    await stand.stop()
  }
  await page.reload()
  await page.getByTestId('password').fill(PASSWORD)
  await page.getByTestId('unlock').click()
  await expect(page.getByTestId('balance')).toContainText(balance)
  await expect(page.getByTestId('balance')).toHaveAttribute('data-light', 'aged')
  await expect(page.getByTestId('pulse')).toHaveAttribute('data-pulse', /starting|stalled/)
})

test('a new build waits until the last page of the old one is closed: never a file of each', async ({ context }) => {
  const folder = await mkdtemp(join(tmpdir(), 'glowworm-builds-'))
  await cp(BUILT, folder, { recursive: true })
  // The profile is not asked about anything here.
  const served = await serveWallet({ folder, port: 0, profile: () => PROFILES.sepolia! })
  try {
    const page = await context.newPage()
    await page.goto(served.url)
    await expect(page.getByTestId('create-wallet')).toBeVisible()
    await controlled(page)
    const before = await filesOf(page)

    const changed = await makeNewBuild(folder)
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())!.update())
    await expect.poll(() => waits(page), { message: 'the new build is there and waits' }).toBe(true)
    // What is loaded now, late parts included, is still of the old build, although the server has only the new one.
    await page.getByTestId('create-wallet').click()
    await expect(page.getByTestId('choose-sources')).toBeVisible()
    expect(await filesOf(page)).toEqual(before)
    expect(await page.evaluate(async (url) => (await fetch(url)).text(), `assets/${changed.old}`)).toBe(changed.oldText)

    await page.close()
    const again = await context.newPage()
    await again.goto(served.url)
    await expect(again.getByTestId('create-wallet')).toBeVisible()
    await expect.poll(() => filesOf(again).then((files) => files.includes(changed.new))).toBe(true)
    expect(await filesOf(again)).not.toContain(changed.old)
    await again.getByTestId('create-wallet').click()
    await expect(again.getByTestId('choose-sources')).toBeVisible()
  } finally {
    await served.close()
    await rm(folder, { recursive: true, force: true })
  }
})

/** Until the service worker has kept all files. */
async function controlled(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true)
}

const waits = (page: Page): Promise<boolean> =>
  page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration())?.waiting))

/** Names of the scripts that the start page of this build names, as the page gets them. */
const filesOf = (page: Page): Promise<string[]> =>
  page.evaluate(async () =>
    [...(await (await fetch('./index.html')).text()).matchAll(/assets\/([\w.-]+)/g)].map(([, name]) => name!),
  )

/** Another build in the same place: one script has other contents and another name, and the old one is gone. */
async function makeNewBuild(folder: string): Promise<{ old: string; oldText: string; new: string }> {
  const assets = await readdir(join(folder, 'assets'))
  const old = assets.find((name) => /^index-.*\.js$/.test(name))!
  const next = old.replace('index-', 'index-2')
  const oldText = await readFile(join(folder, 'assets', old), 'utf8')
  const texts = [
    'index.html',
    'service-worker.js',
    ...assets.filter((name) => name.endsWith('.js')).map((name) => `assets/${name}`),
  ]
  for (const name of texts) {
    const text = await readFile(join(folder, name), 'utf8')
    if (text.includes(old)) await writeFile(join(folder, name), text.replaceAll(old, next))
  }
  const changed = await readFile(join(folder, 'assets', old), 'utf8')
  await writeFile(join(folder, 'assets', next), `${changed}\n// another build\n`)
  await rm(join(folder, 'assets', old))
  const worker = await readFile(join(folder, 'service-worker.js'), 'utf8')
  const version = /version:"([0-9a-f]{16})"|"version":"([0-9a-f]{16})"/.exec(worker)
  const digest = version?.[1] ?? version?.[2]
  if (!digest) throw new Error('the service worker names no version')
  await writeFile(join(folder, 'service-worker.js'), worker.replace(digest, digest.split('').reverse().join('')))
  return { old, oldText, new: next }
}
