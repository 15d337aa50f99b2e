/**
 * The peer network in real Chromium: five browsers on direct WebRTC connections, the evidence bridge killed, and a
 * sixth browser that proves an account from the others alone, though two of them lie.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Devnet, startDevnet } from '@glowworm/devnet'
import type { Hex } from '@glowworm/light-client'
import { type Browser, chromium } from '@playwright/test'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type BridgeProcess, startBridge } from './bridge-command.ts'
import { findChromium, launchArguments } from './chromium.ts'
import { openSwarmPage } from './open-swarm-page.ts'
import { type PageServer, servePage } from './page-server.ts'
import { directPairs, iceServersUsed } from './peer-connections.ts'
import type { SwarmOptions } from './swarm-page.ts'

const BALANCE = (10_000n * 10n ** 18n).toString()

let devnet: Devnet
let server: PageServer
let browser: Browser
let folder: string
const bridges: BridgeProcess[] = []
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
  for (const bridge of bridges) await bridge.kill()
  await server?.close()
  await devnet?.close()
  rmSync(folder, { recursive: true, force: true })
})

const open = (options: Omit<SwarmOptions, 'profile'>) =>
  openSwarmPage(browser, server.origin, { profile: devnet.profile, ...options }, (error) => pageErrors.push(error))

test('five browsers on direct connections feed a sixth when the bridge is dead, and two of them lie', async () => {
  const profile = join(folder, 'profile.json')
  const bridge = await startBridge(profile)
  bridges.push(bridge)
  const relay = await startBridge(profile, '--relay-only')
  bridges.push(relay)
  const addresses = [...bridge.addresses, ...relay.addresses]
  const [account, another] = [devnet.accounts[1]!.address, devnet.accounts[2]!.address]
  const lies = ['sync', another.toLowerCase() as Hex, undefined, undefined, undefined] as const
  const five = await Promise.all(lies.map((lie) => open({ bridges: addresses, ...(lie ? { lie } : {}) })))
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
  const sixth = await open({ bridges: relay.addresses, order })
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
