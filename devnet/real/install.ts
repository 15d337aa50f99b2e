/** Installs the two clients into their own folders on first use. @module */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DevnetError } from '../src/errors.ts'

const HERE = fileURLToPath(new URL('.', import.meta.url))
export const CONSENSUS = join(HERE, 'consensus')
export const EXECUTION = join(HERE, 'execution')

/** The Node 20 that both run on. */
export const NODE_20 = join(CONSENSUS, `node_modules/node-linux-${process.arch}/bin/node`)
const SNAPPY = join(CONSENSUS, 'node_modules/snappy')

/** @throws {RealNetworkNotInstalled} saying which step failed */
export async function installRealNetwork(report: (step: string) => void): Promise<void> {
  if (process.platform !== 'linux') throw new RealNetworkNotInstalled('it runs on Linux only')
  const npm = ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund']
  if (!existsSync(join(EXECUTION, 'node_modules/.bin/ethereumjs'))) {
    report('installing the execution client')
    await run(EXECUTION, npm)
  }
  if (!existsSync(join(CONSENSUS, 'node_modules/.bin/lodestar')) || !existsSync(NODE_20)) {
    report('installing the consensus client')
    await run(CONSENSUS, npm)
  }
  if (!existsSync(join(SNAPPY, 'build/Release/binding.node'))) {
    report('building its native add-on')
    // The headers of the very Node it will run on: nothing of the system's is assumed but a compiler.
    const nodedir = join(CONSENSUS, `node_modules/node-linux-${process.arch}`)
    await run(CONSENSUS, ['npm', 'rebuild', 'snappy', '--ignore-scripts=false', `--nodedir=${nodedir}`])
  }
}

function run(cwd: string, [command, ...args]: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    // Node 20 first where it is there already, so that what is built is built for it.
    const path = `${dirname(NODE_20)}:${process.env.PATH}`
    const child = spawn(command!, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PATH: path } })
    let tail = ''
    const keep = (chunk: Buffer) => {
      tail = (tail + chunk.toString()).slice(-2000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', (cause) => reject(new RealNetworkNotInstalled(`${command} cannot be started: ${cause.message}`)))
    child.on('close', (code) =>
      code === 0
        ? resolve()
        : reject(new RealNetworkNotInstalled(`"${command} ${args[0]}" ended with ${code}:\n${tail}`)),
    )
  })
}

/** The real clients could not be installed here. */
export class RealNetworkNotInstalled extends DevnetError {
  constructor(reason: string) {
    super('RealNetworkNotInstalled', 'REAL_NETWORK_NOT_INSTALLED', `the real network cannot be installed: ${reason}`)
  }
}
