import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'

const BIN = fileURLToPath(new URL('../bin/devnet.mjs', import.meta.url))
/** As the scripts of the project start them. */
const SOURCES = '--conditions=source'
const START = fileURLToPath(new URL('../bin/start.mjs', import.meta.url))
let child: ChildProcess | undefined
afterEach(() => {
  child?.kill('SIGKILL')
})

async function run(...args: string[]) {
  const started = spawn(process.execPath, [SOURCES, BIN, '--json', '--periods', '1', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child = started
  let printed = ''
  const first = new Promise<string>((resolve, reject) => {
    started.stdout.on('data', (chunk: Buffer) => {
      printed += chunk
      const end = printed.indexOf('\n')
      if (end >= 0) resolve(printed.slice(0, end))
    })
    started.on('exit', (code) => reject(new Error(`ended with ${code}: ${printed}`)))
  })
  const profile = JSON.parse(await first) as { sources: { execution: string[]; beacon: string[] }; checkpoint: string }
  return { started, profile }
}

/** Ids of anvil processes that descend from `parent`, by their parent chain in /proc. */
function anvilsOf(parent: number): number[] {
  const parents = new Map<number, number>()
  const anvils: number[] = []
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8')
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
      if (stat.includes('(anvil)')) anvils.push(Number(entry))
    } catch {
      // The process ended between the listing and the reading.
    }
  }
  const descends = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === parent || descends(parents.get(pid)))
  return anvils.filter(descends)
}
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
async function gone(pids: number[]): Promise<void> {
  await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([])
}
const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('glowworm-devnet-'))

it.skipIf(process.platform !== 'linux').each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
  'leaves no process behind after %s',
  async (signal) => {
    const before = folders()
    const { started, profile } = await run()
    const anvils = anvilsOf(started.pid!)
    expect(anvils).toHaveLength(1)
    const own = folders().filter((name) => !before.includes(name))
    const genesis = await fetch(`${profile.sources.beacon[0]}/eth/v1/beacon/genesis`)
    expect(genesis.status).toBe(200)
    const ended = once(started, 'exit')
    started.kill(signal)
    const [code] = await ended
    expect(code).toBe(signal === 'SIGKILL' ? null : 0)
    await gone(anvils)
    await expect.poll(() => folders().filter((name) => own.includes(name) && anvils.length > 0)).toEqual([])
    await expect(fetch(profile.sources.execution[0]!)).rejects.toThrow()
  },
)

it('passes slots with the clock', async () => {
  const { profile } = await run('--slot-seconds', '1')
  const head = async () => {
    const answer = await fetch(`${profile.sources.beacon[0]}/eth/v1/beacon/headers/head`)
    return Number(
      ((await answer.json()) as { data: { header: { message: { slot: string } } } }).data.header.message.slot,
    )
  }
  const first = await head()
  await expect.poll(head, { timeout: 10_000 }).toBeGreaterThan(first)
})

/** Runs a command to its end. */
async function finish(bin: string, ...args: string[]) {
  const started = spawn(process.execPath, [SOURCES, bin, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  child = started
  let said = ''
  for (const stream of [started.stdout, started.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk
    })
  const [code] = (await once(started, 'close')) as [number]
  return { code, said }
}

it('says what is wrong with an option, and what there is', async () => {
  const wrong = await finish(BIN, '--forks', 'phase0:0')
  expect([wrong.code, wrong.said]).toEqual([2, expect.stringMatching(/expected name:epoch/)])
  const help = await finish(BIN, '--help')
  expect([help.code, help.said]).toEqual([0, expect.stringMatching(/--slot-seconds/)])
})

it('npm start does the same', async () => {
  const wrong = await finish(START, '--port', 'none')
  expect([wrong.code, wrong.said]).toEqual([2, expect.stringMatching(/--port: expected a whole number/)])
  const help = await finish(START, '--help')
  expect([help.code, help.said]).toEqual([0, expect.stringMatching(/Usage: npm start/)])
})
