/**
 * Who comes back after longer than is safe: on the command line, in a program, and in one that slept. The chain has gone
 * on meanwhile; nothing is believed before a person has chosen.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Devnet, startDevnet } from '@glowworm/devnet'
import {
  agreeOnCheckpoint,
  beaconRestSource,
  type LightClient,
  memoryStore,
  OLD_CHECKPOINT_RISK,
  OLD_CHECKPOINT_WORDS,
  platformHttp,
  StaleCheckpoint,
} from '@glowworm/light-client'
import { errorOf, recordOf } from '@glowworm/light-client/application/embedding/messages'
import { type Engines, loadEngines } from '@glowworm/wasm-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clockOf, followDevnet, until } from '../rpc/devnet-client.ts'
import { runCli } from '../run-cli.ts'

const DAY = 24 * 3600 * 1000
/** Its past is three quarters of an hour; what is older than twenty minutes is too old. */
const SECONDS_PER_SLOT = 12
const LIMIT_SECONDS = 1200
/** From slot 70 to now, in milliseconds. */
const ABSENCE = (226 - 70) * SECONDS_PER_SLOT * 1000

let devnet: Devnet
let engines: Engines
/** The same beacon node, as it was when the device was last awake: it knows the first period only. */
let earlier: Server
let earlierUrl: string
let isAwake = false
let folder: string
beforeAll(async () => {
  engines = await loadEngines()
  devnet = await startDevnet({ mode: 'manual', secondsPerSlot: SECONDS_PER_SLOT })
  earlier = createServer(async (request, response) => {
    const path = request.url ?? ''
    const update = /light_client\/updates\?start_period=(\d+)/.exec(path)
    const isNews = /(finality|optimistic)_update/.test(path) || (update !== null && update[1] !== '0')
    if (!isAwake && isNews) return response.writeHead(404).end('{}')
    const accept = request.headers.accept ?? 'application/json'
    const answer = await fetch(`${devnet.beaconUrl}${isAwake ? path : path.replace(/count=\d+/, 'count=1')}`, {
      headers: { accept },
    })
    const kept = ['content-type', 'eth-consensus-version'].flatMap((name) => [[name, answer.headers.get(name) ?? '']])
    response.writeHead(answer.status, Object.fromEntries(kept)).end(Buffer.from(await answer.arrayBuffer()))
  })
  await new Promise<void>((resolve) => earlier.listen(0, '127.0.0.1', resolve))
  earlierUrl = `http://127.0.0.1:${(earlier.address() as AddressInfo).port}`
  folder = mkdtempSync(join(tmpdir(), 'glowworm-absence-'))
  const profile = { ...devnet.profile, checkpoint: undefined, maxCheckpointAgeDays: LIMIT_SECONDS / (24 * 3600) }
  writeFileSync(join(folder, 'profile.json'), JSON.stringify(profile))
})
afterAll(async () => {
  earlier?.close()
  await devnet?.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('on the command line', () => {
  let data: string[]
  const runAt = async (late: number, ...args: string[]) => {
    const { code, stdout, stderr } = await runCli([...args, '--network', join(folder, 'profile.json'), '--json'], late)
    return { code, stderr, value: JSON.parse(stdout || 'null') }
  }
  const run = (...args: string[]) => runAt(0, ...args)
  const now = () => ['--beacon', devnet.beaconUrl, '--execution', devnet.executionUrl]
  const old = () => ['--checkpoint', devnet.checkpoint]
  const operators = () => ['--checkpoint-from', devnet.beaconUrl, '--checkpoint-from', earlierUrl]

  beforeAll(async () => {
    data = ['--data', join(folder, 'data')]
    isAwake = false
    const before = await runAt(-ABSENCE, 'sync', '--once', ...old(), ...data, '--beacon', earlierUrl)
    expect(before).toMatchObject({ code: 0, value: { periods: 1 } })
    isAwake = true
  })

  it('says how old it is and what can be done, and exits with 5', async () => {
    const { code, value } = await run('sync', '--once', ...old(), ...data, ...now())
    expect(code).toBe(5)
    expect(value.error).toMatchObject({ code: 'STALE_CHECKPOINT', kind: 'stale' })
    expect(value.error.message).toMatch(/proven last .* is \d+ seconds old; only 1200 seconds are safe/)
    expect(value.error.choices).toEqual([
      expect.objectContaining({
        kind: 'agreed-checkpoint',
        options: `glowworm checkpoint --checkpoint-from URL --checkpoint-from URL --data ${data[1]}`,
      }),
      expect.objectContaining({ kind: 'own-checkpoint', options: '--checkpoint ROOT' }),
      expect.objectContaining({
        kind: 'old-checkpoint',
        options: '--max-checkpoint-age 1',
        means: expect.stringContaining(OLD_CHECKPOINT_RISK),
      }),
    ])
    const inWords = await runCli(['sync', '--network', join(folder, 'profile.json'), ...old(), ...data, ...now()])
    expect(inWords.code).toBe(5)
    expect(inWords.stderr).toContain('--checkpoint-from URL --checkpoint-from URL')
    expect(inWords.stderr).toContain('--max-checkpoint-age 1')
  })

  it('says so without a folder too, of whichever source: none of them is to blame', async () => {
    const { code, value } = await run('sync', '--once', ...old(), ...now(), '--beacon', earlierUrl)
    expect({ code, error: value.error.code }).toEqual({ code: 5, error: 'STALE_CHECKPOINT' })
    expect(value.error.message).toMatch(/^the checkpoint is/)
    expect(value.error.choices[0].options).toBe('--checkpoint-from URL --checkpoint-from URL')
  })

  it.each(['serve', 'bridge'])('%s ends with it instead of waiting for ever', async (command) => {
    const port = command === 'serve' ? ['--port', '0'] : []
    const { code, stdout } = await runCli([
      ...[command, '--network', join(folder, 'profile.json'), ...old(), ...data, ...now(), ...port, '--json'],
    ])
    expect(code).toBe(5)
    expect(JSON.parse(stdout.trim().split('\n').at(-1)!).error.choices).toHaveLength(3)
  })

  it('a newer checkpoint on which operators agree leads on; what was kept before stays', async () => {
    const files = readdirSync(data[1]!)
    const agreed = await run('checkpoint', ...operators(), ...data)
    expect(agreed.code).toBe(0)
    const { code, value } = await run('sync', '--once', ...operators(), ...data, ...now())
    expect(code).toBe(0)
    expect(value.checkpoint).toBe(agreed.value.checkpoint)
    expect(value.checkpoint).not.toBe(devnet.checkpoint)
    expect(readdirSync(data[1]!)).toEqual(expect.arrayContaining(files))
  })

  it('the old one leads on when that is said, and what it risks is said too', async () => {
    const { code, value, stderr } = await run(
      ...['sync', '--once', ...old(), ...data, ...now(), '--max-checkpoint-age', '1'],
    )
    expect(code).toBe(0)
    expect(stderr).toContain(OLD_CHECKPOINT_RISK)
    expect(value.periods).toBeGreaterThanOrEqual(3)
    // What is proven now is new, however old the checkpoint: from here on nothing has to be raised.
    expect((await run('sync', '--once', ...old(), ...data, ...now())).code).toBe(0)
  })
})

describe('in a program', () => {
  let client: LightClient | null = null
  let late = 0
  afterEach(async () => {
    await client?.close()
    client = null
    late = 0
  })
  const clock = () => {
    const { now, sleep } = clockOf(devnet)
    return { now: () => now() + late, sleep }
  }
  const reason = () => {
    const status = client!.status
    return status.state === 'stalled' && status.cause instanceof StaleCheckpoint ? status.cause : null
  }

  it('that slept: nothing newer is believed, from sources or from peers, until the clock was wrong after all', async () => {
    client = followDevnet(devnet, engines, { clock: clock() })
    await client.ready()
    late = 3 * DAY
    const stale = await until(reason)
    expect(stale).toMatchObject({ ground: 'followed', maxAgeDays: 1 })
    expect(stale.ageDays).toBeGreaterThanOrEqual(3)
    await devnet.advance(SLOTS)
    const source = beaconRestSource({
      url: devnet.beaconUrl,
      profile: devnet.profile,
      hashes: engines.hashes,
      http: platformHttp,
    })
    const { bytes } = await source.request({ type: 'finality_update' }, new AbortController().signal)
    const before = client.status.state === 'stalled' ? client.status.head?.finalized.slot : undefined
    expect(await client.offer('finality_update', bytes)).toBe('ignore')
    await expect(client.forceUpdate('accept what two thirds did not sign')).rejects.toBeInstanceOf(StaleCheckpoint)
    expect(client.status).toMatchObject({ state: 'stalled', head: { finalized: { slot: before } } })
    late = 0
    await until(() => client!.status.state === 'following' && client!.status.head.finalized.slot > before!)
  })

  it('that is used every day goes on although its checkpoint has grown too old to start from', async () => {
    const profile = {
      ...devnet.profile,
      maxCheckpointAgeDays: ((devnet.time() - startOf(devnet)) * 1000 + 60_000) / DAY,
    }
    const store = memoryStore()
    client = followDevnet(devnet, engines, { profile, store })
    await client.ready()
    await client.close()
    await devnet.advance(SLOTS)
    client = followDevnet(devnet, engines, { profile })
    await expect(client.ready()).rejects.toMatchObject({ ground: 'checkpoint' })
    await client.close()
    client = followDevnet(devnet, engines, { profile, store })
    await client.ready()
  })

  it('that starts again: the choices come as data, and each of them leads on', async () => {
    const store = memoryStore()
    client = followDevnet(devnet, engines, { store, clock: clock() })
    await client.ready()
    await client.close()
    late = 3 * DAY
    client = followDevnet(devnet, engines, { store, clock: clock() })
    const stale = await client.ready().catch((cause: unknown) => cause)
    if (!(stale instanceof StaleCheckpoint)) throw stale
    expect(stale.ground).toBe('kept')
    const [agreed, own, old] = stale.choices
    expect([agreed, own]).toEqual([{ kind: 'agreed-checkpoint', leastOperators: 2 }, { kind: 'own-checkpoint' }])
    expect(old).toEqual({
      kind: 'old-checkpoint',
      maxAgeDays: 4,
      words: OLD_CHECKPOINT_WORDS,
      risk: OLD_CHECKPOINT_RISK,
    })
    // The same in a page, whose light client runs in a worker.
    expect(errorOf(recordOf(stale))).toEqual(stale)
    await client.close()

    const maxAgeDays = old?.kind === 'old-checkpoint' ? old.maxAgeDays : 0
    const trust = { checkpoint: devnet.checkpoint, maxAgeDays }
    client = followDevnet(devnet, engines, { store, clock: clock(), trust })
    const { finalized } = await client.ready()
    await client.close()

    late = 0
    isAwake = true
    const { signal } = new AbortController()
    const urls = [devnet.beaconUrl, earlierUrl]
    const { checkpoint } = await agreeOnCheckpoint(urls, { http: platformHttp, merkle: engines.merkle }, signal)
    client = followDevnet(devnet, engines, { store, clock: clock(), trust: { checkpoint: checkpoint.root } })
    expect((await client.ready()).finalized.slot).toBeGreaterThanOrEqual(finalized.slot)
  })
})

/** So many that finality moves on. */
const SLOTS = 24

/** Unix seconds of the devnet's first checkpoint. */
function startOf({ chain, checkpoint, profile }: Devnet): number {
  const { slot } = chain.checkpoints().find(({ root }) => root === checkpoint)!
  return profile.genesis.time + slot * profile.secondsPerSlot
}
