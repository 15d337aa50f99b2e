/** The command line of `npm start`. @module */
import { parseArgs } from 'node:util'
import { InvalidOption } from '../errors.ts'

export const HELP = `Usage: npm start -- [options]

Builds what is missing, starts a network, a bridge and the wallet, and shows what is being verified.

  --network NAME       devnet (default: an embedded chain, coins worth nothing), mainnet, or the path of a profile
  --beacon URL         beacon node of a real network; may be repeated
  --execution URL      execution node of a real network; may be repeated
  --checkpoint ROOT    finalized block root to trust on a real network
  --slot-seconds N     seconds per slot of the devnet (2)
  --port N             loopback port of the wallet (4310)
  --no-open            do not open the wallet in the browser
  --json               print one JSON object per line instead of prose
  --help

Ctrl-C stops everything and leaves nothing behind.
`

export const DEFAULT_PORT = 4310

export interface StartOptions {
  readonly network: string
  readonly beacon: readonly string[]
  readonly execution: readonly string[]
  readonly checkpoint?: `0x${string}`
  readonly slotSeconds: number
  readonly port: number
  readonly open: boolean
  readonly json: boolean
}

/** @throws {InvalidOption} */
export function parseStartOptions(args: readonly string[]): StartOptions | 'help' {
  const values = parse(args)
  if (values.help) return 'help'
  for (const url of [...(values.beacon ?? []), ...(values.execution ?? [])])
    if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
      throw new InvalidOption('--beacon and --execution', `expected an http or https URL, got "${url}"`)
  const { checkpoint } = values
  if (checkpoint !== undefined && !isRoot(checkpoint))
    throw new InvalidOption('--checkpoint', `expected 0x and 64 hex digits, got "${checkpoint}"`)
  return {
    network: values.network ?? 'devnet',
    beacon: values.beacon ?? [],
    execution: values.execution ?? [],
    ...(checkpoint === undefined ? {} : { checkpoint }),
    slotSeconds: whole('--slot-seconds', values['slot-seconds'] ?? '2', 1, 3600),
    port: whole('--port', values.port ?? String(DEFAULT_PORT), 0, 65535),
    open: !values['no-open'],
    json: values.json ?? false,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        network: { type: 'string' },
        beacon: { type: 'string', multiple: true },
        execution: { type: 'string', multiple: true },
        checkpoint: { type: 'string' },
        'slot-seconds': { type: 'string' },
        port: { type: 'string' },
        'no-open': { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    throw new InvalidOption('command line', `${error instanceof Error ? error.message : String(error)} Try --help.`)
  }
}

const isRoot = (text: string): text is `0x${string}` => /^0x[0-9a-f]{64}$/i.test(text)

function whole(option: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new InvalidOption(option, `expected a whole number from ${least} to ${most}, got "${text}"`)
  return value
}
