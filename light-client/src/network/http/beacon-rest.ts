/** Light-client data from a beacon node (Beacon API, `/eth/v1/beacon/light_client/*`), JSON or SSZ. @module */
import type { Hashes } from '@glowworm/wasm-core'
import type { SszType } from '../../data/ssz/types.ts'
import type { Http } from '../../infrastructure/ports.ts'
import { type LightClientTypes, lightClientTypes } from '../../ledgers/ethereum/data.ts'
import type { EthereumRequest } from '../../ledgers/ethereum/evidence.ts'
import { FORK_RULES, withDigest } from '../../ledgers/ethereum/forks.ts'
import type { ForkName, NetworkProfile } from '../../ledgers/ethereum/profile.ts'
import { joinUpdates } from '../../ledgers/ethereum/wire.ts'
import type { PeerRequest } from '../../ledgers/ledger-evidence.ts'
import {
  type EvidenceSource,
  longestAnswer,
  MalformedAnswer,
  NotAvailable,
  type SourceDescription,
} from '../evidence-source.ts'
import { originsOfUrl } from '../peer-book/origins.ts'
import type { BeaconHistory } from './beacon-history.ts'
import { below, exchange, originOf, parseJson } from './exchange.ts'

const SERVED: ReadonlySet<string> = new Set<EthereumRequest['type']>([
  'bootstrap',
  'updates',
  'finality_update',
  'optimistic_update',
])

export interface HttpSourceOptions {
  readonly url: string
  readonly profile: NetworkProfile
  readonly hashes: Hashes
  readonly http: Http
  readonly timeoutMilliseconds?: number
  /** Proves old blocks by the node's states; without it none are (see `beacon-history.ts` for what it costs). */
  readonly history?: BeaconHistory
}

/** A beacon node as a source of evidence. JSON is translated into SSZ; what it says is not believed here. */
export function beaconRestSource({
  url,
  profile,
  hashes,
  http,
  timeoutMilliseconds = 15_000,
  history,
}: HttpSourceOptions): EvidenceSource {
  const description: SourceDescription = {
    id: originOf(url),
    carrier: 'beacon-rest',
    words: `beacon node ${originOf(url)}`,
    origins: originsOfUrl(url),
  }
  const types = (fork: ForkName) => lightClientTypes(profile.preset, FORK_RULES[fork].format)

  const get = async (path: string, maxBytes: number, signal: AbortSignal, query: Record<string, number> = {}) => {
    const answer = await exchange(http, description.id, {
      url: below(url, `/eth/v1/beacon/light_client/${path}`, query),
      method: 'GET',
      headers: { accept: 'application/octet-stream;q=1.0,application/json;q=0.9' },
      maxBytes: maxBytes * 3, // JSON takes about twice the bytes of SSZ
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]),
    })
    if (answer.status !== 200) throw new NotAvailable(description.id, `${path.split('/')[0]} (HTTP ${answer.status})`)
    return { ...answer, ssz: answer.header('content-type')?.startsWith('application/octet-stream') ?? false }
  }
  const forkOf = (version: unknown): ForkName => {
    const name = String(version).toLowerCase()
    if (!Object.hasOwn(FORK_RULES, name))
      throw new MalformedAnswer(description.id, `unknown fork version "${name.slice(0, 20)}"`)
    return name as ForkName
  }
  const fromJson = <T>(
    entry: unknown,
    choose: (types: LightClientTypes) => SszType<T>,
    slotOf: (value: T) => number,
  ) => {
    if (typeof entry !== 'object' || entry === null || !('data' in entry))
      throw new MalformedAnswer(description.id, 'the field data is missing')
    // Early nodes left `version` out; the slot decides then, as the specification's own mapping does.
    const version = 'version' in entry ? entry.version : versionBySlot(entry.data)
    const type = choose(types(forkOf(version)))
    const value = type.fromJson(entry.data)
    return withDigest(profile, slotOf(value), type.serialize(value), hashes)
  }
  const versionBySlot = (data: unknown): ForkName => {
    const record = data as {
      header?: { beacon?: { slot?: unknown } }
      attested_header?: { beacon?: { slot?: unknown } }
    }
    const slot = Number((record.header ?? record.attested_header)?.beacon?.slot)
    const epoch = Math.floor(slot / profile.preset.SLOTS_PER_EPOCH)
    const fork = profile.forks.findLast((candidate) => candidate.epoch <= epoch)
    if (!Number.isSafeInteger(slot) || !fork)
      throw new MalformedAnswer(description.id, 'neither a version nor a slot is given')
    return fork.name
  }
  const one = async <T>(
    path: string,
    maxBytes: number,
    signal: AbortSignal,
    choose: (types: LightClientTypes) => SszType<T>,
    slotOf: (value: T) => number,
  ) => {
    const { ssz, bytes, header } = await get(path, maxBytes, signal)
    try {
      if (!ssz) return fromJson(parseJson(description.id, bytes), choose, slotOf)
      const slot = slotOf(choose(types(forkOf(header('eth-consensus-version')))).deserialize(bytes))
      return withDigest(profile, slot, bytes, hashes)
    } catch (cause) {
      throw cause instanceof MalformedAnswer
        ? cause
        : new MalformedAnswer(description.id, (cause as Error).message, { cause })
    }
  }
  const attestedSlot = (value: { attested_header: { beacon: { slot: number } } }) => value.attested_header.beacon.slot

  const ask = async (request: PeerRequest, signal: AbortSignal): Promise<Uint8Array> => {
    const max = longestAnswer(request)
    switch (request.type) {
      case 'bootstrap':
        return one(
          `bootstrap/${request.root}`,
          max,
          signal,
          (t) => t.LightClientBootstrap,
          (value) => value.header.beacon.slot,
        )
      case 'finality_update':
        return one('finality_update', max, signal, (t) => t.LightClientFinalityUpdate, attestedSlot)
      case 'optimistic_update':
        return one('optimistic_update', max, signal, (t) => t.LightClientOptimisticUpdate, attestedSlot)
      case 'updates': {
        const query = { start_period: request.startPeriod, count: request.count }
        const { ssz, bytes } = await get('updates', max, signal, query).catch((cause) => {
          // Some nodes refuse a range that runs past their last period instead of answering with its beginning.
          if (!(cause instanceof NotAvailable) || request.count === 1) throw cause
          return get('updates', max, signal, { ...query, count: 1 })
        })
        if (bytes.length === 0) throw new NotAvailable(description.id, `updates from period ${request.startPeriod}`)
        if (ssz) return bytes
        const entries = parseJson(description.id, bytes)
        const items = Array.isArray(entries) ? entries : (entries as { data?: unknown } | null)?.data
        if (!Array.isArray(items)) throw new MalformedAnswer(description.id, 'updates are not a list')
        if (items.length === 0) throw new NotAvailable(description.id, `updates from period ${request.startPeriod}`)
        try {
          return joinUpdates(items.map((entry) => fromJson(entry, (t) => t.LightClientUpdate, attestedSlot)))
        } catch (cause) {
          throw cause instanceof MalformedAnswer
            ? cause
            : new MalformedAnswer(description.id, (cause as Error).message, { cause })
        }
      }
      case 'historical_block':
        if (history) return history.answer(request, signal)
        throw new NotAvailable(description.id, request.type)
      default:
        throw new NotAvailable(description.id, request.type)
    }
  }

  return {
    description,
    serves: (type) => SERVED.has(type) || (type === 'historical_block' && history !== undefined),
    request: async (request, signal) => ({ bytes: await ask(request, signal), from: description }),
    close: async () => {},
  }
}
