/** The command line of `glowworm`, read once and checked. @module */
import { parseArgs } from 'node:util'
import { fromHex } from '../../data/hex.ts'
import { GlowwormError, InvalidInput } from '../../errors.ts'
import { readText } from '../../infrastructure/files.ts'
import type { EthereumTrust } from '../../ledgers/ethereum/consensus.ts'
import type { Hex } from '../../ledgers/ethereum/evidence.ts'
import { type NetworkProfile, parseProfile } from '../../ledgers/ethereum/profile.ts'
import { PROFILES } from '../../ledgers/ethereum/profiles.ts'
import { FORCE_UPDATE_RISK, FORCE_UPDATE_WORDS } from '../force-update-words.ts'

const OPTIONS = {
  network: { type: 'string' },
  checkpoint: { type: 'string' },
  'checkpoint-from': { type: 'string', multiple: true },
  'earlier-checkpoint': { type: 'string', multiple: true },
  beacon: { type: 'string', multiple: true },
  execution: { type: 'string', multiple: true },
  peer: { type: 'string', multiple: true },
  'beacon-states': { type: 'boolean' },
  'consensus-peer': { type: 'string', multiple: true },
  once: { type: 'boolean' },
  'force-update': { type: 'string' },
  'as-of': { type: 'string' },
  'max-checkpoint-age': { type: 'string' },
  data: { type: 'string' },
  out: { type: 'string' },
  trust: { type: 'string' },
  at: { type: 'string' },
  slot: { type: 'string' },
  'ws-port': { type: 'string' },
  'webrtc-port': { type: 'string' },
  'tcp-port': { type: 'string' },
  'quic-port': { type: 'string' },
  'stun-port': { type: 'string' },
  'relay-only': { type: 'boolean' },
  'consensus-port': { type: 'string' },
  port: { type: 'string' },
  timeout: { type: 'string' },
  'call-seconds': { type: 'string' },
  'allow-origin': { type: 'string', multiple: true },
  host: { type: 'string' },
  announce: { type: 'string', multiple: true },
  'operations-port': { type: 'string' },
  'mailbox-port': { type: 'string' },
  redis: { type: 'string' },
  drain: { type: 'string' },
  'low-memory': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const

export interface CommandLine {
  readonly words: readonly string[]
  readonly help: boolean
  readonly version: boolean
  readonly json: boolean
  readonly values: Readonly<Record<string, string | boolean | string[] | undefined>>
}

/** @throws {UsageError} */
export function readCommandLine(args: readonly string[]): CommandLine {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: OPTIONS,
      allowPositionals: true,
      strict: true,
    })
    return {
      words: positionals,
      help: values.help ?? false,
      version: values.version ?? false,
      json: values.json ?? false,
      values,
    }
  } catch (cause) {
    throw new UsageError(misuse(cause as Error & { code?: string }))
  }
}

/** What is wrong with the command line, without the advice that Node adds for programs of another kind. */
function misuse({ code, message }: Error & { code?: string }): string {
  const option = /'(?:-\w, )?(--?[^' ]+)/.exec(message)?.[1] ?? 'an option'
  if (message.includes('ambiguous'))
    return `${option}: a value is missing (one that begins with "-" is written ${option}=VALUE)`
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `unknown option ${option}`
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE')
    return `${option}: ${message.includes('does not take') ? 'takes no value' : 'a value is missing'}`
  return message
}

export interface ChainOptions {
  readonly profile: NetworkProfile
  readonly checkpoint: Hex
  readonly beacon: readonly string[]
  readonly execution: readonly string[]
  readonly peers: readonly string[]
  /** Old blocks are proven by whole states of the beacon nodes. */
  readonly beaconStates: boolean
  /** Consensus nodes over libp2p; for a bridge only. */
  readonly consensusPeers: readonly string[]
  readonly once: boolean
  /** The words that force an update; null: none is. */
  readonly forceUpdate: string | null
  /** Milliseconds since the epoch, when ages are judged by another time than now. */
  readonly asOf: number | null
  readonly maxAgeDays: number | undefined
  readonly dataFolder: string | null
}

/** What the command line says to believe. */
export function trustOf({ checkpoint, maxAgeDays }: ChainOptions): EthereumTrust {
  return { checkpoint, ...(maxAgeDays === undefined ? {} : { maxAgeDays }) }
}

/** Finds a checkpoint among operators; given by the caller, since asking them is an effect. */
export type AgreeOn = (operators: readonly string[], profile: NetworkProfile, dataFolder: string | null) => Promise<Hex>

/** The options that every command on a chain shares. @throws {GlowwormError} */
export async function readChainOptions(line: CommandLine, agreeOn: AgreeOn): Promise<ChainOptions> {
  const { values } = line
  const profile = await networkOf(line)
  const dataFolder = text(values.data) ?? null
  const operators = operatorsOf(line)
  if (operators && values.checkpoint !== undefined)
    throw new UsageError('give --checkpoint or --checkpoint-from, not both')
  const checkpoint = operators
    ? await agreeOn(operators, profile, dataFolder)
    : (text(values.checkpoint) ?? profile.checkpoint)
  if (!checkpoint)
    throw new UsageError(
      `--checkpoint is needed: a finalized block root of ${profile.name} from a place you trust, or --checkpoint-from with several independent operators to ask`,
    )
  fromHex(checkpoint, '--checkpoint', 32)
  // Sources that were named replace those of the profile: nobody else is asked behind the user's back.
  const consensusPeers = list(values['consensus-peer']) ?? []
  if (consensusPeers.length > 0 && line.words[0] !== 'bridge')
    throw new UsageError('--consensus-peer is for `bridge`; other commands take the bridge with --peer')
  const named = values.beacon !== undefined || values.peer !== undefined || consensusPeers.length > 0
  const beacon = list(values.beacon) ?? (named ? [] : [...profile.sources.beacon])
  const execution = list(values.execution) ?? (values.peer !== undefined ? [] : [...profile.sources.execution])
  const peers = list(values.peer) ?? (named || values.execution ? [] : [...profile.sources.peers])
  if (beacon.length + peers.length + consensusPeers.length === 0)
    throw new UsageError('no source of headers: give --beacon URL or --peer MULTIADDR')
  return {
    profile,
    checkpoint: checkpoint.toLowerCase() as Hex,
    beacon,
    execution,
    peers,
    beaconStates: values['beacon-states'] === true,
    consensusPeers,
    once: values.once === true,
    forceUpdate: readForceUpdate(line),
    ...readAge(line),
    dataFolder,
  }
}

/** The network profile that `--network` names. @throws {UsageError | InvalidInput} */
export const networkOf = ({ values }: CommandLine): Promise<NetworkProfile> =>
  readProfile(text(values.network) ?? 'mainnet')

export const operatorsOf = ({ values }: CommandLine): string[] | undefined => list(values['checkpoint-from'])

async function readProfile(network: string): Promise<NetworkProfile> {
  if (Object.hasOwn(PROFILES, network)) return PROFILES[network]!
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(network))
    throw new UsageError(
      `--network: a profile is a file, and ${network.slice(0, 80)} is an address: save it and give its path`,
    )
  if (!/[./\\]/.test(network))
    throw new UsageError(
      `unknown network "${network}": expected ${Object.keys(PROFILES).join(', ')}, or the path of a profile`,
    )
  let json: unknown
  try {
    json = JSON.parse(await readText(network))
  } catch (cause) {
    throw new UsageError(`the network profile ${network} cannot be read: ${(cause as Error).message}`)
  }
  return parseProfile(json)
}

function readForceUpdate({ words, values }: CommandLine): string | null {
  const said = text(values['force-update'])
  if (said === undefined) return null
  if (words[0] !== 'sync') throw new UsageError('--force-update goes with sync only')
  if (said === FORCE_UPDATE_WORDS) return said
  throw new UsageError(
    `--force-update: ${FORCE_UPDATE_RISK} If you mean it, say: --force-update "${FORCE_UPDATE_WORDS}"`,
  )
}

/** By which time ages are judged, and how old a checkpoint may be. */
export function readAge({ values }: CommandLine): Pick<ChainOptions, 'asOf' | 'maxAgeDays'> {
  return { asOf: readTime(text(values['as-of'])), maxAgeDays: readDays(text(values['max-checkpoint-age'])) }
}

function readTime(value: string | undefined): number | null {
  if (value === undefined) return null
  const time = /^\d{9,}$/.test(value) ? Number(value) * 1000 : Date.parse(value)
  if (!Number.isFinite(time))
    throw new InvalidInput('--as-of', 'expected a date like 2025-01-31T12:00:00Z, or Unix seconds')
  return time
}

function readDays(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const days = Number(value)
  if (!(days > 0) || !Number.isFinite(days))
    throw new InvalidInput('--max-checkpoint-age', 'expected a number of days above 0')
  return days
}

export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
export const list = (value: unknown): string[] | undefined => (Array.isArray(value) ? (value as string[]) : undefined)

/** A port number from the command line. @throws {UsageError} */
export function port(value: unknown, option: string): number | undefined {
  if (value === undefined) return undefined
  const number = Number(value)
  if (!Number.isInteger(number) || number < 0 || number > 65535)
    throw new UsageError(`${option}: expected a port from 0 to 65535`)
  return number
}

/** Milliseconds from an option that is given in seconds, at most an hour. @throws {UsageError} */
export function seconds(value: unknown, option: string): number | undefined {
  if (value === undefined) return undefined
  const number = Number(value)
  if (!(number >= 0 && number <= 3600)) throw new UsageError(`${option}: expected seconds from 0 to 3600`)
  return number * 1000
}

/** How many seconds something may take. @throws {UsageError} */
export function timeLimit(value: unknown, option: string): number | undefined {
  if (value === undefined) return undefined
  const number = Number(value)
  if (!(number > 0) || number > 86_400) throw new UsageError(`${option}: expected seconds above 0, at most 86400`)
  return number
}

/** The command line cannot be understood. */
export class UsageError extends GlowwormError {
  constructor(message: string) {
    super({ name: 'Cli.UsageError', code: 'USAGE', kind: 'usage' }, message, { next: 'See --help.' })
  }
}
