/** The packs this wallet has: kept signed, read again at each start, and never older than the newest that was taken. */
import { fromHex } from '@glowworm/light-client/data/hex'
import { KNOWN_TOKENS, type ListedToken } from '../assets/known-tokens.ts'
import { WalletError } from '../errors.ts'
import type { Core } from '../facade/core.ts'
import { PACK_KINDS, type PackCommands, type PackKind, type PacksView } from '../facade/pack-values.ts'
import { listsHost, type Pack, readPack, type VerifyEd25519 } from './pack.ts'

export interface Packs {
  readonly view: PacksView
  readonly commands: PackCommands
  readonly tokens: readonly ListedToken[]
  /** The same list until another pack is taken. */
  readonly descriptors: readonly unknown[]
}

/** Reads what is kept. What cannot be read any more, e.g. because another key is pinned now, is left out. */
export async function createPacks(core: Core, verify: VerifyEd25519): Promise<Packs> {
  const { ports, keyring, approvals } = core
  const { chainId, packKey } = ports.network
  const packs = new Map<PackKind, Pack>()
  let hosts: ReadonlySet<string> = new Set()
  let tokens: readonly ListedToken[] = []
  let descriptors: readonly unknown[] = []

  const entriesOf = <K extends PackKind>(kind: K) =>
    (packs.get(kind)?.entries ?? []) as Extract<Pack, { kind: K }>['entries']

  function arrange(): void {
    hosts = new Set(entriesOf('phishing'))
    const here = entriesOf('tokens').filter((token) => token.chainId === chainId)
    tokens = [...(KNOWN_TOKENS[chainId] ?? []), ...here]
    descriptors = entriesOf('descriptors')
  }

  if (packKey !== undefined) {
    const key = fromHex(packKey, 'pack key', 32)
    for (const kind of PACK_KINDS) {
      const file = await ports.store.read(entryOf(kind)).catch(() => null)
      const pack = file && (await readPack(file, key, verify).catch(() => null))
      if (pack?.kind === kind) packs.set(kind, pack)
    }
  }
  arrange()

  return {
    get tokens() {
      return tokens
    },
    get descriptors() {
      return descriptors
    },
    get view() {
      const origins = [
        ...approvals.list.flatMap(({ origin }) => origin ?? []),
        ...(keyring.records?.sites ?? []).map(({ origin }) => origin),
      ]
      return {
        taken: packKey !== undefined,
        packs: [...packs.values()].map(({ kind, version, issuedAt, expiresAt, entries }) => ({
          ...{ kind, version, issuedAt, expiresAt, entries: entries.length },
        })),
        warnedSites: [...new Set(origins)].filter((origin) => listsHost(hosts, new URL(origin).hostname)),
        forks: entriesOf('forks').filter((fork) => fork.chainId === chainId),
      }
    },
    commands: {
      async installPack({ file }) {
        if (packKey === undefined) throw new NoPackKey()
        const pack = await readPack(new Uint8Array(file), fromHex(packKey, 'pack key', 32), verify)
        const { kind, version } = pack
        const newest = Math.max(packs.get(kind)?.version ?? 0, keyring.records?.packVersions?.[kind] ?? 0)
        if (version < newest) throw new OlderPack(version, newest)
        if (ports.clock.now() >= pack.expiresAt) throw new PackExpired()
        // First the number, so that nothing older is taken even when the file is lost.
        await keyring.update((all) => ({ ...all, packVersions: { ...all.packVersions, [kind]: version } }))
        await ports.store.write(entryOf(kind), new Uint8Array(file))
        packs.set(kind, pack)
        arrange()
        core.published.changed()
        return { kind, version }
      },
    },
  }
}

const entryOf = (kind: PackKind): string => `pack-${kind}`

export class NoPackKey extends WalletError {
  constructor() {
    super(
      { name: 'Packs.NoKey', code: 'NO_PACK_KEY', kind: 'refused' },
      'This network’s profile names no key for data packs, so none can be believed.',
    )
  }
}

export class OlderPack extends WalletError {
  constructor(version: number, newest: number) {
    super(
      { name: 'Packs.Older', code: 'OLDER_PACK', kind: 'refused' },
      `This data pack has version ${version}, and version ${newest} was taken before. Nothing was changed.`,
      { next: 'Get the newest one. Somebody may have kept it back.' },
    )
  }
}

export class PackExpired extends WalletError {
  constructor() {
    super(
      { name: 'Packs.Expired', code: 'PACK_EXPIRED', kind: 'refused' },
      'This data pack has expired. Nothing was changed.',
      { next: 'Get the newest one.' },
    )
  }
}
