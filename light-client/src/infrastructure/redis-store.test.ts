import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redisStore } from './redis-store.ts'

const REDIS = 'redis-server'
const installed = spawnSync(REDIS, ['--version']).status === 0

const bytes = (...values: number[]) => Uint8Array.from(values)

it('refuses what is no address of a Redis, without repeating it', async () => {
  const url = 'http://user:secret@127.0.0.1:1/'
  const failed = await redisStore({ url, prefix: 'x', secondsToLive: 1, report: () => {} }).catch((error) => error)
  expect(failed).toMatchObject({ code: 'INVALID_INPUT' })
  expect(String(failed)).not.toContain('secret')
})

it('says so when there is no Redis', async () => {
  const port = await freePort()
  const started = redisStore({
    url: `redis://:secret@127.0.0.1:${port}`,
    prefix: 'x',
    secondsToLive: 1,
    report: () => {},
  })
  const failed = await started.catch((error) => error)
  expect(failed).toMatchObject({ code: 'REDIS_UNAVAILABLE', kind: 'usage' })
  expect(String(failed)).not.toContain('secret')
})

describe.runIf(installed)('with a real Redis', () => {
  let folder: string
  let port: number
  let server: ChildProcess
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'glowworm-redis-'))
    port = await freePort()
    server = await startRedis()
  })
  afterAll(async () => {
    await stopRedis()
    rmSync(folder, { recursive: true, force: true })
  })

  async function startRedis(): Promise<ChildProcess> {
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder]
    const child = spawn(REDIS, options, { stdio: ['ignore', 'pipe', 'ignore'] })
    for await (const text of child.stdout!) if (String(text).includes('Ready to accept')) break
    return child
  }
  async function stopRedis(): Promise<void> {
    const ended = once(server, 'exit')
    server.kill()
    await ended
  }
  const open = (prefix: string, report: (message: string) => void = () => {}, secondsToLive = 60) =>
    redisStore({ url: `redis://127.0.0.1:${port}`, prefix, secondsToLive, report })

  it('gives another process what one has written, and only under the same prefix', async () => {
    const [one, two, other] = [await open('a'), await open('a'), await open('b')]
    const all = Uint8Array.from({ length: 256 }, (_, i) => i)
    await one.write('key', all)
    await one.write('empty', bytes())
    expect(await two.read('key')).toEqual(all)
    expect(await two.read('empty')).toEqual(bytes())
    expect(await two.read('nothing')).toBeNull()
    expect(await other.read('key')).toBeNull()
    for (const store of [one, two, other]) await store.close()
  })

  it('forgets after the time it was given', async () => {
    const store = await open('short', undefined, 1)
    await store.write('key', bytes(1))
    expect(await store.read('key')).toEqual(bytes(1))
    await new Promise((resolve) => setTimeout(resolve, 1300))
    expect(await store.read('key')).toBeNull()
    await store.close()
  })

  it('does without it while it is gone, and uses it when it is back', async () => {
    const reports: string[] = []
    const store = await open('lost', (message) => reports.push(message))
    await store.write('key', bytes(1))
    await stopRedis()
    expect(await store.read('key')).toBeNull()
    await store.write('key', bytes(2)) // no error, no waiting
    server = await startRedis()
    await expect.poll(() => store.connected, { timeout: 10_000 }).toBe(true)
    await store.write('key', bytes(3))
    expect(await store.read('key')).toEqual(bytes(3))
    expect(reports).toHaveLength(2)
    await store.close()
  })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
