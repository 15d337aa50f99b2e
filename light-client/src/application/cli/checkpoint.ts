/** Checkpoints on the command line: agreed among operators, kept, and what it means to trust an old one. @module */
import { loadHeadlessEngines } from '@glowworm/wasm-core/load-headless-engines'
import { OLD_CHECKPOINT_RISK } from '../../consensus/checkpoint-age.ts'
import type { FinalityStatement } from '../../consensus/checkpoint-agreement.ts'
import { platformClock } from '../../infrastructure/clock.ts'
import { fileStore } from '../../infrastructure/file-store.ts'
import { nodeHttp } from '../../infrastructure/node-http.ts'
import { maxAgeDays as safeDays } from '../../ledgers/ethereum/consensus.ts'
import type { Hex } from '../../ledgers/ethereum/evidence.ts'
import { slotAt, timeOfSlot } from '../../ledgers/ethereum/forks.ts'
import type { NetworkProfile } from '../../ledgers/ethereum/profile.ts'
import { agreeOnCheckpoint } from '../agree-checkpoint.ts'
import { createCheckpointStore } from '../checkpoint-store.ts'
import { type ChainOptions, type CommandLine, networkOf, operatorsOf, text, UsageError } from './options.ts'
import type { Output } from './output.ts'

/** `glowworm checkpoint`: asks the operators anew, whatever was kept, and keeps what they agree on under `--data`. */
export async function checkpoint(line: CommandLine, output: Output, signal: AbortSignal): Promise<void> {
  const operators = operatorsOf(line)
  if (!operators) throw new UsageError('name the operators to ask: --checkpoint-from URL, two or more')
  const profile = await networkOf(line)
  const { checkpoint: agreed, by } = await ask(operators, profile, text(line.values.data) ?? null, signal)
  const time = new Date(timeOfSlot(profile, agreed.slot)).toISOString()
  output.result({ network: profile.name, checkpoint: agreed.root, slot: agreed.slot, time, agreedBy: by }, [
    agreed.root,
    `slot ${agreed.slot} (${time}), final in the words of ${by.join(', ')}`,
  ])
}

/** The checkpoint kept under `dataFolder`, else what the operators agree on now. @throws {GlowwormError} */
export async function agreedCheckpoint(
  operators: readonly string[],
  profile: NetworkProfile,
  dataFolder: string | null,
  output: Output,
  signal: AbortSignal,
): Promise<Hex> {
  const kept = dataFolder && (await createCheckpointStore(fileStore(dataFolder), profile).read())
  if (kept) return kept.root
  const start = platformClock.now()
  const { checkpoint: agreed, by } = await ask(operators, profile, dataFolder, signal)
  output.step(
    `${by.length} operators agree on block ${agreed.root.slice(0, 10)}… at slot ${agreed.slot}`,
    platformClock.now() - start,
  )
  return agreed.root
}

async function ask(
  operators: readonly string[],
  profile: NetworkProfile,
  dataFolder: string | null,
  signal: AbortSignal,
): Promise<{ checkpoint: FinalityStatement; by: readonly string[] }> {
  const { merkle } = await loadHeadlessEngines()
  const agreement = await agreeOnCheckpoint(
    operators,
    { http: nodeHttp, merkle, argument: '--checkpoint-from' },
    signal,
  )
  if (dataFolder) await createCheckpointStore(fileStore(dataFolder), profile).write(agreement.checkpoint, agreement.by)
  return agreement
}

/** Says what it risks when a checkpoint may be older than the network's own limit. */
export function warnOfLongTrust(
  { profile, maxAgeDays, asOf }: Pick<ChainOptions, 'profile' | 'maxAgeDays' | 'asOf'>,
  output: Output,
): void {
  const now = asOf ?? platformClock.now()
  const limit = safeDays({}, profile, Math.max(0, slotAt(profile, now)))
  if (maxAgeDays === undefined || maxAgeDays <= limit) return
  output.warn(`a checkpoint of up to ${maxAgeDays} days is accepted where ${limit} are safe: ${OLD_CHECKPOINT_RISK}`)
}
