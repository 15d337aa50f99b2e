/**
 * The peer network in real Chromium: five browsers on direct WebRTC connections, the evidence bridge killed, and a
 * sixth browser that proves an account from the others alone, though two of them lie.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Devnet, startDevnet } from '@glowworm/devnet'
import type { Hex } from '@glowworm/light-client'
import { type Browser, chromium, type Page } from '@playwright/test'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { findChromium, launchArguments, PEER_CONNECTION_PERMISSIONS } from './chromium.ts'
import { type PageServer, servePage } from './page-server.ts'
import { directPairs, iceServersUsed, watchPeerConnections } from './peer-connections.ts'
import type { SwarmOptions, SwarmPage } from './swarm-page.ts'

const BIN = fileURLToPath(new URL('../../light-client/bin/glowworm.mjs', import.meta.url))
const BALANCE = (10_000n * 10n ** 18n).toString()

interface BridgeProcess {
  readonly addresses: string[]
  readonly peerId: string
  readonly stunPort: number
  kill(): Promise<void>
}

let devnet: Devnet
let server: PageServer
let browser: Browser
let folder: string
const children: ChildProcess[] = []
const pageErrors: string[] = []

beforeAll(async () => {
  ;[devnet, server] = await Promise.all([startDevnet({ mode: 'manual' }), servePage('swarm-page.ts')])
  folder = mkdtempSync(join(tmpdir(), 'glowworm-swarm-'))
  writeFileSync(join(folder, 'profile.json'), JSON.stringify(devnet.profile))
  browser = await chromium.launch({ executablePath: await findChromium(), args: [...launchArguments] })
})
afterEach(() => expect(pageErrors).toEqual([]))
afterAll(async () => {
  await browser?.close()
  for (const child of children) child.kill('SIGKILL')
  await server?.close()
  await devnet?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** `glowworm bridge` as a user runs it. */
async function startBridge(...options: string[]): Promise<BridgeProcess> {
  const args = ['bridge', '--network', join(folder, 'profile.json'), '--json', ...options]
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const line = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')))
    })
    child.once('close', (code) => reject(new Error(`the bridge ended with ${code}`)))
  })
  const { multiaddrs, peerId, stunPort } = JSON.parse(line)
  return {
    addresses: multiaddrs,
    peerId,
    stunPort,
    kill() {
      child.kill('SIGKILL')
      return ended
    },
  }
}

type Call = <K extends keyof SwarmPage>(
  name: K,
  ...args: Parameters<SwarmPage[K]>
) => Promise<Awaited<ReturnType<SwarmPage[K]>>>

/** A browser of its own; `call` runs what `swarm-page.ts` offers. */
async function openBrowser(options: Omit<SwarmOptions, 'profile'>): Promise<{ id: string; call: Call; page: Page }> {
  const context = await browser.newContext()
  await context.grantPermissions([...PEER_CONNECTION_PERMISSIONS], { origin: server.origin })
  const page = await context.newPage()
  page.on('pageerror', (error) => pageErrors.push(error.stack ?? error.message))
  await watchPeerConnections(page)
  await page.goto(server.origin)
  await page.waitForFunction(() => 'page' in window)
  const call: Call = (name, ...args) =>
    page.evaluate(
      ([method, given]) => {
        const { page } = window as unknown as { page: Record<string, (...args: unknown[]) => unknown> }
        return page[method]!(...given)
      },
      [name, args] as const,
    ) as never
  const id = await call('start', { profile: devnet.profile, ...options })
  return { id, call, page }
}

test('five browsers on direct connections feed a sixth when the bridge is dead, and two of them lie', async () => {
  const bridge = await startBridge()
  const relay = await startBridge('--relay-only')
  const bridges = [...bridge.addresses, ...relay.addresses]
  const [account, another] = [devnet.accounts[1]!.address, devnet.accounts[2]!.address]
  const lies = ['sync', another.toLowerCase() as Hex, undefined, undefined, undefined] as const
  const five = await Promise.all(lies.map((lie) => openBrowser({ bridges, ...(lie ? { lie } : {}) })))
  const others = (self: string) => five.map(({ id }) => id).filter((id) => id !== self)

  // Direct, by libp2p's word …
  const meshed = async () => {
    const met = five.map(async ({ id, call }) => {
      const direct = (await call('connections')).filter(({ direct, carrier }) => direct && carrier === 'webrtc')
      return others(id).every((other) => direct.some(({ peerId }) => peerId === other))
    })
    return (await Promise.all(met)).every(Boolean)
  }
  await expect.poll(meshed, { timeout: 60_000, interval: 500 }).toBe(true)
  // … and by the browser's own statistics: four others and the bridges, each pair with bytes on it, over DTLS and UDP.
  for (const { page } of five) {
    const pairs = await directPairs(page)
    const direct = pairs.filter(({ local, remote }) => /^(host|prflx)$/.test(local) && /^(host|prflx)$/.test(remote))
    expect(direct.length).toBeGreaterThanOrEqual(5)
    for (const { protocol, dtls, bytesReceived } of direct) {
      expect([protocol, dtls]).toEqual(['udp', 'connected'])
      expect(bytesReceived).toBeGreaterThan(0)
    }
    // No STUN server but those of the bridges was ever given to a connection.
    const own = [bridge, relay].map(({ stunPort }) => `stun:127.0.0.1:${stunPort}`)
    const used = await iceServersUsed(page)
    expect(used.length).toBeGreaterThan(0)
    expect(own).toEqual(expect.arrayContaining(used))
  }

  // One honest browser proves the account; the liar on accounts proves another, to have something to lie with.
  const prover = five[3]!
  expect((await prover.call('account', account)).balance).toBe(BALANCE)
  await five[1]!.call('account', another)
  const head = await prover.call('head')
  for (const { call } of five) await expect.poll(() => call('head'), { timeout: 30_000 }).toEqual(head)

  await bridge.kill()
  const order = [five[0]!, five[1]!, five[2]!, five[4]!, prover].map(({ id }) => id)
  const sixth = await openBrowser({ bridges: relay.addresses, order })
  await expect.poll(() => sixth.call('head'), { timeout: 60_000, interval: 500 }).toEqual(head)
  const answer = await sixth.call('account', account)
  expect(answer.balance).toBe(BALANCE)

  // It came from the five alone, over WebRTC, and the prover had the proof.
  expect(order).toEqual(expect.arrayContaining(answer.suppliers.map(({ id }) => id)))
  expect(new Set(answer.suppliers.map(({ carrier }) => carrier))).toEqual(new Set(['webrtc']))
  expect(answer.suppliers.at(-1)!.id).toBe(prover.id)
  // What none of the honest has proven stays unproven; everybody is asked for it, and who answers lies.
  await expect(sixth.call('account', devnet.accounts[3]!.address)).rejects.toThrow('could prove')
  const liars = (await sixth.call('sources')).filter(({ lie }) => lie !== null)
  expect(Object.fromEntries(liars.map(({ id, lie }) => [id, lie]))).toEqual({
    [five[0]!.id]: expect.any(String),
    [five[1]!.id]: 'INVALID_STATE_PROOF',
  })
}, 180_000)
