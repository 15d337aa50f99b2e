/** `npm run bench -- p2p`: transports, tabs and what a bridge bears, all on loopback. */
import { fileURLToPath } from 'node:url'
import { PAGE_PARTS, pageSize } from '../../../light-client/page-size.ts'
import { ensureChromium } from '../../run/ensure-chromium.ts'
import { NAMES, type P2pRow, row } from './goals.ts'
import { loadRows } from './load.ts'
import { reportText } from './report-text.ts'
import { soakRows } from './soak.ts'
import { tabRows } from './tab.ts'
import { chromiumTransportRows } from './transports-chromium.ts'
import { nodeTransportRows } from './transports-node.ts'

type Part = (say: (text: string) => void) => Promise<P2pRow[]>

const PARTS: Readonly<Record<string, Part>> = {
  size: async () => [row('chromium', NAMES.size, await swarmSize(), 'B')],
  node: nodeTransportRows,
  chromium: chromiumTransportRows,
  tab: tabRows,
  load: loadRows,
  soak: soakRows,
}
/** Ten minutes long: only when asked for. */
const MANUAL = new Set(['soak'])
const IN_CHROMIUM = new Set(['chromium', 'tab'])

const swarmSize = () =>
  pageSize(fileURLToPath(new URL('../../../light-client/', import.meta.url)), PAGE_PARTS.swarm.source)

/** @param only one of the parts; all but the manual ones when empty */
export async function run(only: string): Promise<P2pRow[]> {
  if (only !== '' && !Object.hasOwn(PARTS, only))
    throw new Error(`--only takes ${Object.keys(PARTS).join(', ')}, not ${only}`)
  const say = (text: string) => void process.stderr.write(`${text}\n`)
  const parts = only === '' ? Object.keys(PARTS).filter((part) => !MANUAL.has(part)) : [only]
  if (parts.some((part) => IN_CHROMIUM.has(part))) process.env.CHROMIUM = await ensureChromium(say)
  const rows: P2pRow[] = []
  for (const part of parts) rows.push(...(await PARTS[part]!(say)))
  return rows
}

export const present = (rows: readonly P2pRow[]): string => reportText(rows)
