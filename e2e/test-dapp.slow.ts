/**
 * MetaMask's test DApp with the loaded extension: every button is clicked and its outcome checked, or stands in a table
 * that says why it does not apply. The tests build on each other.
 */
import type { Page } from '@playwright/test'
import { type EIP1193Provider, type Hex, parseEther } from 'viem'
import { expect, type ReadyWallet, test } from './extension/ready-wallet.ts'
import { make } from './stand/somebody.ts'
import type { Stand } from './stand/stand.ts'
import { ACCOUNT, GROUPS, NOT_APPLICABLE, type Step } from './test-dapp/buttons.ts'
import { type Asked, serveTestDapp } from './test-dapp/serve-test-dapp.ts'

test.describe.configure({ mode: 'serial' })
// A trace of some hundred windows costs more than they do.
test.use({ story: 'test-dapp', nodes: true, trace: 'off' })
test.setTimeout(240_000)

/** What a page reads on the way to what it wants, differently from time to time. */
const READS =
  /^(net_version|eth_(chainId|accounts|call|blockNumber|estimateGas|gasPrice|feeHistory|get(?!EncryptionPublicKey)\w+))$/
const PATIENCE = 30_000
/** ms between looks: there are hundreds of them. */
const LOOKS = [50, 100]

let site: Page
let close: () => Promise<void>

test.afterAll(() => close?.())

test('every button stands in the tables', async ({ ready }) => {
  const dapp = await serveTestDapp()
  close = dapp.close
  site = await ready.context.newPage()
  await site.goto(dapp.url)
  await site.getByRole('button', { name: 'Use Glowworm' }).click()
  await expect(site.locator('#connectButton')).toHaveText('Connect')
  const there = await site.evaluate(() =>
    [...document.querySelectorAll('button')].map(
      ({ id, textContent }) => id || textContent.replace(/\s+/g, ' ').trim(),
    ),
  )
  const clicked = new Set(GROUPS.flatMap(({ steps }) => steps.map(({ button }) => button)))
  expect(there.toSorted()).toEqual([...clicked, ...Object.keys(NOT_APPLICABLE)].toSorted())
  expect(there.length).toBeGreaterThan(100)
})

for (const { name, steps } of GROUPS)
  test(name, async ({ ready, stand }) => {
    if (name === 'transactions') await fund(stand, (await site.locator('#accounts').innerText()) as Hex)
    for (const step of steps) await test.step(step.button, () => take(step, ready))
  })

async function take(step: Step, ready: ReadyWallet): Promise<void> {
  for (const [id, text] of Object.entries(step.fill ?? {})) {
    const value = text === ACCOUNT ? await site.locator('#accounts').innerText() : text
    await site.locator(`#${id}`).fill(value, { force: true })
  }
  await expect(site.locator(`#${step.button}`)).toBeEnabled({ timeout: PATIENCE })
  const before = await site.evaluate(() => window.asked.length)
  const asked = async (): Promise<Asked[]> =>
    (await site.evaluate((from) => window.asked.slice(from), before)).filter(({ method }) => !READS.test(method))
  const told = async () => (await asked()).map(({ method, outcome }) => [method, outcome])
  await ready.answering(step.answers ?? [], async () => {
    // Through the document: the page's own covers are not what is tested.
    await site.evaluate((id) => document.getElementById(id)?.click(), step.button)
    await expect.poll(told, { message: step.button, timeout: PATIENCE, intervals: LOOKS }).toEqual(step.asks)
    for (const [id, text] of Object.entries(step.shows ?? {}))
      await expect(site.locator(`#${id}`), `${step.button} shows`).toHaveText(text, { timeout: PATIENCE })
  })
}

/** What the DApp's piggybank takes is more than the faucet gives. */
async function fund(stand: Stand, to: Hex): Promise<void> {
  await make(stand, { to, value: parseEther('20') })
  // As the wallet sees it.
  const read = (who: Hex) =>
    (window.ethereum as EIP1193Provider).request({ method: 'eth_getBalance', params: [who, 'latest'] })
  await expect.poll(async () => BigInt(await site.evaluate(read, to)) > parseEther('20')).toBe(true)
}
