/** `devnet`: runs the devnet until it is told to stop. @module */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Devnet, type DevnetOptions, startDevnet } from './devnet.ts'
import { DevnetError, InvalidOption } from './errors.ts'
import { parseForks } from './forks.ts'
import { type Liar, startLiar } from './liar/liar.ts'

const HELP = `Usage: node devnet/bin/devnet.mjs [options]

An embedded Ethereum chain whose sync committees sign real light-client data.
Not a beacon node: light-client-valid, not state-transition-valid. Coins on it are worth nothing.

  --slot-seconds N     whole seconds per slot (2)
  --forks LIST         fork epochs, e.g. capella:0,deneb:2,electra:4,fulu:30,gloas:60 (electra:0)
  --periods N          sync committee periods that lie behind the start (3)
  --validators N       (64)
  --chain-id N         (1337)
  --participation P    share of committee seats that sign, 0 to 1 (30 to 32 of 32 seats)
  --miss-every N       nobody proposes at every Nth slot
  --no-finality        no epoch is justified after the start
  --port N             loopback port of the beacon interface; N+1 execution, N+2 faucet (free ones)
  --liar               also start a liar before it; set its mode with POST /liar {"mode": …}
  --profile-out FILE   write the network profile to FILE
  --json               print the network profile as one line of JSON instead of prose
  --help
`

/** Runs until SIGINT or SIGTERM. Resolves with the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await run(args)
  } catch (error) {
    if (error instanceof DevnetError) {
      process.stderr.write(`${error.message}\n`)
      return error instanceof InvalidOption ? 2 : 1
    }
    throw error
  }
}

async function run(args: readonly string[]): Promise<number> {
  const values = parseOptions(args)
  if (values.help) {
    process.stdout.write(HELP)
    return 0
  }
  const stopped = stopSignal()
  const devnet = await startDevnet(devnetOptions(values))
  let liar: Liar | undefined
  try {
    if (values['no-finality']) devnet.conditions.justifies = () => false
    if (values.liar) liar = await startLiar(devnet)
    const profile = JSON.stringify(devnet.profile)
    const file = values['profile-out']
    if (file !== undefined) writeFileSync(file, `${JSON.stringify(devnet.profile, undefined, 2)}\n`)
    if (values.json) process.stdout.write(`${profile}\n`)
    else process.stdout.write(describe(devnet, liar))
    await stopped
    return 0
  } finally {
    await liar?.close()
    await devnet.close()
  }
}

function describe(devnet: Devnet, liar: Liar | undefined): string {
  const { profile } = devnet
  return `beacon      ${devnet.beaconUrl}
execution   ${devnet.executionUrl}
faucet      POST ${devnet.faucetUrl} {"address": "0x…"}
checkpoint  ${devnet.checkpoint}
chain id    ${profile.chainId}, ${profile.secondsPerSlot} s per slot, head slot ${devnet.chain.head().slot}
account     ${devnet.accounts[0]?.address} (well-known key, 10,000 worthless ETH)
${liar ? `liar        ${liar.beaconUrl} and ${liar.executionUrl}\n` : ''}Ctrl-C stops it and leaves nothing behind.
`
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        'slot-seconds': { type: 'string' },
        forks: { type: 'string' },
        periods: { type: 'string' },
        validators: { type: 'string' },
        'chain-id': { type: 'string' },
        participation: { type: 'string' },
        'miss-every': { type: 'string' },
        'no-finality': { type: 'boolean' },
        port: { type: 'string' },
        liar: { type: 'boolean' },
        'profile-out': { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    throw new InvalidOption('command line', `${error instanceof Error ? error.message : String(error)} Try --help.`)
  }
}

function devnetOptions(values: ReturnType<typeof parseOptions>): DevnetOptions {
  const options: DevnetOptions = { conditions: {} }
  if (values['slot-seconds'] !== undefined) options.secondsPerSlot = number('--slot-seconds', values['slot-seconds'])
  if (values.periods !== undefined) options.pastPeriods = number('--periods', values.periods)
  if (values.validators !== undefined) options.validators = number('--validators', values.validators)
  if (values['chain-id'] !== undefined) options.chainId = number('--chain-id', values['chain-id'])
  if (values.port !== undefined) options.port = number('--port', values.port)
  if (values.forks !== undefined) options.forks = parseForks(values.forks)
  if (values.participation !== undefined) {
    const share = number('--participation', values.participation)
    options.conditions = { ...options.conditions, participation: () => share }
  }
  if (values['miss-every'] !== undefined) {
    const every = number('--miss-every', values['miss-every'])
    options.conditions = { ...options.conditions, misses: (slot) => slot % every === 0 }
  }
  return options
}

function number(option: string, text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidOption(option, `expected a number, got "${text}"`)
  return value
}

/** Resolves on the first SIGINT or SIGTERM, so that things can be closed in order. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}
