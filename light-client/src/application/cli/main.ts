import { StaleCheckpoint } from '../../consensus/checkpoint-age.ts'
import { prepareFolder } from '../../infrastructure/folders.ts'
import { PRODUCT } from '../../product.ts'
import { bridge } from './bridge.ts'
import { agreedCheckpoint, checkpoint, warnOfLongTrust } from './checkpoint.ts'
import { EXIT_INTERRUPTED, within } from './ending.ts'
import { get, readGet } from './get.ts'
import { HELP } from './help.ts'
import { readChainOptions, readCommandLine, text, timeLimit, UsageError } from './options.ts'
import { createOutput, EXIT_CODES } from './output.ts'
import { prove, readQuestions, relink, show, verify } from './receipt.ts'
import { recoveryOptions } from './recovery.ts'
import { relay } from './relay.ts'
import { serve } from './serve.ts'
import { describeReport, syncAndFollow, syncOnce } from './sync.ts'

const OPTIONS_ONLY: ReadonlySet<string> = new Set(['sync', 'checkpoint', 'serve', 'bridge'])

/** Seconds after which a command that answers once gives up. */
const PATIENCE = 120

/** Runs one command line. @returns the exit code */
export async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  const json = args.includes('--json')
  const output = createOutput(json, process.stdout, process.stderr)
  let endless = false
  let command: string | undefined
  let dataFolder: string | null = null
  try {
    const line = readCommandLine(args)
    command = line.words[0]
    dataFolder = text(line.values.data) ?? null
    endless = command === 'serve' || command === 'bridge' || (command === 'sync' && line.values.once !== true)
    if (line.version) {
      process.stdout.write(`${PRODUCT.slug} ${PRODUCT.version}\n`)
      return EXIT_CODES.ok
    }
    if (line.help || command === undefined) {
      process.stdout.write(`${HELP}\n`)
      return line.help ? EXIT_CODES.ok : EXIT_CODES.usage
    }
    if (OPTIONS_ONLY.has(command) && line.words.length > 1)
      throw new UsageError(`"${line.words[1]}" is a word too many: ${command} takes options only`)
    if (dataFolder !== null && line.values['as-of'] === undefined) await prepareFolder(dataFolder, '--data')
    const patience = timeLimit(line.values.timeout, '--timeout') ?? PATIENCE
    const once = <T>(work: (signal: AbortSignal) => Promise<T>) => within(patience, signal, work)
    const chainOptions = async (signal: AbortSignal) => {
      const options = await readChainOptions(line, (operators, profile, dataFolder) =>
        agreedCheckpoint(operators, profile, dataFolder, output, signal),
      )
      warnOfLongTrust(options, output)
      return options
    }
    switch (command) {
      case 'checkpoint':
        await once((signal) => checkpoint(line, output, signal))
        return EXIT_CODES.ok
      case 'sync': {
        if (endless) await syncAndFollow(await chainOptions(signal), output, json, signal)
        else
          await once(async (signal) => {
            const options = await chainOptions(signal)
            const report = await syncOnce(options, output, signal)
            output.result(report, describeReport(report, options))
          })
        return EXIT_CODES.ok
      }
      case 'get': {
        const question = readGet(line)
        await once(async (signal) => get(question, line, await chainOptions(signal), output, signal))
        return EXIT_CODES.ok
      }
      case 'prove': {
        const questions = readQuestions(line)
        await once(async (signal) => prove(questions, line, await chainOptions(signal), output, signal))
        return EXIT_CODES.ok
      }
      case 'relink':
        await once(async (signal) => relink(line, await chainOptions(signal), output, signal))
        return EXIT_CODES.ok
      case 'verify':
        return await verify(line, output)
      case 'show':
        await show(line, output)
        return EXIT_CODES.ok
      case 'bridge':
        if (line.values['relay-only']) await relay(line, output, signal)
        else await bridge(line, await chainOptions(signal), output, signal)
        return EXIT_CODES.ok
      case 'serve':
        await serve(line, await chainOptions(signal), output, signal)
        return EXIT_CODES.ok
      default:
        throw new UsageError(`unknown command "${command}"`)
    }
  } catch (cause) {
    // What was thrown after an interruption is only its echo.
    if (signal.aborted) return endless ? EXIT_CODES.ok : EXIT_INTERRUPTED
    const isStart = cause instanceof StaleCheckpoint && command !== 'verify'
    return output.fail(cause, isStart ? recoveryOptions(cause, dataFolder) : [])
  }
}
