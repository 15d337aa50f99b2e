/**
 * Syncing over 46 real mainnet periods and what comes after, against other light clients: the same recorded answers
 * from loopback, in Node and in Chromium.
 * @module
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { readPageFile } from '../../pages/serve-folder.ts'
import { ensureChromium } from '../../run/ensure-chromium.ts'
import { vectorRoot } from '../../vector-files.ts'
import type { Row } from '../compare.ts'
import { installPeers } from '../peers/install.ts'
import type { SyncRow } from './goals.ts'
import type { Job } from './job.ts'
import { reportText } from './report-text.ts'
import { callRows, installRows, largeBlockRow, rowsOf, sizeRow } from './rows.ts'
import type { Extra } from './serve-recorded.ts'

const PLACES = ['node', 'chromium'] as const
const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** @param only `node` or `chromium`, to measure there alone. */
export async function run(only: string): Promise<SyncRow[]> {
  if (!vectorRoot)
    throw new Error('GLOWWORM_VECTORS is not set: the recorded periods are among the public test vectors')
  const say = (text: string) => void process.stderr.write(`${text}\n`)
  await installPeers(say, new URL('../peers/light-clients/', import.meta.url))
  process.env.CHROMIUM = await ensureChromium(say)
  buildPackage(say)
  // What imports peers can be loaded only now that they are there.
  const { compactAnswers } = await import('./compact-answers.ts')
  const { ADDRESS, denebNetwork, fuluNetwork } = await import('./recorded-network.ts')
  const { serveRecorded } = await import('./serve-recorded.ts')
  const { preparePages } = await import('./chromium/run-in-chromium.ts')
  const { runRounds } = await import('./rounds.ts')

  const [deneb, fulu] = [await denebNetwork(), await fuluNetwork()]
  const compact = await compactAnswers(deneb)
  const pages = await preparePages()
  const extra: Extra = async (method, path, body) => {
    if (method === 'GET') return readPageFile(pages.folder, path)
    const bytes = path === '/compact' && method === 'POST' ? compact.answer(JSON.parse(body)) : null
    return bytes && { body: bytes, type: 'application/octet-stream' }
  }
  const server = await serveRecorded(deneb, extra)
  const fuluServer = await serveRecorded(fulu, extra)
  const { checkpoint, now } = deneb
  const job: Job = { url: server.url, checkpoint, now, address: ADDRESS, block: 'latest' }
  const fuluJob: Job = {
    checkpoint: fulu.checkpoint,
    now: fulu.now,
    url: fuluServer.url,
    address: null,
    block: 'finalized',
  }
  const balance = deneb.accountProof!.balance
  try {
    const rows: SyncRow[] = []
    for (const where of PLACES.filter((place) => only === '' || place === only)) {
      const measured = await runRounds({ where, job, server, pages, say })
      rows.push(...rowsOf(where, measured, { balance, compactBytes: compact.bytes }))
      const large = await runRounds({ where, job: fuluJob, server: fuluServer, pages, say }, ['glowworm'])
      rows.push(largeBlockRow(where, large))
    }
    if (only !== 'chromium') {
      say('node: calls')
      rows.push(...callRows(runCalls()))
    }
    if (only !== 'node') {
      rows.push(...(await installRows(job, balance, server, pages, say)))
      rows.push(await sizeRow())
    }
    return rows
  } finally {
    await Promise.all([server.close(), fuluServer.close(), pages.close()])
  }
}

/** In Node the package is measured as it is shipped. */
function buildPackage(say: (text: string) => void): void {
  say('building the light client')
  const { status } = spawnSync(process.execPath, ['light-client/build.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) throw new Error('the light client could not be built')
}

/** The suite of calls, in a process of its own: its devnet has another preset than mainnet. */
function runCalls(): Row[] {
  const suite = fileURLToPath(new URL('../../bin/bench.mjs', import.meta.url))
  const { status, stdout } = spawnSync(process.execPath, ['--conditions=source', suite, 'calls', '--json'], {
    encoding: 'utf8',
    env: { ...process.env, LODESTAR_PRESET: 'minimal' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (status !== 0) throw new Error('the suite of calls failed')
  return JSON.parse(stdout) as Row[]
}

export function present(rows: readonly SyncRow[]): string {
  return reportText(rows)
}
