/**
 * The wallet in Chromium, as the built page and as the extension's popup: what it weighs before anything can be seen,
 * and how long people wait. A network of our own on loopback carries the evidence, so times are the wallet's.
 * @module
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startDevnet } from '@glowworm/devnet'
import { measurePage } from './page.ts'
import { measurePopup } from './popup.ts'
import type { UiRow } from './rows.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const WALLET = at('../../../wallet-ui')
const GOALS: Readonly<Record<string, number>> = { first: 150, worker: 200 }
const WORDS: Readonly<Record<string, string>> = {
  first: 'first bundle, with the words of one language',
  worker: 'the worker behind the page',
}

/** @param only page or popup; both when empty */
export async function run(only = ''): Promise<UiRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'glowworm-bench-ui-'))
  const program = promisify(execFile)
  try {
    const rows: UiRow[] = []
    if (only !== 'popup') {
      await program(process.execPath, [at('../../../node_modules/vite/bin/vite.js'), 'build'], { cwd: WALLET })
      rows.push(...(await sizes(program)), ...(await onDevnet(measurePage)))
    }
    if (only !== 'page') {
      const extension = join(folder, 'extension')
      await program(process.execPath, [at('../../../extension/build.ts'), '--out', extension])
      rows.push(...(await onDevnet((devnet) => measurePopup(devnet, extension, join(folder, 'profile')))))
    }
    return rows
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** For `npm run bench -- ui` without `--json`. */
export async function present(rows: readonly UiRow[]): Promise<string> {
  const line = ({ name, value, unit, goal }: UiRow) =>
    `${name.padEnd(72)} ${String(value).padStart(7)} ${unit.padEnd(5)}${goal === null ? '' : ` at most ${goal}${value > goal ? ': short' : ''}`}\n`
  return rows.map(line).join('')
}

async function sizes(program: (file: string, args: string[]) => Promise<{ stdout: string }>): Promise<UiRow[]> {
  // Over budget it ends with an error, after it has printed; the rows say so, too.
  const { stdout } = await program(process.execPath, [join(WALLET, 'size.ts')]).catch((error) => error)
  return [...stdout.matchAll(/^(first|worker)\s+([\d.]+) KB gz of/gm)].map(([, part, size]) => ({
    name: WORDS[part!]!,
    value: Number(size),
    unit: 'KB gz',
    goal: GOALS[part!]!,
  }))
}

type Devnet = Awaited<ReturnType<typeof startDevnet>>

async function onDevnet(measure: (devnet: Devnet) => Promise<UiRow[]>): Promise<UiRow[]> {
  const devnet = await startDevnet({ secondsPerSlot: 1 })
  try {
    return await measure(devnet)
  } finally {
    await devnet.close()
  }
}
