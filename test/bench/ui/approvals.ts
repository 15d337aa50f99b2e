/** A site asks for a transfer of tokens: how soon the approval says what it does, executed on proven state. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Devnet } from '@glowworm/devnet'
import { DEV_ACCOUNTS } from '@glowworm/devnet/execution/accounts'
import type { BrowserContext, Page } from '@playwright/test'
import { calldata, deploy } from '../../intent/deployed.ts'
import { median, type UiRow } from './rows.ts'
import { noteOutcomes, outcomeSeen } from './seen.ts'

const ROUNDS = 7
const RECIPIENT = '0x00000000000000000000000000000000000c0ffe'
const AWAKE = '[data-testid=approve]:not([disabled])'

export async function measureApprovals(devnet: Devnet, context: BrowserContext): Promise<UiRow[]> {
  const me = DEV_ACCOUNTS[0]!.address
  const token = await deploy(devnet, me, 'Token', 'string, uint8, uint256', 'TST', 6, 10_000_000n)
  const transfer = { from: me, to: token, data: calldata('transfer(address,uint256)', RECIPIENT, 1_000n) }
  const server = createServer((_, response) =>
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>A site</title>'),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await noteOutcomes(context)
    const site = await context.newPage()
    await site.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    const connecting = ask(site, 'eth_requestAccounts')
    await answer(await approvalOf(context), 'approve')
    await connecting
    // The first execution makes the engine warm and fetches the contract; people approve more than once.
    const times = [await executed(context, site, transfer)]
    for (let round = 0; round < ROUNDS; round++) times.push(await executed(context, site, transfer))
    const [first, ...later] = times
    const name = 'from the site’s request to what it does, executed on proven state'
    return [
      { name: `${name}, first`, value: Math.round(first!), unit: 'ms', goal: 1000 },
      { name: '… later ones, median', value: median(later), unit: 'ms', goal: 1000 },
    ]
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

/** ms from the request to the paint; evidence included, which comes over loopback. */
async function executed(context: BrowserContext, site: Page, transaction: object): Promise<number> {
  const asked = Date.now()
  const outcome = ask(site, 'eth_sendTransaction', transaction)
  const question = await approvalOf(context)
  const seen = await outcomeSeen(question)
  await answer(question, 'reject')
  await outcome
  return seen - asked
}

/** The site's request; its refusal is an answer too. */
const ask = (site: Page, method: string, ...params: unknown[]): Promise<unknown> =>
  site.evaluate(
    ([name, given]) => {
      const { ethereum } = window as unknown as { ethereum: { request(args: object): Promise<unknown> } }
      return ethereum.request({ method: name, params: given }).catch((error: { code: number }) => error.code)
    },
    [method, params] as const,
  )

async function approvalOf(context: BrowserContext): Promise<Page> {
  const isApproval = (page: Page) => page.url().endsWith('/approval.html')
  return context.pages().find(isApproval) ?? context.waitForEvent('page', { predicate: isApproval })
}

async function answer(question: Page, button: 'approve' | 'reject'): Promise<void> {
  const gone = question.waitForEvent('close')
  await question.waitForSelector(button === 'approve' ? AWAKE : '[data-testid=reject]')
  await question.getByTestId(button).click({ noWaitAfter: true })
  await gone
}
