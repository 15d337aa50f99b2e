/** `npm start`. @module */
import { fileURLToPath } from 'node:url'
import { GlowwormError } from '@glowworm/light-client/errors'
import { DevnetError, InvalidOption } from '../errors.ts'
import { startBridge } from './bridge.ts'
import { buildMissing, partsToBuild } from './build.ts'
import { openPage } from './open-page.ts'
import { HELP, parseStartOptions } from './options.ts'
import { printJson, printProse } from './progress.ts'
import { type StartParts, start } from './start.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[/\\]$/, '')

/** Runs until SIGINT or SIGTERM. Resolves with the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const options = parseStartOptions(args)
    if (options === 'help') {
      process.stdout.write(HELP)
      return 0
    }
    const stopped = stopSignal()
    const progress = options.json ? printJson(process.stdout) : printProse(process.stdout, process.env)
    const parts: StartParts = {
      root: ROOT,
      build: async (report) => buildMissing(ROOT, await partsToBuild(ROOT), report),
      startBridge,
      openPage: process.stdout.isTTY ? openPage : undefined,
    }
    const started = start(options, parts, progress)
    if ((await Promise.race([stopped, started])) !== 'stop') await stopped
    progress.end('stopping')
    // Ctrl-C also reaches a build that is still running; that it fails then is no news.
    const running = await started.catch(() => undefined)
    await running?.close()
    return 0
  } catch (error) {
    if (!(error instanceof DevnetError || error instanceof GlowwormError)) throw error
    const next = error instanceof GlowwormError && error.next ? `\n${error.next}` : ''
    process.stderr.write(`${error.message}${next}\n`)
    return error instanceof InvalidOption ? 2 : 1
  }
}

/** Resolves on the first Ctrl-C, so that things can be closed in order. A second one ends the process at once. */
function stopSignal(): Promise<'stop'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve('stop'))
  })
}
