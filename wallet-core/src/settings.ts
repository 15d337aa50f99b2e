/** What must be known before the wallet is unlocked: which sources the user chose. No secrets. */
import type { Hex } from '@glowworm/light-client'
import { readTurnAddress } from '@glowworm/light-client/network/turn-address'
import { WalletError } from './errors.ts'
import type { SourceChoice } from './facade/facade.ts'
import type { ByteStore } from './ports.ts'

const ENTRY = 'settings'

export interface Settings {
  /** Null until the user has chosen: nothing is contacted before. */
  readonly sources: { readonly choices: readonly SourceChoice[]; readonly checkpoint: Hex | null } | null
}

/** Unreadable settings are no settings, and so are choices of which nothing is left: the user is asked again. */
export async function readSettings(store: ByteStore, bundled: readonly SourceChoice[]): Promise<Settings> {
  const bytes = await store.read(ENTRY)
  if (bytes === null) return { sources: null }
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (typeof json !== 'object' || json === null || !('choices' in json) || !Array.isArray(json.choices))
      return { sources: null }
    const checkpoint = 'checkpoint' in json && typeof json.checkpoint === 'string' ? (json.checkpoint as Hex) : null
    const choices = renewBundled(json.choices as readonly SourceChoice[], bundled)
    checkSources(choices, checkpoint)
    return { sources: { choices, checkpoint } }
  } catch {
    return { sources: null }
  }
}

export async function writeSettings(store: ByteStore, settings: Settings): Promise<void> {
  if (settings.sources === null) return store.remove(ENTRY)
  await store.write(ENTRY, new TextEncoder().encode(JSON.stringify({ version: 1, ...settings.sources })))
}

const PADDING_ENTRY = 'padding'

/** Kept apart from the sources: it is wanted whichever of them are chosen. */
export async function readPadding(store: ByteStore): Promise<boolean> {
  return (await store.read(PADDING_ENTRY))?.[0] === 1
}

export async function writePadding(store: ByteStore, on: boolean): Promise<void> {
  if (on) return store.write(PADDING_ENTRY, Uint8Array.of(1))
  return store.remove(PADDING_ENTRY)
}

/** True when both rest on the same trust root and the same chosen sources, in whatever order. */
export function sameEvidence(a: Settings, b: Settings): boolean {
  const essence = ({ sources }: Settings) =>
    sources && [
      sources.checkpoint,
      ...sources.choices
        .filter(({ chosen }) => chosen)
        .map(keyOf)
        .sort(),
    ]
  return JSON.stringify(essence(a)) === JSON.stringify(essence(b))
}

const keyOf = ({ kind, address }: SourceChoice): string => `${kind} ${address}`

const FITS: Readonly<Record<SourceChoice['kind'], (address: string) => boolean>> = {
  beacon: isWebAddress,
  execution: isWebAddress,
  peer: (address) => /^\/\S+$/.test(address),
  turn: (address) => readTurnAddress(address) !== null,
}

/** @throws {InvalidSources} */
export function checkSources(choices: readonly SourceChoice[], checkpoint: Hex | null): void {
  if (!choices.some(({ chosen, kind }) => chosen && kind !== 'turn')) throw new InvalidSources('expected at least one')
  for (const { kind, address } of choices) {
    const fits = Object.hasOwn(FITS, kind) && FITS[kind](address)
    if (!fits) throw new InvalidSources(`“${String(address).slice(0, 200)}” is not an address of a ${kind} source`)
  }
  if (checkpoint !== null && !/^0x[0-9a-f]{64}$/.test(checkpoint))
    throw new InvalidSources('a checkpoint is 0x and 64 hexadecimal digits')
}

/**
 * The stored choices over the profile of today. What the user added stays. Bundled sources follow the profile: one that
 * is gone is dropped, and where it was chosen, what the profile names now in its kind takes its place (a bridge that
 * was restarted under a new address). Anything else that is new stands below, not chosen.
 */
export function renewBundled(stored: readonly SourceChoice[], bundled: readonly SourceChoice[]): SourceChoice[] {
  const offered = new Set(bundled.map(keyOf))
  const kept = stored.filter((choice) => !choice.bundled || offered.has(keyOf(choice)))
  const replaced = new Set(stored.filter((choice) => choice.chosen && !kept.includes(choice)).map(({ kind }) => kind))
  const known = new Set(kept.map(keyOf))
  const fresh = bundled.filter((choice) => !known.has(keyOf(choice)))
  return [...kept, ...fresh.map((choice) => ({ ...choice, chosen: replaced.has(choice.kind) }))]
}

function isWebAddress(address: string): boolean {
  try {
    return ['http:', 'https:'].includes(new URL(address).protocol)
  } catch {
    return false
  }
}

export class InvalidSources extends WalletError {
  constructor(reason: string) {
    super(
      { name: 'Wallet.InvalidSources', code: 'INVALID_SOURCES', kind: 'usage' },
      `These sources cannot be used: ${reason}.`,
      { next: 'Correct the address, or choose a bundled source.' },
    )
  }
}
