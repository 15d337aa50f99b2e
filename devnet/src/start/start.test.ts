import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseProfile } from '@glowworm/light-client/ledgers/ethereum/profile'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Bridge } from './bridge.ts'
import { buildMissing, isOutdated, partsToBuild } from './build.ts'
import { parseStartOptions, type StartOptions } from './options.ts'
import { type Progress, printJson, printProse } from './progress.ts'
import { start } from './start.ts'

let root = ''
let lines: string[] = []
let progress: Progress
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'glowworm-start-test-'))
  lines = []
  progress = printJson({ write: (text) => lines.push(text) })
})
afterEach(() => rmSync(root, { recursive: true }))

function put(path: string, content = path): void {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
}
const options = (...args: string[]) => parseStartOptions(['--port', '0', ...args]) as StartOptions
const parts = () => ({ root, build: async () => undefined, startBridge: undefined, openPage: undefined })

describe('start', () => {
  it('serves the wallet and a profile that leads to the running devnet and bridge', async () => {
    put('wallet-ui/dist/index.html', '<!doctype html>')
    const closed: string[] = []
    const bridge: Bridge = {
      multiaddrs: ['/ip4/127.0.0.1/tcp/9/ws/p2p/12D3KooW'],
      status: () => ({ state: 'following', slot: 7, finalizedBlock: 3, peers: 1, words: 'slot 7' }),
      close: async () => {
        closed.push('bridge')
      },
    }
    const opened: string[] = []
    const open = (url: string) => opened.push(url)
    const running = await start(options(), { ...parts(), startBridge: async () => bridge, openPage: open }, progress)
    const answer = await fetch(`${running.url}/network.json`)
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const profile = parseProfile({ ...((await answer.json()) as object) })
    expect(profile.sources.peers).toEqual(bridge.multiaddrs)
    const path = `/eth/v1/beacon/light_client/bootstrap/${profile.checkpoint}`
    expect((await fetch(profile.sources.beacon[0] + path)).status).toBe(200)
    expect(opened).toEqual([running.url])
    const events = lines.map((line) => JSON.parse(line) as { event: string; name?: string; slot?: number })
    expect(events.filter(({ event }) => event === 'fact').map(({ name }) => name)).toEqual([
      'wallet',
      'extension',
      'issuer',
      'verifier',
    ])
    expect(events.find(({ event }) => event === 'status')).toMatchObject({ slot: 7, finalizedBlock: 3, peers: 1 })
    await running.close()
    expect(closed).toEqual(['bridge'])
    await expect(fetch(running.url)).rejects.toThrow()
    await expect(fetch(profile.sources.execution[0]!)).rejects.toThrow()
  })

  it('stops what it has started when a later step fails', async () => {
    const failing = async () => {
      throw new Error('no bridge today')
    }
    let url = ''
    const build = async () => {
      url = 'built'
    }
    await expect(start(options(), { ...parts(), build, startBridge: failing }, progress)).rejects.toThrow('no bridge')
    expect(url).toBe('built')
    expect(lines.join('')).toContain('"step":"bridge started","ok":false')
  })

  it('says what to do where the port is taken, before anything is built', async () => {
    const first = await start(options(), parts(), progress)
    const port = new URL(first.url).port
    let built = false
    const build = async () => {
      built = true
    }
    const second = start(parseStartOptions(['--port', port]) as StartOptions, { ...parts(), build }, progress)
    await expect(second).rejects.toThrow(/Port \d+ of 127\.0\.0\.1, wanted for the wallet, is taken.*--port/)
    expect(built).toBe(false)
    await first.close()
  })

  it('shows a real network from the user’s own sources, and refuses to choose them', async () => {
    const checkpoint = `0x${'ab'.repeat(32)}`
    const own = ['--beacon', 'http://127.0.0.1:1', '--execution', 'http://127.0.0.1:2', '--checkpoint', checkpoint]
    const running = await start(options('--network', 'mainnet', ...own), parts(), progress)
    const profile = running.profile()
    expect(profile).toMatchObject({ chainId: 1, checkpoint, secondsPerSlot: 12 })
    expect(profile.sources).toEqual({ beacon: ['http://127.0.0.1:1'], execution: ['http://127.0.0.1:2'], peers: [] })
    await running.close()
    await expect(start(options('--network', 'mainnet'), parts(), progress)).rejects.toThrow(
      /mainnet needs --beacon URL and --execution URL and --checkpoint ROOT/,
    )
    await expect(start(options('--network', './none.json'), parts(), progress)).rejects.toThrow('none.json')
  })
})

describe('options', () => {
  it('are checked', () => {
    expect(options()).toMatchObject({ network: 'devnet', port: 0, open: true, json: false, slotSeconds: 2 })
    expect(parseStartOptions([])).toMatchObject({ port: 4310 })
    expect(parseStartOptions(['--help'])).toBe('help')
    for (const wrong of [
      ['--port', 'x'],
      ['--port', '70000'],
      ['--beacon', 'ftp://a'],
      ['--checkpoint', '0x12'],
      ['--slot-seconds', '0'],
      ['--nonsense'],
    ])
      expect(() => parseStartOptions(wrong)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
  })
})

describe('building', () => {
  const part = { sources: ['src', 'config.json'], results: ['dist/a', 'dist/b'] }
  const touch = (path: string, seconds: number) => utimesSync(join(root, path), seconds, seconds)

  it('is needed when a result is missing or older than a source, tests aside', () => {
    for (const file of ['src/deep/x.ts', 'src/x.test.ts', 'dist/a', 'dist/b']) put(file)
    for (const [file, time] of [
      ['src/deep/x.ts', 100],
      ['src/x.test.ts', 900],
      ['dist/a', 200],
      ['dist/b', 300],
    ] as const)
      touch(file, time)
    expect(isOutdated(root, part)).toBe(false)
    touch('src/deep/x.ts', 250)
    expect(isOutdated(root, part)).toBe(true)
    touch('src/deep/x.ts', 100)
    rmSync(join(root, 'dist/b'))
    expect(isOutdated(root, part)).toBe(true)
  })

  it('reports what the command said when it fails', async () => {
    const command = [process.execPath, '-e', 'console.error("no such thing"); process.exit(3)']
    const failing = { what: 'kernel', command, alone: 'make kernel', sources: [], results: ['kernel'] }
    await expect(buildMissing(root, [failing], progress)).rejects.toMatchObject({
      code: 'BUILD_FAILED',
      message: expect.stringMatching(/^kernel could not be built\.\nno such thing\nRun it alone: make kernel$/),
    })
  })

  it('knows the parts of this repository, the kernels first', async () => {
    const repository = fileURLToPath(new URL('../../..', import.meta.url))
    const found = await partsToBuild(repository)
    expect(found.map(({ what }) => what)).toEqual(['WASM core', 'wallet', 'extension'])
    expect(found[0]?.results).toContain('wasm-core/wasm/hashes.wasm')
  })
})

describe('what is printed', () => {
  it('is one line per step for people, coloured on terminals that want it', async () => {
    const written: string[] = []
    const out = { write: (text: string) => written.push(text) }
    const plain = printProse(out, {})
    expect(await plain.step('one thing', 'done', async () => 5)).toBe(5)
    plain.live('starting', { state: 'starting' })
    plain.live('slot 1', { state: 'following' })
    plain.live('slot 2', { state: 'following' })
    expect(written.join('')).toMatch(/^✓ one thing done \d+\.\d s\nstarting\nslot 1\n$/)
    written.length = 0
    const colourful = printProse({ ...out, isTTY: true }, {})
    colourful.live('slot 1', {})
    colourful.live('slot 2', {})
    colourful.end('stopping')
    expect(written.join('')).toBe('\r\x1b[Kslot 1\r\x1b[Kslot 2\r\x1b[Kstopping\n')
    written.length = 0
    await printProse({ ...out, isTTY: true }, { NO_COLOR: '1' }).step('x', 'done', async () => 1)
    expect(written.join('')).not.toContain('\x1b[32m')
  })
})
