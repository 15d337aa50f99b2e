import { fromHex } from '../../data/hex.ts'
import { GlowwormError } from '../../errors.ts'
import type { Hex } from '../../ledgers/ethereum/evidence.ts'
import type { Verified } from '../../ledgers/verified.ts'
import type { Answer, HeadChoice, LightClient } from '../light-client.ts'
import { openClient } from './open-client.ts'
import { type ChainOptions, type CommandLine, text, UsageError } from './options.ts'
import type { Output } from './output.ts'

/** Proven values by name: what to ask the client for, and how a person reads it. */
type Getter = (client: LightClient, subject: Hex, at: HeadChoice, line: CommandLine) => Promise<Reading | null>

/** A proven value, or one field of it, with the proof it was read from. */
interface Reading {
  readonly value: unknown
  readonly proof: Verified<unknown>
}

const GETTERS: Readonly<
  Record<string, { subject: 'address' | 'transaction hash'; get: Getter; show: (value: never) => string }>
> = {
  balance: {
    subject: 'address',
    get: async (client, address, at) => reading(await client.account(address, at), (account) => account.balance),
    show: (wei: bigint) => `${wei} wei`,
  },
  nonce: {
    subject: 'address',
    get: async (client, address, at) => reading(await client.account(address, at), (account) => account.nonce),
    show: (nonce: bigint) => String(nonce),
  },
  code: {
    subject: 'address',
    get: async (client, address, at) => reading(await client.code(address, at)),
    show: (code: Hex) => code,
  },
  storage: {
    subject: 'address',
    get: async (client, address, at, line) => reading(await client.storage(address, slotOf(line), at)),
    show: (value: Hex) => value,
  },
  receipt: {
    subject: 'transaction hash',
    get: async (client, hash) => {
      const answer = await client.receipt(hash)
      return answer && reading(answer)
    },
    show: (receipt: { success: boolean; gasUsed: bigint; blockNumber: bigint }) =>
      `${receipt.success ? 'succeeded' : 'failed'} in block ${receipt.blockNumber}, ${receipt.gasUsed} gas`,
  },
}

/** What is asked for, read before anybody is asked for it. */
export interface GetQuestion {
  readonly what: string
  readonly subject: Hex
  readonly at: HeadChoice
}

/** @throws {UsageError | InvalidInput} */
export function readGet(line: CommandLine): GetQuestion {
  const [, what, subject, ...surplus] = line.words
  const known = Object.keys(GETTERS)
  if (what === undefined)
    throw new UsageError(`get what? Expected one of ${known.join(', ')}, and an address or a transaction hash`)
  if (!Object.hasOwn(GETTERS, what))
    throw new UsageError(`get ${what.slice(0, 40)}: expected one of ${known.join(', ')}`)
  const wanted = GETTERS[what]!.subject
  if (subject === undefined) throw new UsageError(`get ${what}: of which ${wanted}? It is missing`)
  if (surplus.length > 0) throw new UsageError(`surplus words: ${surplus.join(' ')}`)
  fromHex(subject, wanted, wanted === 'address' ? 20 : 32)
  const at = text(line.values.at) ?? 'finalized'
  if (at !== 'finalized' && at !== 'optimistic') throw new UsageError('--at: expected finalized or optimistic')
  if (what === 'storage') slotOf(line)
  return { what, subject: subject.toLowerCase() as Hex, at }
}

/** `glowworm get WHAT SUBJECT`: one proven value. @throws {GlowwormError} */
export async function get(
  { what, subject, at }: GetQuestion,
  line: CommandLine,
  options: ChainOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const getter = GETTERS[what]!
  const { client, close } = await openClient(options, output, signal)
  try {
    await client.ready(signal)
    const answer = await getter.get(client, subject, at, line)
    if (!answer) throw new UnknownTransaction(subject)
    const { value, proof } = answer
    output.result(
      {
        network: options.profile.name,
        what,
        subject,
        // Wei as text: a JSON number would round above 2^53.
        value: what === 'balance' ? String(value) : value,
        block: {
          number: proof.anchor.height,
          hash: proof.anchor.hash,
          time: new Date(proof.anchor.time).toISOString(),
        },
        finality: proof.finality.level,
        method: proof.method,
        ...(options.asOf === null ? {} : { asOf: new Date(options.asOf).toISOString() }),
      },
      [
        ...(options.asOf === null ? [] : [`historical: judged as of ${new Date(options.asOf).toISOString()}, not now`]),
        getter.show(value as never),
        `${proof.finality.words} · block ${proof.anchor.height} of ${new Date(proof.anchor.time).toISOString()} · ${proof.method}`,
      ],
    )
  } finally {
    await close()
  }
}

function reading<T>(answer: Answer<T>, pick: (value: T) => unknown = (value) => value): Reading {
  return { value: pick(answer.verified.value), proof: answer.verified }
}

function slotOf(line: CommandLine): Hex {
  const slot = text(line.values.slot)
  if (slot === undefined || !/^(0x[0-9a-fA-F]{1,64}|\d{1,78})$/.test(slot))
    throw new UsageError('--slot: expected a number or 0x hex')
  return `0x${BigInt(slot).toString(16).padStart(64, '0')}`
}

/** No source knows a proven block with this transaction. That is ignorance, not proof that there is none. */
export class UnknownTransaction extends GlowwormError {
  constructor(hash: string) {
    super(
      { name: 'Cli.UnknownTransaction', code: 'UNKNOWN_TRANSACTION', kind: 'unprovable' },
      `no source knows a proven block that contains transaction ${hash}; that does not prove there is none`,
      { next: 'Wait for its inclusion, or ask another source.' },
    )
  }
}
