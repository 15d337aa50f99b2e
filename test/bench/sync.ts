/** Catching up over 46 real mainnet periods from loopback HTTP: hops, plain updates, and who else takes part. */
import { platformRandom } from '@glowworm/light-client/infrastructure/random'
import { createEthereumFamily } from '@glowworm/light-client/ledgers/ethereum/family'
import { type Engines, loadEngines, nobleEngines } from '@glowworm/wasm-core'
import { contest, measure, median, type Row, round } from './compare.ts'
import type { Contestant } from './sync/contestant.ts'
import { type SyncJob, startSyncJob } from './sync/job.ts'
import { ours } from './sync/ours.ts'

const ROUNDS = 3

export async function run(): Promise<Row[]> {
  const engines = await loadEngines()
  const noble = nobleEngines()
  const job = await startSyncJob(engines)
  // The first is us; each of the others is a line of the result. All take turns.
  const contestants: readonly [Contestant, ...Contestant[]] = [
    ours('hops', 'hops', engines),
    ours('our plain updates', 'updates', engines),
    ours('our plain updates on noble', 'updates', noble),
  ]
  const results = new Map(contestants.map((one) => [one, { times: [] as number[], bytes: 0 }]))
  for (let i = 0; i < ROUNDS; i++)
    for (const [contestant, result] of results) {
      job.takeServed()
      const start = performance.now()
      const slot = await contestant.run(job)
      result.times.push(performance.now() - start)
      result.bytes = job.takeServed()
      if (slot !== job.finalizedSlot)
        throw new Error(`${contestant.name} ended at slot ${slot}, not ${job.finalizedSlot}`)
    }
  await job.close()
  const [us, ...others] = [...results].map(([{ name }, { times, bytes }]) => ({ name, time: median(times), bytes }))
  const line = (name: string, unit: Row['unit'], a: number, b: number, peerName: string): Row => ({
    name,
    ours: unit === 'B' ? a : round(a),
    peer: unit === 'B' ? b : round(b),
    peerName,
    ratio: round(b / a),
    unit,
  })
  return [
    ...others.map((other) => line('46 mainnet periods to the newest finality', 'ms', us!.time, other.time, other.name)),
    ...others
      .filter(({ bytes }, i) => others.findIndex((other) => other.bytes === bytes) === i)
      .map((other) => line('bytes for it', 'B', us!.bytes, other.bytes, other.name)),
    await oneUpdate(job, engines, noble),
  ]
}

/** One plain update by itself: committee root, branches, signature. */
function oneUpdate(
  { profile, checkpoint, bootstrap, updates, clock }: SyncJob,
  engines: Engines,
  noble: Engines,
): Promise<Row> {
  const side = (used: Engines) => {
    const family = createEthereumFamily(profile, used, platformRandom.bytes)
    const anchor = family.bootstrap({ checkpoint, maxAgeDays: 60 }, bootstrap, clock.now())
    return () => family.advance(anchor, { kind: 'update', bytes: updates[0]! }, clock.now())
  }
  return measure(
    contest({
      name: 'one plain update',
      peerName: 'our plain updates on noble',
      ours: side(engines),
      peer: side(noble),
      agree: (a, b) => a.store.finalized_header.beacon.slot === b.store.finalized_header.beacon.slot,
    }),
    'node',
  )
}
