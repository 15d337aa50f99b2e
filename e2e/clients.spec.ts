/** The libraries that sites use, in one page, against the loaded extension. */
import type { ClientName } from './extension/clients.ts'
import { expect, test } from './extension/ready-wallet.ts'
import { serveDapp } from './extension/serve-dapp.ts'

const CLIENTS: readonly ClientName[] = ['viem', 'ethers', 'wagmi', 'onboard']
const RECIPIENT = '0x00000000000000000000000000000000000c0ffe'

test.use({ story: 'clients' })

test('viem, ethers, wagmi with mipd, and web3-onboard all find, sign and pay', async ({ ready, stand }) => {
  const site = await serveDapp('clients.ts')
  try {
    const page = await ready.context.newPage()
    await page.goto(site.url)
    expect(await page.evaluate(() => window.clients.found())).toEqual(['org.glowworm.wallet'])
    const before = BigInt(await stand.rpc<string>('eth_getBalance', RECIPIENT, 'latest'))
    const accounts = new Set<string>()
    for (const [i, name] of CLIENTS.entries()) {
      // Only the first has to ask to be let in: a connection is the site's, not the library's. wagmi ends it again.
      const connects = i === 0 || CLIENTS[i - 1] === 'wagmi'
      const answers = [...(connects ? (['approve'] as const) : []), 'approve', 'approve'] as const
      const done = await ready.answering(answers, () =>
        page.evaluate(([which, to]) => window.clients.run(which, to), [name, RECIPIENT] as const),
      )
      expect(done, name).toMatchObject({
        signed: true,
        hash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
        status: 'success',
      })
      accounts.add(done.account.toLowerCase())
    }
    expect(accounts.size).toBe(1)
    expect(BigInt(await stand.rpc<string>('eth_getBalance', RECIPIENT, 'latest')) - before).toBe(4n)
    await page.close()
  } finally {
    await site.close()
  }
})
