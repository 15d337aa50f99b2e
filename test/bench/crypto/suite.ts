/**
 * The crypto core against its peers, under Node and in Chromium.
 * @module
 */
import { ensureChromium } from '../../run/ensure-chromium.ts'
import type { PlacedRow } from '../compare.ts'
import { installPeers } from '../peers/install.ts'
import { instantiation } from './instantiation.ts'
import { reportText } from './report-text.ts'
import { writeReport } from './write-report.ts'

/** @param only takes part of the names, to measure a few. */
export async function run(only: string): Promise<PlacedRow[]> {
  const say = (text: string) => void process.stderr.write(`${text}\n`)
  await installPeers(say)
  process.env.CHROMIUM = await ensureChromium(say)
  // What imports peers can be loaded only now that they are there.
  const { runContests } = await import('./run-contests.ts')
  const { nativeContests } = await import('./contests/native.ts')
  const { runInChromium } = await import('./chromium/run-in-chromium.ts')
  return [
    ...(await runContests({ where: 'node', only, say, more: [nativeContests] })),
    ...(await instantiation('node', only)),
    ...(await runInChromium(say, only)),
  ]
}

/** The table, and where the report with charts was written. */
export async function present(rows: readonly PlacedRow[]): Promise<string> {
  return `${reportText(rows)}\nreport with charts: ${await writeReport(rows)}\n`
}
