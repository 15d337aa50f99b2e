/** The command as a user runs it, against a live devnet: HTTP nodes, then only a bridge. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Devnet, FIXTURE_CODE, FIXTURE_CONTRACT, type Liar, startDevnet, startLiar } from '@glowworm/devnet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../run-cli.ts'

const BIN = fileURLToPath(new URL('../../light-client/bin/glowworm.mjs', import.meta.url))

describe('glowworm', () => {
  let devnet: Devnet
  let liar: Liar
  let folder: string
  let chain: string[]
  beforeAll(async () => {
    devnet = await startDevnet({ secondsPerSlot: 1 })
    liar = await startLiar(devnet)
    folder = mkdtempSync(join(tmpdir(), 'glowworm-cli-'))
    writeFileSync(join(folder, 'profile.json'), JSON.stringify(devnet.profile))
    chain = ['--network', join(folder, 'profile.json')]
  })
  afterAll(async () => {
    await liar?.close()
    await devnet?.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await runCli([...args, ...chain, '--json'])
    return { code, stderr, value: JSON.parse(stdout || 'null') }
  }

  it('sync --once proves the newest finality', async () => {
    const { code, value } = await json('sync', '--once')
    expect(code).toBe(0)
    expect(value).toMatchObject({ network: devnet.profile.name, checkpoint: devnet.checkpoint })
    expect(value.finalized.slot).toBeGreaterThan(190)
    expect(value.periods).toBeGreaterThanOrEqual(3)
    expect(value.signatures).toBe(value.periods + 1)
  })

  it('get answers with proven values and their block', async () => {
    const account = devnet.accounts[1]!.address
    const balance = await json('get', 'balance', account)
    expect(balance.code).toBe(0)
    expect(balance.value.value).toBe(String(10_000n * 10n ** 18n))
    expect(balance.value.finality).toBe('final')
    expect((await json('get', 'nonce', account, '--at', 'optimistic')).value.value).toBe(0)
    expect((await json('get', 'code', FIXTURE_CONTRACT)).value.value).toBe(FIXTURE_CODE)
    const storage = await json('get', 'storage', FIXTURE_CONTRACT, '--slot', '1')
    expect(BigInt(storage.value.value)).toBe(0x2an)
    const unknown = await json('get', 'receipt', `0x${'ab'.repeat(32)}`)
    expect(unknown.code).toBe(3)
    expect(unknown.value.error.code).toBe('UNKNOWN_TRANSACTION')
  })

  it('exits with 4 when its only source lies, and with 2 when it is used wrongly', async () => {
    liar.mode = 'swapped-address'
    const sources = ['--beacon', liar.beaconUrl, '--execution', liar.executionUrl]
    const lied = await json('get', 'balance', devnet.accounts[1]!.address, ...sources)
    expect(lied.code).toBe(4)
    expect(lied.value.error.code).toBe('INVALID_STATE_PROOF')
    liar.mode = 'wrong-signature'
    const signature = await json('sync', '--once', ...sources)
    expect(signature.code).toBe(4)
    expect(signature.value.error.code).toBe('INVALID_SYNC_COMMITTEE_SIGNATURE')
    expect((await json('get', 'balance', '0x12')).code).toBe(2)
    expect((await json('get', 'fortune', devnet.accounts[1]!.address)).code).toBe(2)
    expect((await runCli(['sync', '--nonsense'])).code).toBe(2)
    for (const network of ['atlantis', '__proto__', 'toString'])
      expect((await runCli(['sync', '--network', network, '--checkpoint', `0x${'00'.repeat(32)}`])).code).toBe(2)
    expect((await json('get', 'balance', devnet.accounts[1]!.address, 'surplus')).code).toBe(2)
  })

  it('sync without --once prints a line of the same fields for each head, until interrupted', async () => {
    const following = spawn(process.execPath, [BIN, 'sync', ...chain, '--json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const closed = new Promise((resolve) => following.on('close', resolve))
    try {
      const report = JSON.parse(await firstLine(following.stdout))
      const fields = ['network', 'checkpoint', 'finalized', 'periods', 'hops', 'bytes', 'milliseconds', 'signatures']
      expect(Object.keys(report)).toEqual([...fields, 'optimistic'])
      expect(Object.keys(report.finalized)).toEqual(['slot', 'blockNumber', 'blockHash', 'stateRoot'])
      expect(report.optimistic.slot).toBeGreaterThan(report.finalized.slot)
      expect(report.bytes).toBeGreaterThan(0)
    } finally {
      following.kill('SIGINT')
    }
    expect(await closed).toBe(0)
  })

  it('keeps evidence in --data and starts from it', async () => {
    const data = join(folder, 'data')
    const first = await json('sync', '--once', '--data', data)
    expect(first.code).toBe(0)
    expect(readdirSync(data).length).toBeGreaterThan(3)
    const second = await json('sync', '--once', '--data', data)
    expect(second.code).toBe(0)
    expect(second.value.periods).toBeGreaterThanOrEqual(first.value.periods)
    expect(second.value.bytes).toBeLessThan(first.value.bytes)
  })

  it('as of another time is labelled historical and stores nothing', async () => {
    const data = join(folder, 'never')
    const asOf = new Date((devnet.time() + 60) * 1000).toISOString() // the live chain moves on meanwhile
    const { code, stdout } = await runCli(['sync', '--once', ...chain, '--as-of', asOf, '--data', data])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^historical: judged as of /)
    expect(() => readdirSync(data)).toThrow()
  })

  it('bridge carries evidence to a client that knows nothing else, and stops on Ctrl-C', async () => {
    // It starts a period later than its clients, and leads them on from where they start.
    const later = devnet.chain.checkpoints().find(({ slot }) => slot >= 64)!.root
    const roots = ['--checkpoint', later, '--earlier-checkpoint', devnet.checkpoint]
    const bridge = spawn(
      process.execPath,
      [BIN, 'bridge', ...chain, ...roots, '--operations-port', '0', '--mailbox-port', '0', '--json'],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    try {
      const said = JSON.parse(await firstLine(bridge.stdout)) as {
        multiaddrs: string[]
        operationsPort: number
        mailboxPort: number
      }
      const { multiaddrs, operationsPort, mailboxPort } = said
      const box = `http://127.0.0.1:${mailboxPort}/mailbox/${'0'.repeat(32)}`
      const headers = { origin: 'https://dapp.example' }
      expect((await fetch(box, { method: 'POST', headers, body: 'QUJD' })).status).toBe(201)
      expect(await (await fetch(box, { headers })).text()).toBe('QUJD')
      expect(multiaddrs.some((address) => address.includes('/ws/'))).toBe(true)
      for (const address of multiaddrs) {
        const { code, value } = await json('get', 'balance', devnet.accounts[1]!.address, '--peer', address)
        expect(value.error).toBeUndefined()
        expect(code).toBe(0)
        expect(BigInt(value.value)).toBe(10_000n * 10n ** 18n)
      }
      // Who catches up from a bridge does so by hops, and needs no beacon node for that.
      const { code, value } = await json('sync', '--once', '--peer', multiaddrs[0]!)
      expect(code).toBe(0)
      expect(value.periods).toBeGreaterThanOrEqual(3)
      // A period that has only just begun has finalized nothing of its own: it comes as a plain update.
      expect(value.hops).toBeGreaterThanOrEqual(value.periods - 1)
      expect(value.signatures).toBe(value.periods + 1)
      expect(value.finalized.slot).toBeGreaterThan(190)
      expect(value.bytes).toBeLessThan(1500 * value.hops + 3800 * (value.periods - value.hops) + 6000)
      const { stdout } = await runCli(['sync', '--once', ...chain, '--peer', multiaddrs[0]!])
      expect(stdout).toMatch(/over \d+ periods .*by compact hops.*, \d+ bytes/) // the newest may come plain
      const ready = await fetch(`http://127.0.0.1:${operationsPort}/readyz`)
      expect(ready.status).toBe(200)
      expect(await ready.json()).toMatchObject({ state: 'following' })
    } finally {
      const closed = new Promise((resolve) => bridge.on('close', resolve))
      bridge.kill('SIGINT')
      expect(await closed).toBe(0)
    }
  })
})

function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    stream.on('data', (chunk) => {
      text += chunk
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')))
    })
    stream.on('end', () => reject(new Error(`it ended early: ${text}`)))
  })
}
