/**
 * Data packs: lists that age, signed by whoever makes the app, and delivered by anybody. docs/data-packs.md has the format:
 * `GWPACK1\n ‖ Ed25519 signature, 64 bytes, of the magic and the payload ‖ payload, JSON in UTF-8`. Pure but for the check
 * of the signature.
 * @module
 */
import type { Hex } from '@glowworm/light-client'
import { concatBytes } from '@glowworm/light-client/data/hex'
import { WalletError } from '../errors.ts'
import type { PackKind } from '../facade/pack-values.ts'
import { parseDescriptor } from '../intent/descriptors/descriptor.ts'

const MAGIC = new TextEncoder().encode('GWPACK1\n')
const MOST_BYTES = 4 * 1024 * 1024
/** Per kind. */
const MOST_ENTRIES: Readonly<Record<PackKind, number>> = {
  phishing: 200_000,
  tokens: 20_000,
  descriptors: 2_000,
  forks: 64,
}

export interface PackToken {
  readonly chainId: number
  readonly address: Hex
  readonly symbol: string
}

export interface PackFork {
  readonly chainId: number
  readonly name: string
  /** ms since the epoch */
  readonly at: number
}

export type PackContent =
  | { readonly kind: 'phishing'; readonly entries: readonly string[] }
  | { readonly kind: 'tokens'; readonly entries: readonly PackToken[] }
  /** ERC-7730. */
  | { readonly kind: 'descriptors'; readonly entries: readonly unknown[] }
  | { readonly kind: 'forks'; readonly entries: readonly PackFork[] }

export type Pack = PackContent & {
  /** Grows with each pack of its kind. */
  readonly version: number
  /** ms since the epoch */
  readonly issuedAt: number
  readonly expiresAt: number
}

export type VerifyEd25519 = (key: Uint8Array, message: Uint8Array, signature: Uint8Array) => Promise<boolean>

/** @param key of whoever may sign, 32 bytes @throws {InvalidPack} {@link PackNotSigned} */
export async function readPack(file: Uint8Array, key: Uint8Array, verify: VerifyEd25519): Promise<Pack> {
  const start = MAGIC.length
  if (file.length > MOST_BYTES) throw new InvalidPack(`it is larger than ${MOST_BYTES} bytes`)
  if (file.length <= start + 64 || MAGIC.some((byte, i) => file[i] !== byte))
    throw new InvalidPack('it is no data pack')
  const payload = file.subarray(start + 64)
  if (!(await verify(key, concatBytes(MAGIC, payload), file.slice(start, start + 64)))) throw new PackNotSigned()
  return packOf(payload)
}

/** What is read was signed; it is checked all the same, because makers err too. @throws {InvalidPack} naming the place */
function packOf(payload: Uint8Array): Pack {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
  } catch {
    throw new InvalidPack('its content cannot be read')
  }
  const { kind, version, issuedAt, expiresAt, entries } = record(json, 'content')
  if (typeof kind !== 'string' || !Object.hasOwn(MOST_ENTRIES, kind)) throw new InvalidPack('its kind is unknown')
  const most = MOST_ENTRIES[kind as PackKind]
  const dates = { version: count(version, 'version'), issuedAt: count(issuedAt, 'issuedAt') }
  const until = count(expiresAt, 'expiresAt')
  if (until <= dates.issuedAt) throw new InvalidPack('it ends before it begins')
  if (!Array.isArray(entries) || entries.length > most) throw new InvalidPack(`expected at most ${most} entries`)
  const read = READ[kind as PackKind] as (entry: unknown, what: string) => never
  return {
    kind: kind as never,
    ...dates,
    expiresAt: until,
    entries: entries.map((one, i) => read(one, `entries[${i}]`)),
  }
}

const READ: { readonly [K in PackKind]: (entry: unknown, what: string) => unknown } = {
  phishing: (entry, what) => text(entry, what, /^(?=.{4,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/),
  tokens(entry, what) {
    const { chainId, address, symbol } = record(entry, what)
    return {
      chainId: count(chainId, what),
      address: text(address, what, /^0x[0-9a-f]{40}$/),
      symbol: text(symbol, what, /^[\x21-\x7e]{1,32}$/),
    }
  },
  descriptors(entry) {
    parseDescriptor(entry)
    return entry
  },
  forks(entry, what) {
    const { chainId, name, at } = record(entry, what)
    return { chainId: count(chainId, what), name: text(name, what, /^[a-z0-9-]{1,32}$/), at: count(at, what) }
  },
}

/** Whether a host, or one that it is below of, is on the list. A dot at its end names the same host (RFC 1034, 3.1). */
export function listsHost(list: ReadonlySet<string>, host: string): boolean {
  for (let rest = host.replace(/\.$/, ''); rest.includes('.'); rest = rest.slice(rest.indexOf('.') + 1))
    if (list.has(rest)) return true
  return false
}

function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new InvalidPack(`${what} is no object`)
  return value as Record<string, unknown>
}
function count(value: unknown, what: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 1) throw new InvalidPack(`${what} is no whole number above 0`)
  return value as number
}
function text(value: unknown, what: string, form: RegExp): string {
  if (typeof value !== 'string' || !form.test(value)) throw new InvalidPack(`${what} has another form than expected`)
  return value
}

export class InvalidPack extends WalletError {
  constructor(why: string) {
    super(
      { name: 'Packs.Invalid', code: 'INVALID_PACK', kind: 'usage' },
      `This data pack cannot be used: ${why}. Nothing was changed.`,
    )
  }
}

export class PackNotSigned extends WalletError {
  constructor() {
    super(
      { name: 'Packs.NotSigned', code: 'PACK_NOT_SIGNED', kind: 'refused' },
      'This data pack is not signed with the key that this wallet knows, or was changed afterwards. Nothing was changed.',
      { next: 'Get it from another place.' },
    )
  }
}
