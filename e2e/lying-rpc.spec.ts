/**
 * Walletbeat's lying RPC proxy: an execution node that multiplies every balance by a million. What it only says is not
 * asked; what it says with a proof is refused; nothing is sent out of either.
 */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Hex } from '@glowworm/light-client'
import type { Page } from '@playwright/test'
import { calldata, creation } from '../test/intent/deployed.ts'
import { bringPhrase } from './stand/import-wallet.ts'
import { make } from './stand/somebody.ts'
import { expect, type Stand, test } from './stand/stand.ts'

const FRIEND = '0x00000000000000000000000000000000000c0ffe'
const BALANCE_OF = '0x70a08231'
const MILLION = 1_000_000n

test('a node that multiplies what it says: the wallet shows what is proven and sends no more than that', async ({
  page,
  stand,
}) => {
  const proxy = await lyingProxy(stand.executionUrl, (request, result) => {
    if (request.method === 'eth_getBalance') return multiplied(result as Hex)
    const isBalance = request.method === 'eth_call' && String(request.params?.[0]?.data).startsWith(BALANCE_OF)
    return isBalance ? multiplied(result as Hex, 32) : result
  })
  try {
    // The lie is there for whoever asks.
    const told = await proxy.ask('eth_getBalance', [stand.funded, 'latest'])
    expect(BigInt(told as Hex)).toBe(MILLION * BigInt(await stand.rpc<Hex>('eth_getBalance', stand.funded, 'latest')))
    const token = await make(stand, { data: creation('Token', 'string, uint8, uint256', 'TST', 6, 100n * MILLION) })
    const owner = FIRST_OF_THE_PHRASE
    // Before the wallet looks: what it proves is of the head that it knows.
    await make(stand, { to: token, data: calldata('transfer(address,uint256)', owner, 3n * MILLION) })
    await setUp(page, stand, proxy.url)

    const truth = BigInt(await stand.rpc<Hex>('eth_getBalance', owner, 'latest')) / 10n ** 18n
    await expect(page.getByTestId('balance')).toContainText(
      new RegExp(`^${truth.toLocaleString('en')}(\\.\\d+)?…? ETH`),
    )

    await page.goto(`${stand.bareWalletUrl}#/assets/add`)
    await page.getByTestId('asset-address').fill(token)
    await page.getByTestId('asset-look').click()
    await expect(page.getByTestId('asset-preview')).toContainText('3 TST')

    await page.goto(`${stand.bareWalletUrl}#/send`)
    await page.getByTestId('send-to').fill(FRIEND)
    await page.getByTestId('send-amount').fill(String(truth + 1n))
    await page.getByTestId('review').click()
    await expect(page.getByRole('alert').first()).toContainText('More than the account holds')
    expect(await stand.rpc<Hex>('eth_getBalance', FRIEND, 'latest')).toBe('0x0')
  } finally {
    await proxy.close()
  }
})

test('a node that lies in its proofs is refused and named; no number, and nothing to send', async ({ page, stand }) => {
  const proxy = await lyingProxy(stand.executionUrl, (request, result) =>
    request.method === 'eth_getProof' ? { ...(result as object), ...falsified(result as Proof) } : result,
  )
  try {
    await setUp(page, stand, proxy.url)
    await expect(page.getByTestId('balance')).toContainText('Not proven')
    await expect(page.getByTestId('balance')).not.toContainText(/\d ETH/)
    await page.goto(`${stand.bareWalletUrl}#/network`)
    await expect(page.getByTestId('liar')).toContainText('execution node over HTTP')
    await page.goto(`${stand.bareWalletUrl}#/send`)
    await page.getByTestId('send-to').fill(FRIEND)
    await page.getByTestId('send-amount').fill('0.1')
    await page.getByTestId('review').click()
    await expect(page.getByTestId('problem')).toContainText('not proven')
    await expect(page.getByTestId('approve')).toHaveCount(0)
  } finally {
    await proxy.close()
  }
})

interface RpcRequest {
  readonly id: unknown
  readonly method: string
  readonly params?: readonly [{ readonly data?: unknown; readonly input?: unknown }, ...unknown[]]
}
interface Proof {
  readonly balance: Hex
  readonly accountProof: readonly Hex[]
}

const multiplied = (value: Hex, bytes = 0): Hex =>
  `0x${(BigInt(value) * MILLION).toString(16).padStart(2 * bytes, '0')}`

/** The balance is multiplied where it is said, and spoilt where it is proven: in the last node, which holds the account. */
function falsified({ balance, accountProof }: Proof): Proof {
  const last = accountProof.at(-1)!
  const spoilt = `${last.slice(0, -80)}${last.at(-80) === '0' ? '1' : '0'}${last.slice(-79)}` as Hex
  return { balance: multiplied(balance), accountProof: [...accountProof.slice(0, -1), spoilt] }
}

async function lyingProxy(upstream: string, lie: (request: RpcRequest, result: unknown) => unknown) {
  const server = createServer(async (request, response) => {
    const headers = {
      'access-control-allow-origin': '*',
      'access-control-allow-headers': '*',
      'content-type': 'application/json',
    }
    if (request.method === 'OPTIONS') return response.writeHead(204, headers).end()
    const body = Buffer.concat(await request.toArray()).toString()
    const answer = await fetch(upstream, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    const asked = JSON.parse(body) as RpcRequest | readonly RpcRequest[]
    const said = (await answer.json()) as { id: unknown; result?: unknown }[] | { id: unknown; result?: unknown }
    const requests = [asked].flat() as RpcRequest[]
    const change = (one: { id: unknown; result?: unknown }) => {
      const question = requests.find(({ id }) => id === one.id)
      return question && one.result !== undefined ? { ...one, result: lie(question, one.result) } : one
    }
    response.writeHead(200, headers).end(JSON.stringify(Array.isArray(said) ? said.map(change) : change(said)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    async ask(method: string, params: unknown): Promise<unknown> {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
      return ((await (await fetch(url, { method: 'POST', body })).json()) as { result: unknown }).result
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** With the proxy as its only source of state. @returns the account's address */
async function setUp(page: Page, stand: Stand, executionUrl: string): Promise<void> {
  const { checkpoint } = (await (await fetch(stand.networkUrl)).json()) as { checkpoint: Hex }
  await page.goto(stand.bareWalletUrl)
  await page.getByTestId('import-wallet').click()
  for (const [kind, address] of [
    ['beacon', stand.beaconUrl],
    ['execution', executionUrl],
  ] as const) {
    const form = page.getByTestId('add-source-kind')
    if (!(await form.isVisible())) await page.getByTestId('add-source').click()
    await form.selectOption(kind)
    await page.getByTestId('add-source-address').fill(address)
    await page.getByTestId('add-source-button').click()
  }
  await page.getByTestId('checkpoint').fill(checkpoint)
  await bringPhrase(page)
  await expect(page.getByTestId('balance')).toContainText(/\d ETH|Not proven/)
}

const FIRST_OF_THE_PHRASE = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'
