/** Two wallets pair with nothing but codes, after the network's bridge and nodes are gone; by text, and by camera. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, chromium, type Page } from '@playwright/test'
import encodeQR from 'qr'
import { findChromium, launchArguments, PEER_CONNECTION_PERMISSIONS } from '../test/browser/chromium.ts'
import { bringPhrase } from './stand/import-wallet.ts'
import { expect, startStand, test } from './stand/stand.ts'

test('a code is refused in words, the camera may be missing, and cancelling begins anew', async ({
  browser,
  stand,
}) => {
  const page = await openWallet(browser, stand.walletUrl)
  await setUp(page)
  await page.getByTestId('nav-network').click()
  await page.getByTestId('network-pair').click()
  await page.getByTestId('pair-scan').click()
  await expect(page.getByTestId('pair-camera-trouble')).toContainText('camera')
  await page.getByTestId('pair-text').fill('GLOWWORM-PAIR-1:ABC')
  await page.getByTestId('pair-text-take').click()
  await expect(page.getByTestId('problem')).toContainText('not a pairing code')
  await expectAccessible(page)
  await page.getByTestId('pair-cancel').click()
  await expect(page.getByTestId('problem')).toHaveCount(0)
  await page.getByTestId('pair-show').click()
  const offer = await codeOn(page)
  await expect(page.getByTestId('pair-expires')).toContainText('5 minutes')
  await expectAccessible(page)
  // Its own code is no answer.
  await page.getByTestId('pair-next').click()
  await page.getByTestId('pair-text').fill(offer)
  await page.getByTestId('pair-text-take').click()
  await expect(page.getByTestId('problem')).toContainText('not the code that is wanted')
  await page.context().close()
})

test('by text and by camera, with every server stopped: what one wallet has proven, the other proves from it', async ({
  browser,
}) => {
  const stand = await startStand()
  const folder = mkdtempSync(join(tmpdir(), 'glowworm-camera-'))
  const picture = join(folder, 'camera.y4m')
  let withCamera: Browser | undefined
  try {
    // The network's own root moves on with time; a device has the evidence of the root it started from.
    const { checkpoint } = (await (await fetch(stand.networkUrl)).json()) as { checkpoint: string }
    const knowing = await openWallet(browser, stand.walletUrl)
    await setUp(knowing, checkpoint)
    await expect(knowing.getByTestId('balance')).toContainText(/\d ETH/)
    // A device knows the balance at the newest block a moment after the block; this one is given that moment.
    const head = await stand.holdHead()
    await knowing.getByTestId('balance').getByRole('button').first().click()
    await expect(knowing.getByTestId('proof-story')).toContainText(`${head.toLocaleString('en')} ·`)
    await knowing.getByTestId('dialog-close').first().click()
    await knowing.getByTestId('nav-network').click()
    await knowing.getByTestId('network-pair').click()
    await knowing.getByTestId('pair-show').click()
    writeFileSync(picture, pictureOf(await codeOn(knowing)))
    withCamera = await chromium.launch({
      executablePath: await findChromium(),
      args: [
        ...launchArguments,
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        `--use-file-for-fake-video-capture=${picture}`,
      ],
    })
    const fresh = await openWallet(withCamera, stand.walletUrl)
    // Installed, the wallet starts without its server.
    await fresh.evaluate(async () => void (await navigator.serviceWorker.ready))
    await fresh.reload()
    await stand.stop()
    await setUp(fresh, checkpoint)
    await expect(fresh.getByTestId('balance')).not.toContainText(/\d ETH/)

    await fresh.getByTestId('nav-network').click()
    await fresh.getByTestId('network-pair').click()
    await fresh.getByTestId('pair-scan').click()
    // The camera shows the first wallet's code; the answer is pasted.
    const answer = await codeOn(fresh)
    await expect(fresh.getByTestId('pair-waiting')).toBeVisible()
    await knowing.getByTestId('pair-next').click()
    await knowing.getByTestId('pair-text').fill(answer)
    await knowing.getByTestId('pair-text-take').click()
    for (const page of [knowing, fresh]) await expect(page.getByTestId('pair-connected')).toBeVisible()
    await fresh.getByTestId('pair-done').click()
    await expect(fresh.getByTestId('source').filter({ hasText: 'paired device' })).toBeVisible()
    await fresh.getByTestId('nav-home').click()
    await expect(fresh.getByTestId('balance')).toContainText(/\d ETH/, { timeout: 60_000 })
    await fresh.getByTestId('balance').getByRole('button').first().click()
    await expect(fresh.getByTestId('proof-story')).toContainText('paired device')
  } finally {
    await withCamera?.close()
    await stand.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
}

async function openWallet(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
  await context.grantPermissions([...PEER_CONNECTION_PERMISSIONS])
  const page = await context.newPage()
  await page.goto(url)
  return page
}

/** @param root the block root to start from, where not the network's own */
async function setUp(page: Page, root?: string): Promise<void> {
  await page.getByTestId('import-wallet').click()
  if (root) await page.getByTestId('checkpoint').fill(root)
  await bringPhrase(page)
}

const codeOn = async (page: Page): Promise<string> => {
  const code = page.getByTestId('pair-code')
  await expect(code).toHaveCount(1)
  return (await code.getAttribute('data-code')) ?? ''
}

/** One frame of Y4M video: the code as a person would hold it, with a margin, dark on light. */
function pictureOf(text: string): Uint8Array {
  const modules = encodeQR(text, 'raw', { ecc: 'medium', border: 4 })
  const [width, height] = [640, 480]
  const scale = Math.floor(height / modules.length)
  const luma = new Uint8Array(width * height).fill(235)
  const left = Math.floor((width - scale * modules.length) / 2)
  for (let y = 0; y < scale * modules.length; y++)
    for (let x = 0; x < scale * modules.length; x++)
      if (modules[Math.floor(y / scale)]?.[Math.floor(x / scale)]) luma[y * width + left + x] = 16
  const chroma = new Uint8Array((width * height) / 2).fill(128)
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip C420\nFRAME\n`), luma, chroma])
}
