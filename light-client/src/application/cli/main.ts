import { PRODUCT } from '../../product.ts'
import { bridge } from './bridge.ts'
import { agreedCheckpoint, checkpoint, warnOfLongTrust } from './checkpoint.ts'
import { get } from './get.ts'
import { HELP } from './help.ts'
import { readChainOptions, readCommandLine, UsageError } from './options.ts'
import { createOutput, EXIT_CODES } from './output.ts'
import { prove, relink, show, verify } from './receipt.ts'
import { relay } from './relay.ts'
import { serve } from './serve.ts'
import { describeReport, syncAndFollow, syncOnce } from './sync.ts'

/** Runs one command line. @returns the exit code */
export async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  const json = args.includes('--json')
  const output = createOutput(json, process.stdout, process.stderr)
  try {
    const line = readCommandLine(args)
    const command = line.words[0]
    if (line.version) {
      process.stdout.write(`${PRODUCT.slug} ${PRODUCT.version}\n`)
      return EXIT_CODES.ok
    }
    if (line.help || command === undefined) {
      process.stdout.write(`${HELP}\n`)
      return line.help ? EXIT_CODES.ok : EXIT_CODES.usage
    }
    const chainOptions = async () => {
      const options = await readChainOptions(line, (operators, profile, dataFolder) =>
        agreedCheckpoint(operators, profile, dataFolder, output, signal),
      )
      warnOfLongTrust(options, output)
      return options
    }
    switch (command) {
      case 'checkpoint':
        await checkpoint(line, output, signal)
        return EXIT_CODES.ok
      case 'sync': {
        const options = await chainOptions()
        if (options.once) {
          const report = await syncOnce(options, output, signal)
          output.result(report, describeReport(report, options))
        } else await syncAndFollow(options, output, json, signal)
        return EXIT_CODES.ok
      }
      case 'get':
        await get(line, await chainOptions(), output, signal)
        return EXIT_CODES.ok
      case 'prove':
        await prove(line, await chainOptions(), output, signal)
        return EXIT_CODES.ok
      case 'relink':
        await relink(line, await chainOptions(), output, signal)
        return EXIT_CODES.ok
      case 'verify':
        return await verify(line, output)
      case 'show':
        await show(line, output)
        return EXIT_CODES.ok
      case 'bridge':
        if (line.values['relay-only']) await relay(line, output, signal)
        else await bridge(line, await chainOptions(), output, signal)
        return EXIT_CODES.ok
      case 'serve':
        await serve(line, await chainOptions(), output, signal)
        return EXIT_CODES.ok
      default:
        throw new UsageError(`unknown command "${command}"`)
    }
  } catch (cause) {
    return output.fail(cause)
  }
}
