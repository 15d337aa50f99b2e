/**
 * Whether the time of operations on secrets depends on them, measured: |t| of Welch's test between a fixed secret and
 * random ones, under both compilers of V8. Evidence only where it is large: above 10 the times differ, above 4.5 it is
 * worth a look. The control must be far above. Nothing here is asserted: see docs/constant-time.md.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Measured } from './measure.ts'

interface Row {
  readonly name: string
  /** The largest |t|. */
  readonly ours: number
  readonly unit: string
  readonly peer: null
  readonly peerName: null
  readonly ratio: null
}

const TIERS = { Liftoff: ['--liftoff-only'], TurboFan: ['--no-liftoff'] }

export async function run(): Promise<Row[]> {
  const rows: Row[] = []
  for (const [tier, flags] of Object.entries(TIERS)) {
    const script = fileURLToPath(new URL('measure.ts', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=source', ...flags, script])
    for (const { name, t, test, microseconds } of JSON.parse(stdout) as Measured[])
      rows.push({
        name: `${name}, ${tier}`,
        ours: Number(t.toFixed(2)),
        unit: `|t| in ${test}, at ${microseconds.toFixed(0)} us`,
        peer: null,
        peerName: null,
        ratio: null,
      })
  }
  return rows
}

export function present(rows: readonly Row[]): string {
  return rows.map(({ name, ours, unit }) => `${name.padEnd(36)} ${String(ours).padStart(8)} ${unit}\n`).join('')
}
