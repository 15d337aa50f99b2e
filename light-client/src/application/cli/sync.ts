import { loadHeadlessEngines } from '@glowworm/wasm-core/load-headless-engines'
import { clockAt, platformClock } from '../../infrastructure/clock.ts'
import { fileStore } from '../../infrastructure/file-store.ts'
import { platformRandom } from '../../infrastructure/random.ts'
import { executionOf } from '../../ledgers/ethereum/consensus.ts'
import { CommitteeContradiction, writeContradiction } from '../../ledgers/ethereum/contradiction.ts'
import { createEthereumFamily } from '../../ledgers/ethereum/family.ts'
import type { ForcedUpdate } from '../../ledgers/ethereum/force-update.ts'
import { timeOfSlot } from '../../ledgers/ethereum/forks.ts'
import { type CatchUpOptions, catchUp } from '../catch-up.ts'
import { isNothingNewer } from '../committee-chain.ts'
import { createEvidenceCache } from '../evidence-cache.ts'
import { createEvidenceStore } from '../evidence-store.ts'
import { forceUpdateFrom } from '../force-update.ts'
import type { HeaderSummary, LightClient } from '../light-client.ts'
import { newestFinality } from '../newest-finality.ts'
import { createSourcePool } from '../source-pool.ts'
import { openClient } from './open-client.ts'
import { openSources } from './open-sources.ts'
import { type ChainOptions, trustOf } from './options.ts'
import type { Output } from './output.ts'

/** What `sync --once --json` prints. The execution fields are null where the data has none (before Capella). */
export interface SyncReport {
  readonly network: string
  readonly checkpoint: string
  readonly finalized: {
    readonly slot: number
    readonly blockNumber: bigint | null
    readonly blockHash: string | null
    readonly stateRoot: string | null
  }
  readonly periods: number
  /** How many of the periods by compact hops; the others by plain updates. */
  readonly hops: number
  readonly bytes: number
  readonly milliseconds: number
  readonly signatures: number
  /** Only when an update was forced: `finalized` then is not final. */
  readonly forced?: ForcedUpdate
  /** Only when judged by another time than now. */
  readonly asOf?: string
}

/** `glowworm sync --once`: from the checkpoint to the newest finality the sources can prove. */
export async function syncOnce(options: ChainOptions, output: Output, signal: AbortSignal): Promise<SyncReport> {
  const engines = await loadHeadlessEngines()
  const clock = options.asOf === null ? platformClock : clockAt(options.asOf)
  const { profile } = options
  const pool = createSourcePool(clock, ({ source, lie }) => {
    output.warn(`${source.description.words} sent false evidence: ${lie?.error.message}`)
  })
  const opened = await openSources(options, engines, output)
  for (const source of opened.sources) pool.add(source)
  const store =
    options.dataFolder && options.asOf === null
      ? createEvidenceStore(fileStore(options.dataFolder), profile, options.checkpoint)
      : null
  const start = platformClock.now()
  const stage = stageTimer()
  const { checkpoint } = options
  const catchUpOptions: CatchUpOptions = {
    profile,
    engines,
    family: createEthereumFamily(profile, engines, platformRandom.bytes),
    trust: trustOf(options),
    pool,
    clock,
    store,
    cache: createEvidenceCache({ profile, engines, checkpoint, maxBytes: 1024 * 1024 }),
    way: 'hops',
    signal,
    onProgress: (done, of) => output.live(`checking committee ${done} of ${of}`),
  }
  let chain = await catchUp(catchUpOptions)
  output.step(`checkpoint ${checkpoint.slice(0, 10)}… and ${chain.periods} committees proven${wayOf(chain)}`, stage())
  let signatures = chain.periods
  try {
    const { anchor, bytes } = await newestFinality(chain.anchor, catchUpOptions)
    chain = { ...chain, anchor, bytes: chain.bytes + bytes }
    signatures++
    output.step('finality update proven', stage())
  } catch (cause) {
    // No finality update to be had, or one that is older than the last committee update: the sync ends there.
    if (!isNothingNewer(cause)) throw cause
  }
  let forced: ForcedUpdate | null = null
  if (options.forceUpdate !== null) {
    const { anchor, forced: taken } = await forceUpdateFrom(chain.anchor, options.forceUpdate, catchUpOptions)
    chain = { ...chain, anchor }
    forced = taken
    output.warn(forcedWords(taken))
  }
  await pool.close()
  await opened.close()
  const header = chain.anchor.store.finalized_header
  const execution = executionOf(header)
  return {
    network: profile.name,
    checkpoint: options.checkpoint,
    finalized: {
      slot: header.beacon.slot,
      blockNumber: execution?.blockNumber ?? null,
      blockHash: execution?.blockHash ?? null,
      stateRoot: execution?.stateRoot ?? null,
    },
    periods: chain.periods,
    hops: chain.hops,
    bytes: chain.bytes,
    milliseconds: Math.round(platformClock.now() - start),
    signatures,
    ...(forced ? { forced } : {}),
    ...(options.asOf === null ? {} : { asOf: new Date(options.asOf).toISOString() }),
  }
}

/** How the committees were proven, in words. */
function wayOf({ periods, hops }: { periods: number; hops: number }): string {
  if (hops === 0) return periods === 0 ? '' : ' by plain updates'
  return hops === periods ? ' by compact hops' : ` (${hops} by compact hops, ${periods - hops} by plain updates)`
}

export function describeReport(report: SyncReport, options: ChainOptions): string[] {
  const { finalized } = report
  const time = new Date(timeOfSlot(options.profile, finalized.slot)).toISOString()
  return [
    ...(report.asOf ? [`historical: judged as of ${report.asOf}, not now`] : []),
    ...(report.forced ? [forcedWords(report.forced)] : []),
    `network      ${report.network}`,
    `finalized    slot ${finalized.slot} (${time})`,
    `block        ${finalized.blockNumber ?? 'not in this data'}`,
    `block hash   ${finalized.blockHash ?? 'not in this data'}`,
    `state root   ${finalized.stateRoot ?? 'not in this data'}`,
    `checked      ${report.signatures} committee signatures over ${report.periods} periods${wayOf(report)}, ${report.bytes} bytes, ${report.milliseconds} ms`,
  ]
}

/** `glowworm sync` without `--once`: follows the head until interrupted. */
export async function syncAndFollow(
  options: ChainOptions,
  output: Output,
  json: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { client, close } = await openClient(options, output, signal)
  let last = -1
  const ended = Promise.withResolvers<void>()
  ended.promise.catch(() => {}) // `ready` may have said it already
  signal.addEventListener('abort', () => ended.resolve(), { once: true })
  const stop = client.subscribe((status) => {
    if (client.contradiction) {
      // The evidence goes to whoever runs this, whether or not it was kept in a folder.
      const evidence = writeContradiction(client.contradiction, options.profile)
      output.result(JSON.parse(evidence), [evidence])
      ended.reject(new CommitteeContradiction(client.contradiction))
      return
    }
    if (status.state === 'starting') output.live(`checking ${status.step} ${status.done} of ${status.of}`)
    if (status.state === 'stalled') output.live(`stalled: ${status.cause.message}`)
    if (status.state !== 'following' || status.head.optimistic.slot === last) return
    last = status.head.optimistic.slot
    const { finalized, optimistic } = status.head
    if (json) output.result(reportOf(client, options, finalized, optimistic), [])
    else
      output.live(
        `following · slot ${optimistic.slot} · block ${optimistic.blockNumber} · finalized block ${finalized.blockNumber}`,
      )
  })
  try {
    await client.ready(signal) // a checkpoint that cannot be proven ends the command instead of retrying for ever
    if (options.forceUpdate !== null) output.warn(forcedWords(await client.forceUpdate(options.forceUpdate)))
    if (!signal.aborted) await ended.promise
  } catch (cause) {
    if (!signal.aborted) throw cause
  } finally {
    stop()
    await close()
  }
}

/** The same fields as `--once`, and the newest head besides; one line of JSON for each new head. */
function reportOf(
  client: LightClient,
  { profile, checkpoint, asOf }: ChainOptions,
  finalized: HeaderSummary,
  optimistic: HeaderSummary,
) {
  const fields = ({ slot, blockNumber, blockHash, stateRoot }: HeaderSummary) => ({
    slot,
    blockNumber,
    blockHash,
    stateRoot,
  })
  const { periods, hops, bytes, milliseconds, signatures } = client.effort
  return {
    network: profile.name,
    checkpoint,
    finalized: fields(finalized),
    periods,
    hops,
    bytes,
    milliseconds,
    signatures,
    optimistic: fields(optimistic),
    ...(client.forced ? { forced: client.forced } : {}),
    ...(asOf === null ? {} : { asOf: new Date(asOf).toISOString() }),
  }
}

export function forcedWords({ slot, participants, committee }: ForcedUpdate): string {
  return `FORCED: slot ${slot} stands for finality, signed by ${participants} of ${committee}; two thirds did not finalize it`
}

function stageTimer(): () => number {
  let last = platformClock.now()
  return () => {
    const now = platformClock.now()
    const elapsed = now - last
    last = now
    return elapsed
  }
}
