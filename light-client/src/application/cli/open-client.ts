import { loadHeadlessEngines } from '@glowworm/wasm-core/load-headless-engines'
import { clockAt, platformClock } from '../../infrastructure/clock.ts'
import { fileStore } from '../../infrastructure/file-store.ts'
import { createLightClient, type LightClientOptions } from '../follow.ts'
import type { LightClient } from '../light-client.ts'
import { warnOfLateClock } from './late-clock.ts'
import { openSources } from './open-sources.ts'
import { type ChainOptions, trustOf } from './options.ts'
import type { Output } from './output.ts'

/** A light client as the command line asks for it. `close` also closes its sources; so does an abort of `signal`. */
export async function openClient(
  options: ChainOptions,
  output: Output,
  signal: AbortSignal,
  more: Pick<LightClientOptions, 'loadContractLayer' | 'calls'> = {},
): Promise<{ client: LightClient; close(): Promise<void> }> {
  const engines = await loadHeadlessEngines()
  const opened = await openSources(options, engines, output)
  const historical = options.asOf !== null
  const clock = historical ? clockAt(options.asOf!) : platformClock
  const client = createLightClient({
    profile: options.profile,
    engines,
    trust: trustOf(options),
    sources: opened.sources,
    ...more,
    clock,
    // What is judged by another time must never mix with a store that follows the head.
    ...(options.dataFolder && !historical ? { store: fileStore(options.dataFolder) } : {}),
    onLie: ({ source, error }) => output.warn(`${source.words} sent false evidence: ${error.message}`),
  })
  let isClockLate = false
  client.subscribe((status) => {
    if (isClockLate || status.state !== 'following') return
    isClockLate = warnOfLateClock(status.head.optimistic.slot, options.profile, clock, output)
  })
  const close = async () => {
    signal.removeEventListener('abort', close)
    await client.close()
    await opened.close()
  }
  if (signal.aborted) await close()
  else signal.addEventListener('abort', close)
  return { client, close }
}
