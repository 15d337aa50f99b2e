/** How commands end: with sources that are silent, by Ctrl-C, by wrong use; and what is said meanwhile. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Devnet, startDevnet } from '@glowworm/devnet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOW_MEMORY_FLAGS } from '../../light-client/bin/low-memory.mjs'
import { runCli } from '../run-cli.ts'

const BIN = fileURLToPath(new URL('../../light-client/bin/glowworm.mjs', import.meta.url))

let devnet: Devnet
let silent: Server
/** Takes connections and never answers. */
let deadUrl: string
let folder: string
let network: string[]
let account: string
beforeAll(async () => {
  devnet = await startDevnet({ secondsPerSlot: 1 })
  silent = createServer((socket) => socket.on('error', () => {}))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  deadUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
  folder = mkdtempSync(join(tmpdir(), 'glowworm-ending-'))
  writeFileSync(join(folder, 'profile.json'), JSON.stringify(devnet.profile))
  network = ['--network', join(folder, 'profile.json'), '--checkpoint', devnet.checkpoint]
  account = devnet.accounts[1]!.address
})
afterAll(async () => {
  silent?.close()
  await devnet?.close()
  rmSync(folder, { recursive: true, force: true })
})

const sourcesAt = (beacon: string, execution: string) => ['--beacon', beacon, '--execution', execution]

/** Interrupts a command once it has said something. */
async function interrupt(
  args: readonly string[],
  said: RegExp,
  signal: 'SIGINT' | 'SIGTERM' = 'SIGINT',
): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const heard = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        text += data
        if (said.test(text)) resolve()
      })
  })
  await Promise.race([heard, ended])
  child.kill(signal)
  return { code: await ended, text }
}

describe('silent sources', () => {
  it('are named while the command waits, which it does not do for ever', async () => {
    const { code, stdout, stderr } = await runCli([
      ...['get', 'balance', account, ...network, '--beacon', deadUrl, '--execution', deadUrl],
      ...['--timeout', '4', '--json'],
    ])
    expect(code).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'TIMED_OUT', kind: 'unreachable' } })
    expect(stderr).toContain(`beacon node ${deadUrl} has not answered`)
  })

  it('are named even where another source gave the answer', async () => {
    const { code, stdout, stderr } = await runCli([
      ...['get', 'balance', account, ...network, '--beacon', 'http://127.0.0.1:9', '--beacon', devnet.beaconUrl],
      ...['--execution', devnet.executionUrl, '--json'],
    ])
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('http://127.0.0.1:9') })
    expect(JSON.parse(stdout)).toMatchObject({ value: String(10_000n * 10n ** 18n), finality: 'final' })
  })

  it('bound sync --once and relink as well', async () => {
    const dead = ['--beacon', deadUrl, '--execution', deadUrl, '--timeout', '1', '--json']
    const sync = await runCli(['sync', '--once', ...network, ...dead])
    expect({ ...sync, stdout: JSON.parse(sync.stdout) }).toMatchObject({
      code: 3,
      stdout: { error: { code: 'TIMED_OUT' } },
    })
    const file = join(folder, 'receipt')
    const sources = ['--beacon', devnet.beaconUrl, '--execution', devnet.executionUrl]
    const made = await runCli([
      ...['prove', 'eth_getBalance', JSON.stringify([account, 'finalized']), '--out', file],
      ...[...network, ...sources],
    ])
    expect(made.code).toBe(0)
    // Another root than the receipt's own, from which nothing in it leads on.
    const later = devnet.chain.checkpoints().at(-1)!.root
    const elsewhere = ['--network', join(folder, 'profile.json'), '--checkpoint', later]
    const relinked = await runCli(['relink', file, '--out', `${file}2`, ...elsewhere, ...dead])
    expect({ ...relinked, stdout: JSON.parse(relinked.stdout) }).toMatchObject({
      code: 3,
      stdout: { error: { code: 'TIMED_OUT' } },
    })
  })
})

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  it('ends what answers once with 130', async () => {
    const dead = ['--beacon', deadUrl, '--execution', deadUrl]
    const { code } = await interrupt(['get', 'balance', account, ...network, ...dead], /has not answered/, signal)
    expect(code).toBe(130)
  })

  it.each(['serve', 'sync'])('ends %s, which runs until then, with 0, also while it only waits', async (command) => {
    const dead = ['--beacon', deadUrl, '--execution', deadUrl, ...(command === 'serve' ? ['--port', '0'] : [])]
    expect((await interrupt([command, ...network, ...dead], /has not answered/, signal)).code).toBe(0)
  })

  it.each([
    [
      'a bridge that follows',
      () => [...network, ...sourcesAt(devnet.beaconUrl, devnet.executionUrl)],
      /carrying · slot/,
    ],
    ['a bridge whose nodes are silent', () => [...network, ...sourcesAt(deadUrl, deadUrl)], /\/p2p\//],
    ['a relay', () => ['--network', 'mainnet', '--relay-only'], /\/p2p\//],
  ])(
    'ends %s with 0',
    async (_what, options, said) => {
      expect((await interrupt(['bridge', ...options()], said, signal)).code).toBe(0)
    },
    60_000,
  )
})

describe.runIf(process.platform === 'linux')('--low-memory', () => {
  it('is the same program, in the same process, under an engine that takes less', async () => {
    const sources = ['--beacon', devnet.beaconUrl, '--execution', devnet.executionUrl]
    const child = spawn(process.execPath, [BIN, 'sync', ...network, ...sources, '--low-memory'])
    await new Promise<void>((resolve) => child.stderr.once('data', () => resolve()))
    const line = readFileSync(`/proc/${child.pid}/cmdline`, 'utf8').split('\0')
    expect(line).toEqual(expect.arrayContaining([...LOW_MEMORY_FLAGS, 'sync']))
    child.kill('SIGINT')
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0)
  })

  it('changes no answer', async () => {
    const sources = ['--beacon', devnet.beaconUrl, '--execution', devnet.executionUrl]
    const { code, stdout, stderr } = await runCli([
      ...['get', 'balance', account, ...network, ...sources],
      ...['--low-memory', '--json'],
    ])
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('Warning') })
    expect(JSON.parse(stdout)).toMatchObject({ value: String(10_000n * 10n ** 18n), finality: 'final' })
  })
})

it('serve says each thing once', async () => {
  const sources = ['--beacon', devnet.beaconUrl, '--execution', devnet.executionUrl]
  const { code, text } = await interrupt(
    ['serve', ...network, ...sources, '--port', '0'],
    /(serving · block \d+ .*\n[\s\S]*){3}/,
  )
  expect(code).toBe(0)
  const lines = text.trim().split('\n')
  expect(lines.length).toBeGreaterThanOrEqual(5)
  expect(lines.filter((line, i) => line === lines[i - 1])).toEqual([])
})

describe('wrong use', () => {
  it.each([
    ['get without a word', ['get'], /get what\? Expected one of balance, nonce, code, storage, receipt/],
    ['get without a subject', ['get', 'receipt'], /get receipt: of which transaction hash/],
    ['prove without words', ['prove'], /expected a method and its parameters/],
    ['a word too many', ['bridge', 'everything'], /"everything" is a word too many/],
    ['a value that looks like an option', ['bridge', '--drain', '-1'], /--drain: .*--drain=VALUE/],
    ['show of what is no receipt', ['show', BIN], /not a proof receipt/],
    ['verify of what is no receipt', ['verify', BIN], /not a proof receipt/],
    ['a file for a folder', ['sync', '--data', BIN], /--data: .* is no folder/],
    ...(process.platform === 'linux'
      ? [['a folder that cannot be', ['sync', '--data', '/proc/nope'], /--data: .*cannot be made/] as const]
      : []),
  ] as const)('%s is said in a line, with exit code 2', async (_, args, message) => {
    const { code, stderr } = await runCli([...args])
    expect(code).toBe(2)
    expect(stderr.split('\n')[0]).toMatch(message)
    expect(stderr).not.toMatch(/^\s+at /m)
  })
})

describe('whoever reads the output', () => {
  it.each([
    ['results, of what answers once', 'stdout', ['sync', '--once']],
    ['results, of what runs until interrupted', 'stdout', ['sync', '--json']],
    ['progress', 'stderr', ['sync', '--once']],
  ] as const)('may stop reading: %s', async (_what, stream, words) => {
    const args = [BIN, ...words, ...network, ...sourcesAt(devnet.beaconUrl, devnet.executionUrl)]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    child[stream].destroy()
    const other = child[stream === 'stdout' ? 'stderr' : 'stdout']
    let text = ''
    other.on('data', (data) => {
      text += data
    })
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0)
    expect(text).not.toContain('EPIPE')
    if (stream === 'stderr') expect(text).toContain('finalized')
  })
})
