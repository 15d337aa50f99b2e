/** Runs Lodestar's light client in its own process, with the packages that the benchmark installs. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { installPeers } from '../bench/peers/install.ts'

const FOLDER = new URL('../bench/peers/light-clients/', import.meta.url)

export interface JudgedUpdate {
  /** Name of the fork of the attested slot. */
  readonly fork: string
  readonly ssz: string
}

export interface Case {
  readonly preset: 'mainnet' | 'minimal'
  readonly forks: readonly { readonly name: string; readonly epoch: number; readonly version: string }[]
  readonly genesisValidatorsRoot: string
  readonly checkpoint: string
  readonly bootstrap: JudgedUpdate
  readonly currentSlot: number
  readonly steps: readonly { readonly update: JudgedUpdate; readonly onTheWay: boolean }[]
}

export interface Store {
  readonly finalized: { readonly slot: number; readonly period: number; readonly root: string }
  readonly optimistic: { readonly slot: number; readonly period: number; readonly root: string }
  /** Root of the keys by period. */
  readonly committees: Readonly<Record<string, string>>
}

export interface Judgement {
  readonly first: Store
  readonly verdicts: readonly { readonly accepted: boolean; readonly reason?: string; readonly store: Store }[]
}

export async function judgeByLodestar({ preset, ...chain }: Case): Promise<Judgement> {
  await installPeers((text) => process.stdout.write(`  ${text}\n`), FOLDER)
  const child = spawn(process.execPath, [fileURLToPath(new URL('lodestar-judge.mjs', FOLDER))], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, LODESTAR_PRESET: preset, NODE_OPTIONS: '' },
  })
  const output: Buffer[] = []
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk
  })
  child.stdin.end(JSON.stringify(chain))
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (code !== 0) throw new Error(`Lodestar's light client ended with ${code}: ${errors.slice(-2000)}`)
  return JSON.parse(Buffer.concat(output).toString())
}
