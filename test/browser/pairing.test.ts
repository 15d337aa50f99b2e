/** Two browsers pair with codes alone, after everything that serves has been stopped; one proves from the other. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDevnet } from '@glowworm/devnet'
import { type Browser, chromium } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startBridge } from './bridge-command.ts'
import { findChromium, launchArguments } from './chromium.ts'
import { openSwarmPage } from './open-swarm-page.ts'
import { servePage } from './page-server.ts'
import { directPairs, iceServersUsed } from './peer-connections.ts'

let browser: Browser
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'glowworm-pairing-'))
  browser = await chromium.launch({ executablePath: await findChromium(), args: [...launchArguments] })
})
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('an account is proven from the other device alone, and the device that leaves is gone', async () => {
  const [devnet, server] = await Promise.all([startDevnet({ mode: 'manual' }), servePage('swarm-page.ts')])
  const { profile } = devnet
  const file = join(folder, 'profile.json')
  writeFileSync(file, JSON.stringify(profile))
  const bridge = await startBridge(file)
  const errors: string[] = []
  const open = (bridges: string[], checkpoint = profile.checkpoint) =>
    openSwarmPage(browser, server.origin, { profile: { ...profile, checkpoint }, bridges }, (error) =>
      errors.push(error),
    )
  const account = devnet.accounts[1]!.address
  const knowing = await open(bridge.addresses)
  const proven = await knowing.call('account', account)
  const [fresh, third] = [await open([]), await open([])]
  const stranger = await openSwarmPage(
    browser,
    server.origin,
    { profile: { ...profile, genesis: { ...profile.genesis, validatorsRoot: `0x${'5a'.repeat(32)}` } }, bridges: [] },
    (error) => errors.push(error),
  )
  await bridge.kill()
  await devnet.close()
  await server.close()

  // Codes that do not fit are refused, and cost nothing.
  const offer = await fresh.call('pairOffer')
  const answer = await knowing.call('pairAnswer', offer)
  await expect(fresh.call('pairAccept', offer)).rejects.toThrow('not an answer')
  await expect(knowing.call('pairAnswer', answer)).rejects.toThrow('not a code to begin with')
  await expect(stranger.call('pairAnswer', offer)).rejects.toThrow('another network')
  await expect(fresh.call('pairAccept', await third.call('pairAnswer', await third.call('pairOffer')))).rejects.toThrow(
    'answers another one',
  )

  // The refusals above did not disturb the attempt.
  const waiting = knowing.call('pairConnected')
  const [source, other] = await Promise.all([fresh.call('pairAccept', answer), waiting])
  expect(source).toMatch(/^paired:[0-9a-f]{16}$/)
  expect(other).not.toBe(source)
  const found = await fresh.call('account', account)
  expect(found).toMatchObject({ balance: proven.balance, height: proven.height })
  expect(new Set(found.suppliers.map(({ id, carrier }) => `${id} ${carrier}`))).toEqual(new Set([`${source} webrtc`]))
  expect(await directPairs(fresh.page)).toEqual([expect.objectContaining({ protocol: 'udp', dtls: 'connected' })])
  expect(await iceServersUsed(fresh.page)).toEqual([])

  await knowing.page.context().close()
  await expect.poll(() => fresh.call('sources'), { timeout: 30_000 }).toEqual([])
  expect(errors).toEqual([])
}, 120_000)
