/** Rules of sites, through the façade and the provider: what a site gets, what the user sees, what is forgotten. */
import { describe, expect, test } from 'vitest'
import { ADDRESS, fundedWallet, PASSWORD, settle, type TestWallet, until, utf8 } from '../../test/wallet.ts'
import { createWallet } from '../facade/create-wallet.ts'
import type { SiteRule } from '../facade/facade.ts'
import { AgainstSiteRule } from './site-rules.ts'

const ORIGIN = 'https://dapp.example'
const TO = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const ETHER = 10n ** 18n

let count = 0
const ask = (t: TestWallet, method: string, params?: unknown, origin = ORIGIN) =>
  t.wallet.provider.handle({ origin, id: `rules:${++count}`, method, params })
const send = (t: TestWallet, value: bigint) =>
  ask(t, 'eth_sendTransaction', [{ from: ADDRESS, to: TO, value: `0x${value.toString(16)}` }])

async function approveNext(t: TestWallet): Promise<void> {
  const { id, revision } = await until(() => t.state.approvals[0], 'an approval')
  await t.wallet.facade.approve({ id, revision })
}
async function connected(): Promise<TestWallet> {
  const t = await fundedWallet()
  const accounts = ask(t, 'eth_requestAccounts')
  await approveNext(t)
  expect(await accounts).toEqual([ADDRESS])
  return t
}
type RuleRequest = Parameters<TestWallet['wallet']['facade']['setSiteRule']>[0]
const rule = (t: TestWallet, change: Partial<RuleRequest>) =>
  t.wallet.facade.setSiteRule({ origin: ORIGIN, blocked: false, expiresAt: null, policy: null, ...change })
const perDay = (most: bigint) => ({
  version: 1,
  limits: [{ asset: 'native', most: String(most), per: 86_400 }],
})

describe('blocked sites', () => {
  test('get no answer at all until they are unblocked, locked wallet included', async () => {
    const t = await connected()
    const waiting = ask(t, 'personal_sign', ['0x00', ADDRESS])
    await until(() => t.state.approvals[0], 'the question')
    await rule(t, { blocked: true })
    await expect(waiting).rejects.toMatchObject({ code: 4100 })
    expect(t.state).toMatchObject({ sites: [], approvals: [], siteRules: [{ origin: ORIGIN, blocked: true }] })
    for (const method of ['eth_accounts', 'eth_requestAccounts', 'eth_chainId', 'eth_blockNumber'])
      await expect(ask(t, method), method).rejects.toMatchObject({ code: 4100 })
    expect(await ask(t, 'eth_chainId', [], 'https://other.example')).toBe('0x539')
    // While locked nobody knows the rules; the question waits, and is refused as soon as they are known.
    await t.wallet.facade.lock()
    const asked = ask(t, 'eth_requestAccounts').catch((error) => error)
    await t.wallet.facade.unlock({ password: utf8(PASSWORD) })
    expect(await asked).toMatchObject({ code: 4100 })
    expect(t.state.approvals).toEqual([])
    await rule(t, { blocked: false })
    expect(t.state.siteRules).toEqual([])
    expect(await ask(t, 'eth_accounts')).toEqual([])
  })
})

describe('a permission that ends', () => {
  test('is over at its moment, is gone for good, and can be asked for anew', async () => {
    const t = await connected()
    const expiresAt = t.clock.now() + 60_000
    await rule(t, { expiresAt })
    const events: unknown[] = []
    t.wallet.provider.subscribe(ORIGIN, (event) => events.push(event))
    await t.clock.pass(59_999)
    expect(await ask(t, 'eth_accounts')).toEqual([ADDRESS])
    await t.clock.pass(1)
    await expect(ask(t, 'personal_sign', ['0x00', ADDRESS])).rejects.toMatchObject({ code: 4100 })
    expect(await ask(t, 'eth_accounts')).toEqual([])
    expect(t.state).toMatchObject({ sites: [], siteRules: [], approvals: [] })
    await settle()
    expect(events).toEqual([{ event: 'accountsChanged', data: [] }])
    const again = ask(t, 'eth_requestAccounts')
    await approveNext(t)
    expect(await again).toEqual([ADDRESS])
  })

  test('is over by the alarm, too, when nobody asks', async () => {
    const t = await connected()
    await rule(t, { expiresAt: t.clock.now() + 60_000 })
    await t.clock.pass(60_000)
    await t.wallet.tick()
    expect(t.state.sites).toEqual([])
  })
})

describe('limits', () => {
  test('count what was signed, survive the worker, and are refused unasked', async () => {
    const t = await connected()
    await rule(t, { policy: perDay(ETHER) })
    const first = send(t, (6n * ETHER) / 10n)
    await approveNext(t)
    await first
    await expect(send(t, (6n * ETHER) / 10n)).rejects.toMatchObject({
      code: 4100,
      message: 'The rules that the user set for this site do not allow this.',
    })
    expect(t.state.approvals).toEqual([])
    const reborn = { ...t, wallet: await createWallet(t.ports) }
    await until(() => reborn.wallet.facade.state.pulse.state === 'following', 'the chain')
    await expect(send(reborn, (6n * ETHER) / 10n)).rejects.toMatchObject({ code: 4100 })
    const other = reborn.wallet.provider.handle({
      origin: 'https://other.example',
      id: 'other',
      method: 'eth_requestAccounts',
    })
    const { id, revision } = await until(() => reborn.wallet.facade.state.approvals[0], 'an approval')
    await reborn.wallet.facade.approve({ id, revision })
    expect(await other).toEqual([ADDRESS])
  })

  test('hold for several that wait at once: the second is judged when it is approved', async () => {
    const t = await connected()
    await rule(t, { policy: perDay(ETHER) })
    const both = [send(t, (6n * ETHER) / 10n), send(t, (6n * ETHER) / 10n)]
    const refused = both[1]!.catch((error) => error)
    await until(() => t.state.approvals.length === 2, 'both questions')
    await approveNext(t)
    await both[0]
    // Its nonce has moved on, so it may have to be looked at again; or it is refused before anybody tries.
    const codes: string[] = []
    while (t.state.approvals.length > 0) await approveNext(t).catch(({ problem }) => codes.push(problem.code))
    for (const code of codes) expect(['APPROVAL_CHANGED', 'AGAINST_SITE_RULE']).toContain(code)
    expect(await refused).toMatchObject({ code: 4100 })
    expect(t.chain.sent).toHaveLength(1)
    expect(t.state.approvals).toEqual([])
  })

  test('typed data that could spend is refused where a limit is', async () => {
    const t = await connected()
    const typed = {
      types: { Mail: [{ name: 'text', type: 'string' }] },
      primaryType: 'Mail',
      domain: { verifyingContract: TO },
      message: { text: 'hello' },
    }
    await rule(t, { policy: perDay(ETHER) })
    await expect(ask(t, 'eth_signTypedData_v4', [ADDRESS, typed])).rejects.toMatchObject({ code: 4100 })
    await rule(t, { policy: { version: 1, contracts: [{ address: TO }] } })
    const answer = ask(t, 'eth_signTypedData_v4', [ADDRESS, typed])
    await approveNext(t)
    expect(await answer).toMatch(/^0x/)
    const elsewhere = { ...typed, domain: { verifyingContract: ADDRESS } }
    await expect(ask(t, 'eth_signTypedData_v4', [ADDRESS, elsewhere])).rejects.toMatchObject({ code: 4100 })
  })

  test('a second yes where the rule wants one', async () => {
    const t = await connected()
    await rule(t, {
      policy: { version: 1, secondApproval: { above: [{ asset: 'native', most: String(ETHER) }] } },
    })
    const hash = send(t, 2n * ETHER)
    await expect(approveNext(t)).rejects.toMatchObject({ problem: { code: 'APPROVE_AGAIN' } })
    expect(t.chain.sent).toEqual([])
    expect(t.state.approvals).toHaveLength(1)
    await approveNext(t)
    expect(await hash).toMatch(/^0x/)
    const small = send(t, 1n)
    await approveNext(t)
    expect(await small).toMatch(/^0x/)
  })
})

test('malformed rules are refused by name and change nothing', async () => {
  const t = await connected()
  for (const [change, code] of [
    [{ origin: 'dapp.example' }, 'INVALID_ORIGIN'],
    [{ origin: `${ORIGIN}/path` }, 'INVALID_ORIGIN'],
    [{ origin: 'data:text/html,x' }, 'INVALID_ORIGIN'],
    [{ expiresAt: 5 }, 'INVALID_EXPIRY'],
    [{ expiresAt: Number.NaN }, 'INVALID_EXPIRY'],
    [{ policy: { version: 1, limit: [] } }, 'INVALID_POLICY'],
    [{ policy: [] as unknown as Record<string, unknown> }, 'INVALID_POLICY'],
  ] as const)
    await expect(rule(t, change as Partial<RuleRequest>), code).rejects.toMatchObject({ problem: { code } })
  expect(t.state.siteRules satisfies readonly SiteRule[]).toEqual([])
  expect(new AgainstSiteRule('a limit of 5').message).not.toContain('5')
})
