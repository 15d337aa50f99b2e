/**
 * The first run on a network that comes with nothing: sources are entered, independent operators must agree on where to
 * start, and until then nobody is contacted.
 */

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { bringPhrase } from './stand/import-wallet.ts'
import { expect, test } from './stand/stand.ts'

test('nobody is asked before the choice; operators who disagree start nothing; who agree lead to a proven balance', async ({
  page,
  stand,
}) => {
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).origin))
  page.on('websocket', (socket) => asked.push(new URL(socket.url()).origin))
  const own = new URL(stand.bareWalletUrl).origin
  const others = () => [...new Set(asked.filter((origin) => origin !== own))]
  const second = await operator(stand.beaconUrl)
  const liar = await operator(stand.beaconUrl, (text) => text.replace(/"proposer_index":"\d+"/, '"proposer_index":"1"'))
  const silent = await operator(stand.beaconUrl, () => new Promise<never>(() => {}))
  try {
    await page.goto(stand.bareWalletUrl)
    await page.getByTestId('import-wallet').click()
    await expect(page.getByTestId('choose-sources')).toBeVisible()
    await expect(page.getByTestId('choose-sources-continue')).toBeDisabled()
    await addSource(page, 'beacon', stand.beaconUrl)
    await addSource(page, 'execution', stand.executionUrl)
    expect(others()).toEqual([])

    // Without a block root there is nothing to start from.
    await page.getByTestId('choose-sources-continue').click()
    await expect(page.getByTestId('choose-sources')).toContainText('A block root is 0x and 64 hex digits')
    const field = page.getByTestId('operators')
    await expect(field).toHaveValue(stand.beaconUrl)
    await expect(page.getByTestId('ask-operators')).toBeDisabled()
    expect(others()).toEqual([])

    // One that never answers is not waited for longer than the person wants to.
    await field.fill(`${stand.beaconUrl}\n${silent.url}`)
    await page.getByTestId('ask-operators').click()
    await expect(page.getByTestId('stop')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByTestId('ask-operators')).toBeEnabled()
    await expect(page.getByTestId('stop')).toHaveCount(0)
    await expect(page.getByTestId('ask-problem')).toHaveCount(0)

    await field.fill(`${stand.beaconUrl}\n${liar.url}`)
    await page.getByTestId('ask-operators').click()
    await expect(page.getByTestId('ask-problem')).toContainText('do not agree on one block')
    await expect(page.getByTestId('checkpoint')).toHaveValue('')

    await field.fill(`${stand.beaconUrl}\n${second.url}`)
    await page.getByTestId('ask-operators').click()
    const root = await page.getByTestId('agreed-root').getAttribute('data-value')
    await expect(page.getByTestId('checkpoint')).toHaveValue(root!)
    // Only whom the person named was asked, and not for anything else yet.
    expect(others().sort()).toEqual(
      [stand.beaconUrl, silent.url, liar.url, second.url].map((url) => new URL(url).origin).sort(),
    )

    await bringPhrase(page)
    await expect(page.getByTestId('balance')).toContainText(/\d ETH/)
    await page.getByTestId('nav-network').click()
    await expect(page.getByTestId('root-in-use')).toHaveAttribute('data-value', root!)
  } finally {
    await second.close()
    await liar.close()
    await silent.close()
  }
})

async function addSource(page: Page, kind: string, address: string): Promise<void> {
  const form = page.getByTestId('add-source-kind')
  if (!(await form.isVisible())) await page.getByTestId('add-source').click()
  await form.selectOption(kind)
  await page.getByTestId('add-source-address').fill(address)
  await page.getByTestId('add-source-button').click()
  await expect(page.getByTestId(`source-${kind}`)).toBeChecked()
}

/** Another operator of the same network, as the browser sees it: its answers may be changed on the way. */
async function operator(
  upstream: string,
  change: (text: string) => string | Promise<string> = (text) => text,
): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer(async (request, response) => {
    const answer = await fetch(new URL(request.url ?? '/', upstream), { headers: { accept: 'application/json' } })
    response.writeHead(answer.status, { 'content-type': 'application/json', 'access-control-allow-origin': '*' })
    response.end(await change(await answer.text()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
