import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import type { EthereumRequest } from '@glowworm/light-client/ledgers/ethereum/evidence'
import { type BridgeNode, createBridgeNode } from '@glowworm/light-client/network/libp2p/bridge-node'
import { memorySource } from '@glowworm/light-client/network/memory-source'
import { type Browser, chromium, type Page } from '@playwright/test'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { findChromium, launchArguments, PEER_CONNECTION_PERMISSIONS } from './chromium.ts'
import { BRIDGE_ANSWER, LARGE, NETWORK, SMALL } from './p2p-fixture.ts'
import type { PageApi, StartOptions } from './p2p-page.ts'
import { type PageServer, servePage } from './page-server.ts'

const large = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 7 + (i >> 8)) & 0xff)
/** Updates that begin with this byte are false in the eyes of every node of this test. */
const FALSE_BYTE = 0xba
const sum = (bytes: Uint8Array) => bytes.reduce((total, byte) => (total * 31 + byte) % 1_000_003, 7)

let folder: string
let server: PageServer
let browser: Browser
let bridge: BridgeNode

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'glowworm-p2p-'))
  server = await servePage('p2p-page.ts')
  browser = await chromium.launch({ executablePath: await findChromium(), args: [...launchArguments] })
  bridge = await startBridge()
})

afterAll(async () => {
  await browser?.close()
  await bridge?.close()
  await server?.close()
  await rm(folder, { recursive: true, force: true })
})

/** Errors nobody caught in any page, unhandled rejections included. */
const pageErrors: string[] = []
afterEach(() => expect(pageErrors).toEqual([]))

async function startBridge(): Promise<BridgeNode> {
  const source = memorySource({ id: 'bridge-memory', carrier: 'file', words: 'memory' }, 64 * 1024 * 1024)
  source.put(LARGE, large)
  source.put(SMALL, BRIDGE_ANSWER)
  return createBridgeNode({
    network: NETWORK,
    listen: { host: '127.0.0.1', wsPort: 0, webrtcDirectPort: 0 },
    source,
    clock: platformClock,
    validate: async (_kind, bytes) => (bytes[0] === FALSE_BYTE ? 'reject' : 'accept'),
  })
}

type GlowwormWindow = Window & { glowworm: PageApi }

async function openPage(
  options: Omit<StartOptions, 'network' | 'bridges'> & { bridges?: string[] } = {},
): Promise<{ page: Page; id: string }> {
  const context = await browser.newContext()
  await context.grantPermissions([...PEER_CONNECTION_PERMISSIONS], { origin: server.origin })
  const page = await context.newPage()
  page.on('pageerror', (error) => pageErrors.push(error.stack ?? error.message))
  await page.goto(server.origin)
  await page.waitForFunction(() => 'glowworm' in window)
  const start: StartOptions = { bridges: bridge.multiaddrs(), network: NETWORK, ...options }
  const id = await page.evaluate((given) => (window as unknown as GlowwormWindow).glowworm.start(given), start)
  return { page, id }
}

const sourcesOf = (page: Page) => page.evaluate(() => (window as unknown as GlowwormWindow).glowworm.sources())
const ask = (page: Page, id: string, request: EthereumRequest) =>
  page.evaluate(([to, what]) => (window as unknown as GlowwormWindow).glowworm.ask(to, what), [id, request] as const)
const stateOf = (page: Page) => page.evaluate(() => (window as unknown as GlowwormWindow).glowworm.state())
const reachable = (page: Page) => page.evaluate(() => (window as unknown as GlowwormWindow).glowworm.bridges()[0])
const updatesOf = (page: Page) => page.evaluate(() => (window as unknown as GlowwormWindow).glowworm.updates())
const publish = (page: Page, bytes: number[]) =>
  page.evaluate((what) => (window as unknown as GlowwormWindow).glowworm.publish('finality_update', what), bytes)
const carrierTo = async (page: Page, id: string) => (await sourcesOf(page)).find((source) => source.id === id)?.carrier

test('a page gets evidence from the bridge over WebRTC', async () => {
  const { page } = await openPage()
  await expect.poll(() => carrierTo(page, bridge.peerId), { timeout: 20_000 }).toBe('webrtc-direct')
  const answer = await ask(page, bridge.peerId, LARGE)
  expect(answer).toMatchObject({ length: large.length, sum: sum(large), carrier: 'webrtc-direct' })
  expect(await stateOf(page)).toContainEqual(
    expect.objectContaining({ peerId: bridge.peerId, carrier: 'webrtc-direct', direct: true, role: 'bridge' }),
  )
  await page.context().close()
})

test('two browsers find each other through the bridge and exchange evidence over WebRTC', async () => {
  const held = Array.from({ length: 300_000 }, (_, i) => (i * 13) & 0xff)
  const [first, second] = await Promise.all([
    openPage({ holds: [{ request: LARGE, bytes: held }] }),
    openPage({ holds: [{ request: SMALL, bytes: [1, 2, 3] }] }),
  ])
  await expect.poll(() => carrierTo(first.page, second.id), { timeout: 30_000 }).toBe('webrtc')
  await expect.poll(() => carrierTo(second.page, first.id), { timeout: 30_000 }).toBe('webrtc')
  expect(await ask(second.page, first.id, LARGE)).toMatchObject({
    length: held.length,
    sum: sum(Uint8Array.from(held)),
    carrier: 'webrtc',
  })
  expect(await ask(first.page, second.id, SMALL)).toMatchObject({ length: 3, carrier: 'webrtc' })
  await expect(ask(second.page, first.id, SMALL)).rejects.toThrow(/does not have/)
  expect(await stateOf(second.page)).toContainEqual(
    expect.objectContaining({ peerId: first.id, carrier: 'webrtc', direct: true, role: 'peer' }),
  )
  await first.page.context().close()
  await expect.poll(() => carrierTo(second.page, first.id), { timeout: 30_000 }).toBeUndefined()
  await second.page.context().close()
})

test('updates reach every page by gossip, false ones stop at the first honest node', async () => {
  const [first, second] = await Promise.all([
    openPage({ rejectFirstByte: FALSE_BYTE }),
    openPage({ rejectFirstByte: FALSE_BYTE }),
  ])
  await expect.poll(() => carrierTo(first.page, bridge.peerId), { timeout: 20_000 }).toBe('webrtc-direct')
  await expect.poll(() => carrierTo(second.page, bridge.peerId), { timeout: 20_000 }).toBe('webrtc-direct')
  let round = 0
  const heard = async () => {
    round += 1
    await publish(first.page, [1, round])
    return (await updatesOf(second.page)).length
  }
  await expect.poll(heard, { timeout: 20_000, interval: 300 }).toBeGreaterThan(0)
  const rejectedBefore = bridge.verdicts.reject
  await publish(first.page, [FALSE_BYTE, 1])
  await expect.poll(() => bridge.verdicts.reject, { timeout: 10_000 }).toBeGreaterThan(rejectedBefore)
  await bridge.publish('optimistic_update', Uint8Array.of(9, 9, 9))
  const isNine = (update: { kind: string; bytes: number[] }) =>
    update.kind === 'optimistic_update' && update.bytes.join() === '9,9,9'
  await expect.poll(async () => (await updatesOf(second.page)).some(isNine), { timeout: 10_000 }).toBe(true)
  expect((await updatesOf(second.page)).some(({ bytes }) => bytes[0] === FALSE_BYTE)).toBe(false)
  await Promise.all([first.page.context().close(), second.page.context().close()])
})

test('five tabs that start together all meet', async () => {
  const pages = await Promise.all(
    Array.from({ length: 5 }, (_, i) => openPage({ holds: [{ request: SMALL, bytes: [i, i, i] }] })),
  )
  const meetings = async () => {
    const met = await Promise.all(
      pages.map(async ({ page }) => (await sourcesOf(page)).filter(({ carrier }) => carrier === 'webrtc').length),
    )
    return met.join()
  }
  await expect.poll(meetings, { timeout: 50_000, interval: 500 }).toBe('4,4,4,4,4')
  const answers = await Promise.all(pages.map(({ page }, i) => ask(page, pages[(i + 1) % pages.length]!.id, SMALL)))
  expect(answers.map(({ length, carrier }) => `${length} ${carrier}`)).toEqual(Array(5).fill('3 webrtc'))
  await Promise.all(pages.map(({ page }) => page.context().close()))
})

test('a page without a webrtc-direct address falls back to WebSocket and still meets others', async () => {
  const overWebSocket = bridge.multiaddrs().filter((address) => address.includes('/ws/'))
  const [first, second] = await Promise.all([
    openPage({ bridges: overWebSocket, holds: [{ request: SMALL, bytes: [5] }] }),
    openPage(),
  ])
  await expect.poll(() => carrierTo(first.page, bridge.peerId), { timeout: 20_000 }).toBe('websocket')
  await expect.poll(() => carrierTo(second.page, first.id), { timeout: 30_000 }).toBe('webrtc')
  expect(await ask(second.page, first.id, SMALL)).toMatchObject({ length: 1, carrier: 'webrtc' })
  await Promise.all([first.page.context().close(), second.page.context().close()])
})

test('a page keeps connected to several bridges, reachable through each, and leaves in good order', async () => {
  const other = await spawnBridge(join(folder, 'other-bridge'), 0, 0)
  const otherId = idIn(other.addresses)
  const { page, id } = await openPage({ bridges: [...bridge.multiaddrs(), ...other.addresses] })
  const states = () => page.evaluate(() => (window as unknown as GlowwormWindow).glowworm.bridges().join())
  await expect.poll(states, { timeout: 30_000 }).toBe('reachable,reachable')
  await expect.poll(() => bridge.members(), { timeout: 10_000 }).toContain(id)
  expect(await ask(page, otherId, SMALL)).toMatchObject({ length: BRIDGE_ANSWER.length, carrier: 'webrtc-direct' })
  await page.evaluate(() => (window as unknown as GlowwormWindow).glowworm.stop())
  const gone = await page.evaluate(() => (window as unknown as GlowwormWindow).glowworm.gone())
  expect(gone.sort()).toEqual([bridge.peerId, otherId].sort())
  await expect.poll(() => bridge.members(), { timeout: 20_000 }).not.toContain(id)
  await page.context().close()
  await other.stop()
})

test('pages come back when the bridge restarts at its old addresses', async () => {
  const keys = join(folder, 'bridge')
  const before = await spawnBridge(keys, 0, 0)
  const id = idIn(before.addresses)
  const port = (pattern: RegExp) => Number(before.addresses.join(' ').match(pattern)?.[1])
  const { page } = await openPage({ bridges: before.addresses })
  await expect.poll(() => reachable(page), { timeout: 20_000 }).toBe('reachable')
  await before.stop()
  await expect.poll(() => carrierTo(page, id), { timeout: 40_000 }).toBeUndefined()
  const after = await spawnBridge(keys, port(/tcp\/(\d+)\/ws/), port(/udp\/(\d+)\/webrtc-direct/))
  expect(after.addresses).toEqual(before.addresses)
  await expect.poll(() => carrierTo(page, id), { timeout: 50_000 }).toBe('webrtc-direct')
  await expect.poll(() => reachable(page), { timeout: 30_000 }).toBe('reachable')
  expect(await ask(page, id, SMALL)).toMatchObject({ length: BRIDGE_ANSWER.length })
  await page.context().close()
  await after.stop()
}, 150_000)

const idIn = (addresses: readonly string[]) => addresses[0]?.split('/p2p/')[1] ?? ''

async function spawnBridge(keys: string, ws: number, direct: number) {
  const program = fileURLToPath(new URL('bridge-process.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=source', program, keys, String(ws), String(direct)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const addresses = await new Promise<string[]>((resolve, reject) => {
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk
      if (text.endsWith('\n')) resolve(JSON.parse(text))
    })
    child.once('exit', (code) => reject(new Error(`the bridge process ended with ${code}`)))
  })
  const stop = () =>
    new Promise<void>((resolve) => {
      child.once('exit', () => resolve())
      child.stdin.end()
    })
  return { addresses, stop }
}
