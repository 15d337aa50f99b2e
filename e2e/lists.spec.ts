/** Signed lists from an address that a person named: any host may give them, and none can give a false or an older one. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { signPack } from '@glowworm/devnet/packs/sign-pack'
import { importWallet } from './stand/import-wallet.ts'
import { expect, test } from './stand/stand.ts'

const DAY = 86_400_000
const phishing = (version: number, seed?: Uint8Array) =>
  signPack(
    {
      kind: 'phishing',
      version,
      issuedAt: Date.now() - DAY,
      expiresAt: Date.now() + 3650 * DAY,
      entries: ['evil.example'],
    },
    seed,
  )

test('lists from an address: taken, newer ones too, neither older nor false ones', async ({ page, stand }) => {
  let held = phishing(7)
  const asked: (string | undefined)[] = []
  const server = createServer((request, response) => {
    asked.push(request.url)
    response.setHeader('access-control-allow-origin', '*')
    if (request.url === '/lists/phishing.gwpack') response.end(held)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await page.goto(stand.walletUrl)
    await importWallet(page)
    await expect(page.getByTestId('balance')).toBeVisible()
    await page.goto(`${stand.walletUrl}#/safety/lists`)
    const look = async () => page.getByTestId('list-fetch').click()
    await look()
    await expect(page.getByText('Write an address first.')).toBeVisible()
    await page.getByTestId('list-address').fill(`http://127.0.0.1:${(server.address() as AddressInfo).port}/lists`)
    expect(asked).toEqual([])
    await look()
    await expect(page.getByTestId('list')).toContainText('version 7')
    await look()
    await expect(page.getByText('No newer list there')).toBeVisible()
    held = phishing(9)
    await look()
    await expect(page.getByTestId('list')).toContainText('version 9')
    held = phishing(8)
    await look()
    await expect(page.getByText(/has version 8, and version 9 was taken before/)).toBeVisible()
    held = phishing(10, new Uint8Array(32).fill(1))
    await look()
    await expect(page.getByText(/not signed with the key/)).toBeVisible()
    await expect(page.getByTestId('list')).toContainText('version 9')
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
