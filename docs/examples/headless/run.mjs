// A whole test of a DApp with a real wallet in it: a network, a site, a browser, three lines of wallet.
import { createServer } from 'node:http'
import { startDevnet } from '@glowworm/devnet'
import { headlessWallet } from '@glowworm/wallet-core/headless'
import { chromium } from '@playwright/test'

const PHRASE = 'test test test test test test test test test test test junk'

const devnet = await startDevnet({ secondsPerSlot: 1 })
const site = createServer((_, response) =>
  response
    .setHeader('content-type', 'text/html')
    .end(`<!doctype html><title>A site</title><button>Sign in</button><output></output>
    <script>
      document.querySelector('button').onclick = async () => {
        const [account] = await ethereum.request({ method: 'eth_requestAccounts' })
        const signature = await ethereum.request({ method: 'personal_sign', params: ['Let me in.', account] })
        document.querySelector('output').textContent = account + ' ' + signature
      }
    </script>`),
)
await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve))
const browser = await chromium.launch({
  ...(process.env.CHROMIUM ? { executablePath: process.env.CHROMIUM } : {}),
  args: ['--no-sandbox'],
})
const page = await browser.newPage()

const wallet = await headlessWallet({ network: devnet.liveProfile(), phrase: PHRASE, policy: { version: 1 } })
await wallet.attach(page)
await page.goto(`http://127.0.0.1:${site.address().port}`)

await page.getByRole('button').click()
await page.locator('output', { hasText: '0x' }).waitFor()
process.stdout.write(`${await page.locator('output').textContent()}\n`)

await wallet.close()
await browser.close()
site.close()
await devnet.close()
