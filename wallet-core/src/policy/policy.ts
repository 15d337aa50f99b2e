/**
 * What may be asked of a wallet by one site, or of one that runs without a person. Every rule that is there must hold; a
 * rule that is absent allows. docs/policy.md describes the file.
 * @module
 */
import type { Hex } from '@glowworm/light-client'
import { WalletError } from '../errors.ts'

export interface Policy {
  readonly version: 1
  /** JSON-RPC names of what may be asked for. Absent: everything the wallet can do. */
  readonly methods?: readonly string[]
  /** EIP-155 chain ids. */
  readonly chains?: readonly number[]
  /** Accounts that may act, in lower case. */
  readonly accounts?: readonly Hex[]
  /** Whom transactions may go to, and which contracts typed data may be for. */
  readonly contracts?: readonly AllowedContract[]
  readonly limits?: readonly Limit[]
  /** When, in UTC. One of them has to be open. */
  readonly windows?: readonly Window[]
  /** What is asked twice, or of two people. */
  readonly secondApproval?: SecondApproval
  /** ms since the epoch; nothing is allowed from then on. */
  readonly expiresAt?: number
}

export interface AllowedContract {
  /** Lower case. */
  readonly address: Hex
  /** Four-byte selectors that may be called, `0x` for none; absent: any. */
  readonly selectors?: readonly Hex[]
}

export interface Limit {
  /** `native`: what leaves with value and fees, in wei. Else a token's contract: what is sent or approved by calling it. */
  readonly asset: 'native' | Hex
  /** In the smallest unit. */
  readonly most: bigint
  /** In one transaction, or in any span of so many seconds. */
  readonly per: 'transaction' | number
}

export interface Window {
  readonly days: readonly Day[]
  /** Minutes since midnight. When `to` is not after `from` the window ends on the next day. */
  readonly from: number
  readonly to: number
}

export interface SecondApproval {
  readonly methods?: readonly string[]
  /** Of transactions of which more leaves than this. */
  readonly above?: readonly Pick<Limit, 'asset' | 'most'>[]
}

export const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
export type Day = (typeof DAYS)[number]

const MOST_ENTRIES = 256

/** @param json as `JSON.parse` gives it. Amounts are decimal strings, times `HH:MM`. @throws {InvalidPolicy} */
export function readPolicy(json: unknown): Policy {
  const fields = objectOf(json, 'policy', [
    'version',
    'methods',
    'chains',
    'accounts',
    'contracts',
    'limits',
    'windows',
    'secondApproval',
    'expiresAt',
  ])
  if (fields.version !== 1) throw new InvalidPolicy('version', 'expected 1')
  return dropAbsent({
    version: 1 as const,
    methods: optional(fields.methods, (value) => listOf(value, 'methods', methodOf)),
    chains: optional(fields.chains, (value) => listOf(value, 'chains', chainOf)),
    accounts: optional(fields.accounts, (value) => listOf(value, 'accounts', addressOf)),
    contracts: optional(fields.contracts, (value) => listOf(value, 'contracts', contractOf)),
    limits: optional(fields.limits, (value) => listOf(value, 'limits', limitOf)),
    windows: optional(fields.windows, (value) => listOf(value, 'windows', windowOf)),
    secondApproval: optional(fields.secondApproval, secondOf),
    expiresAt: optional(fields.expiresAt, instantOf),
  })
}

/** The JSON that {@link readPolicy} reads back. */
export function writePolicy(policy: Policy): Record<string, unknown> {
  const amount = <T extends { most: bigint }>(entry: T) => ({ ...entry, most: String(entry.most) })
  const { limits, windows, secondApproval, expiresAt } = policy
  return dropAbsent({
    ...policy,
    limits: limits?.map(amount),
    windows: windows?.map(({ days, from, to }) => ({ days, from: clockText(from), to: clockText(to) })),
    secondApproval: secondApproval && dropAbsent({ ...secondApproval, above: secondApproval.above?.map(amount) }),
    expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt).toISOString(),
  })
}

function contractOf(value: unknown, what: string): AllowedContract {
  const { address, selectors } = objectOf(value, what, ['address', 'selectors'])
  return dropAbsent({
    address: addressOf(address, `${what}.address`),
    selectors: optional(selectors, (list) => listOf(list, `${what}.selectors`, selectorOf)),
  })
}

function limitOf(value: unknown, what: string): Limit {
  const { asset, most, per } = objectOf(value, what, ['asset', 'most', 'per'])
  if (per !== 'transaction' && !(typeof per === 'number' && Number.isSafeInteger(per) && per > 0))
    throw new InvalidPolicy(`${what}.per`, 'expected "transaction" or a number of seconds')
  return { asset: assetOf(asset, `${what}.asset`), most: amountOf(most, `${what}.most`), per }
}

function windowOf(value: unknown, what: string): Window {
  const { days, from, to } = objectOf(value, what, ['days', 'from', 'to'])
  return {
    days: days === undefined ? [...DAYS] : listOf(days, `${what}.days`, dayOf),
    from: minutesOf(from, `${what}.from`),
    to: minutesOf(to, `${what}.to`),
  }
}

function secondOf(value: unknown): SecondApproval {
  const { methods, above } = objectOf(value, 'secondApproval', ['methods', 'above'])
  return dropAbsent({
    methods: optional(methods, (list) => listOf(list, 'secondApproval.methods', methodOf)),
    above: optional(above, (list) =>
      listOf(list, 'secondApproval.above', (entry, what) => {
        const { asset, most } = objectOf(entry, what, ['asset', 'most'])
        return { asset: assetOf(asset, `${what}.asset`), most: amountOf(most, `${what}.most`) }
      }),
    ),
  })
}

const optional = <T>(value: unknown, read: (value: unknown) => T): T | undefined =>
  value === undefined ? undefined : read(value)

/** A rule that is misspelt would be a rule that is not there: unknown fields are refused. */
function objectOf(value: unknown, what: string, known: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidPolicy(what, 'expected an object')
  const strange = Object.keys(value).find((name) => !known.includes(name))
  if (strange !== undefined) throw new InvalidPolicy(what, `there is no rule ${JSON.stringify(strange.slice(0, 64))}`)
  return value as Record<string, unknown>
}

function listOf<T>(value: unknown, what: string, read: (value: unknown, what: string) => T): T[] {
  if (!Array.isArray(value) || value.length > MOST_ENTRIES)
    throw new InvalidPolicy(what, `expected a list of at most ${MOST_ENTRIES} entries`)
  return value.map((entry, i) => read(entry, `${what}[${i}]`))
}

const methodOf = (value: unknown, what: string): string =>
  textOf(value, what, /^[a-zA-Z0-9_]{1,64}$/, 'the name of a method')
const addressOf = (value: unknown, what: string): Hex =>
  textOf(value, what, /^0x[0-9a-fA-F]{40}$/, '0x and 40 hexadecimal digits').toLowerCase() as Hex
const selectorOf = (value: unknown, what: string): Hex =>
  textOf(value, what, /^0x([0-9a-fA-F]{8})?$/, '0x and 8 hexadecimal digits, or 0x').toLowerCase() as Hex
const amountOf = (value: unknown, what: string): bigint =>
  BigInt(textOf(value, what, /^[0-9]{1,78}$/, 'a whole number as text'))
const assetOf = (value: unknown, what: string): 'native' | Hex => (value === 'native' ? value : addressOf(value, what))
const dayOf = (value: unknown, what: string): Day =>
  textOf(value, what, /^(sun|mon|tue|wed|thu|fri|sat)$/, `one of ${DAYS.join(', ')}`) as Day

function chainOf(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value <= 0)
    throw new InvalidPolicy(what, 'expected a chain id')
  return value
}

function minutesOf(value: unknown, what: string): number {
  const [, hours, minutes] = /^([01][0-9]|2[0-3]):([0-5][0-9])$/.exec(typeof value === 'string' ? value : '') ?? []
  if (hours === undefined) throw new InvalidPolicy(what, 'expected a time as HH:MM')
  return Number(hours) * 60 + Number(minutes)
}

function instantOf(value: unknown): number {
  const text = textOf(value, 'expiresAt', /^\d{4}-\d\d-\d\dT[\d:.]+Z$/, 'a moment as 2026-12-31T00:00:00Z')
  const instant = Date.parse(text)
  if (Number.isNaN(instant)) throw new InvalidPolicy('expiresAt', 'there is no such moment')
  return instant
}

function textOf(value: unknown, what: string, form: RegExp, words: string): string {
  if (typeof value !== 'string' || !form.test(value)) throw new InvalidPolicy(what, `expected ${words}`)
  return value
}

const clockText = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> } extends infer P
  ? Partial<P> & Pick<P, RequiredOf<T> & keyof P>
  : never
type RequiredOf<T> = { [K in keyof T]: undefined extends T[K] ? never : K }[keyof T]

function dropAbsent<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>
}

export class InvalidPolicy extends WalletError {
  constructor(where: string, reason: string) {
    super(
      { name: 'Policy.Invalid', code: 'INVALID_POLICY', kind: 'usage' },
      `This policy cannot be used: ${where}: ${reason}.`,
    )
  }
}
