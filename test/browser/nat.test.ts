/**
 * Two real Chromiums, each behind an address translator that lets nothing unasked in, learn their public addresses from
 * the bridge's STUN, meet directly, and go on alone when the bridge is dead. Where the system lets nobody make network
 * namespaces (root, `ip` of iproute2 and `nft` of nftables are needed) the test says so and is skipped.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from '@playwright/test'
import { afterAll, expect, test } from 'vitest'
import { findChromium, launchArguments } from './chromium.ts'
import type { PublicSide } from './nat/public-side.ts'
import {
  layNetworks,
  type PrivateNetwork,
  PUBLIC_ADDRESS,
  spawnInside,
  whyNoTranslation,
  writeStarter,
} from './nat/translated-networks.ts'
import { type OpenPage, openSwarmPage } from './open-swarm-page.ts'
import { directPairs } from './peer-connections.ts'

const BALANCE = (10_000n * 10n ** 18n).toString()

const hindrance = whyNoTranslation()
const title = 'two browsers behind separate address translators meet through STUN, and one proves from the other alone'
const endings: (() => unknown)[] = []
afterAll(async () => {
  for (const end of endings.reverse()) await end()
})

test.skipIf(hindrance !== null)(
  hindrance === null ? title : `${title} (skipped: ${hindrance})`,
  async () => {
    const networks = layNetworks()
    endings.push(networks.close)
    const { shown, killBridge } = await startPublicSide(networks.publicSide)
    const folder = mkdtempSync(join(tmpdir(), 'glowworm-nat-'))
    endings.push(() => rmSync(folder, { recursive: true, force: true }))
    const pageErrors: string[] = []
    const program = await findChromium()

    async function openBehind({ namespace }: PrivateNetwork): Promise<OpenPage> {
      const browser: Browser = await chromium.launch({
        executablePath: writeStarter(join(folder, namespace), namespace, program),
        // The page comes over HTTP from an address that is not loopback.
        args: [...launchArguments, `--unsafely-treat-insecure-origin-as-secure=${shown.origin}`],
      })
      endings.push(() => browser.close())
      const { profile, bridges } = shown
      return openSwarmPage(browser, shown.origin, { profile, bridges }, (error) => pageErrors.push(error))
    }
    const [left, right] = await Promise.all([openBehind(networks.left), openBehind(networks.right)])

    const isDirect = async ({ call }: OpenPage, other: OpenPage) =>
      (await call('connections')).some(
        ({ peerId, direct, carrier }) => peerId === other.id && direct && carrier === 'webrtc',
      )
    const met = async () => (await isDirect(left, right)) && (await isDirect(right, left))
    await expect.poll(met, { timeout: 45_000, interval: 250 }).toBe(true)
    // By the browsers' own statistics each sends to the other's translator, by the address that STUN has shown.
    const ways = [
      [left, networks.left, networks.right],
      [right, networks.right, networks.left],
    ] as const
    for (const [{ page }, own, other] of ways) {
      const pairs = async () =>
        (await directPairs(page)).filter(({ remoteAddress }) => remoteAddress !== PUBLIC_ADDRESS)
      await expect.poll(pairs, { timeout: 10_000, interval: 250 }).toEqual([
        {
          local: 'srflx',
          localAddress: own.outside,
          stunServer: `stun:${PUBLIC_ADDRESS}:${shown.stunPort}`,
          remote: 'srflx',
          remoteAddress: other.outside,
          protocol: 'udp',
          dtls: 'connected',
          bytesReceived: expect.any(Number),
        },
      ])
    }

    const head = () => left.call('head')
    await expect.poll(head, { timeout: 30_000, interval: 250 }).not.toBeNull()
    await expect
      .poll(async () => (await right.call('head'))?.finalized, { timeout: 30_000 })
      .toBe((await head())!.finalized)
    expect((await left.call('account', shown.account)).balance).toBe(BALANCE)
    await killBridge()
    const sources = async () => (await right.call('sources')).map(({ id }) => id)
    await expect.poll(sources, { timeout: 45_000, interval: 250 }).toEqual([left.id])
    const answer = await right.call('account', shown.account)
    expect(answer.balance).toBe(BALANCE)
    const last = answer.suppliers.at(-1)!
    expect([last.id, last.carrier]).toEqual([left.id, 'webrtc'])
    expect(pageErrors).toEqual([])
  },
  180_000,
)

async function startPublicSide(namespace: string) {
  const script = fileURLToPath(new URL('nat/public-side.ts', import.meta.url))
  const child = spawnInside(namespace, process.execPath, ['--conditions=source', script, PUBLIC_ADDRESS], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  endings.push(() => {
    child.stdin!.end()
    return ended
  })
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  async function answer(): Promise<unknown> {
    const { value, done } = await lines.next()
    if (done) throw new Error('the public side has ended')
    return JSON.parse(value)
  }
  const shown = (await answer()) as PublicSide
  return {
    shown,
    async killBridge() {
      child.stdin!.write('\n')
      await answer()
    },
  }
}
