/**
 * The life of the light client inside the wallet: nothing exists, and nothing is contacted, before `open`.
 * @module
 */
import {
  type Head,
  type Hex,
  type LightClient,
  OLD_CHECKPOINT_WORDS,
  StaleCheckpoint,
  type Status,
} from '@glowworm/light-client'
import { problemOf, WalletError } from '../errors.ts'
import type { DiversityView, PaddingView, Pulse, SourceChoice, SourceView, StaleStart } from '../facade/facade.ts'
import { NoSources } from '../facade/shown.ts'
import type { OpenChain } from '../ports.ts'

export interface Connection {
  readonly pulse: Pulse
  readonly sources: readonly SourceView[]
  readonly diversity: DiversityView
  /** What has become of the wish; it waits where there is nobody to ask. */
  padding(wanted: boolean): PaddingView
  /** The newest verified head, or null. */
  readonly head: Head | null
  /** False also when opening failed. */
  readonly opened: boolean
  /** @throws {NoSources} {@link NotFollowing} */
  client(): LightClient
  /** @param maxAgeDays for a start that is older than is safe, on the user's word */
  open(choices: readonly SourceChoice[], checkpoint: Hex | null, maxAgeDays?: number): Promise<void>
  close(): Promise<void>
}

export function createConnection(options: {
  openChain: OpenChain
  /** Called with each new client before anything is asked through it. */
  prepare: (client: LightClient) => void
  /** Something visible changed. */
  changed: () => void
  /** A new head was verified, or the finalized one moved. */
  onHead: (head: Head) => void
}): Connection {
  let generation = 0
  let client: LightClient | null = null
  let pulse: Pulse = { state: 'idle' }
  let head: Head | null = null
  let unsubscribe = () => {}
  /** The client got past the trust root: a source had its bootstrap, and it held. */
  let rooted = false

  function take(status: Status): void {
    rooted ||= status.state === 'following' || (status.state === 'starting' && status.step === 'committees')
    pulse = pulseOf(status, rooted)
    if (status.state === 'following') {
      const moved =
        head?.optimistic.blockHash !== status.head.optimistic.blockHash ||
        head.finalized.blockHash !== status.head.finalized.blockHash
      head = status.head
      if (moved) options.onHead(head)
    }
    options.changed()
  }

  async function close(): Promise<void> {
    generation++
    unsubscribe()
    unsubscribe = () => {}
    const old = client
    client = null
    head = null
    rooted = false
    pulse = { state: 'idle' }
    options.changed()
    await old?.close()
  }

  return {
    get pulse() {
      return pulse
    },
    get head() {
      return head
    },
    get opened() {
      return client !== null
    },
    get sources() {
      return sourceViews(client)
    },
    get diversity() {
      return diversityView(client)
    },
    padding: (wanted) => client?.padding ?? (wanted ? 'waiting' : 'off'),
    client() {
      if (client) return client
      if (pulse.state === 'idle') throw new NoSources()
      throw new NotFollowing(pulse.state === 'stalled' ? pulse.problem.message : 'it is still starting')
    },
    async open(choices, checkpoint, maxAgeDays) {
      await close()
      const mine = generation
      const chosen = choices.filter((choice) => choice.chosen)
      pulse = { state: 'starting', step: 'sources', done: 0, of: chosen.length }
      options.changed()
      try {
        const opened = await options.openChain({
          choices: chosen,
          checkpoint,
          ...(maxAgeDays === undefined ? {} : { maxAgeDays }),
        })
        if (mine !== generation) return await opened.close()
        client = opened
        options.prepare(opened)
        unsubscribe = opened.subscribe((status) => {
          if (mine === generation) take(status)
        })
        take(opened.status)
      } catch (error) {
        if (mine !== generation) return
        pulse = { state: 'stalled', problem: problemOf(error), lastHeight: null, lastTime: null }
        options.changed()
      }
    },
    close,
  }
}

function pulseOf(status: Status, rooted: boolean): Pulse {
  switch (status.state) {
    case 'starting':
      return { state: 'starting', step: status.step, done: status.done, of: status.of }
    case 'following': {
      const { finalized, optimistic, participation } = status.head
      return {
        state: 'following',
        finalizedHeight: finalized.blockNumber,
        finalizedTime: finalized.time,
        headHeight: optimistic.blockNumber,
        headTime: optimistic.time,
        participation,
      }
    }
    case 'stalled':
      return {
        state: 'stalled',
        problem: problemOf(rooted || !isMissing(status.cause) ? status.cause : new RootUnknown(status.cause)),
        lastHeight: status.head?.optimistic.blockNumber ?? null,
        lastTime: status.head?.optimistic.time ?? null,
        ...staleStart(status.cause),
      }
    case 'closed':
      return { state: 'idle' }
  }
}

function staleStart(cause: Error): { staleStart?: StaleStart } {
  if (!(cause instanceof StaleCheckpoint)) return {}
  return { staleStart: { ageDays: cause.ageDays, safeDays: cause.maxAgeDays, words: OLD_CHECKPOINT_WORDS } }
}

/** At least one source answered, and has not what was asked. */
function isMissing(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false
  if ('causes' in cause && Array.isArray(cause.causes)) return cause.causes.some(isMissing)
  return 'code' in cause && cause.code === 'NOT_AVAILABLE'
}

function sourceViews(client: LightClient | null): SourceView[] {
  return (client?.sources ?? []).map(({ description: { id, carrier, words }, bytes, answers, lie, learned }) => ({
    id,
    carrier,
    words,
    bytes,
    answers,
    lie: lie && problemOf(lie),
    learned,
  }))
}

const HANDS: Readonly<Record<string, 'bridge' | 'network' | 'operator'>> = {
  bridge: 'bridge',
  ip4: 'network',
  ip6: 'network',
  name: 'operator',
  source: 'operator',
}

function diversityView(client: LightClient | null): DiversityView {
  const diversity = client?.diversity ?? { state: 'unknown' }
  if (diversity.state !== 'single') return { state: diversity.state }
  const [kind = '', ...rest] = diversity.origin.split(':')
  const hand = HANDS[kind]
  const name = rest.join(':')
  if (!hand) return { state: 'single', hand: 'unplaced', name: '' }
  return { state: 'single', hand, name: hand === 'bridge' ? `${name.slice(0, 4)}…${name.slice(-4)}` : name }
}

/** No source has the bootstrap that belongs to the block root: a wrong root, or sources that do not keep it. */
export class RootUnknown extends WalletError {
  constructor(cause: Error) {
    super(
      { name: 'Wallet.RootUnknown', code: 'ROOT_UNKNOWN', kind: 'unprovable' },
      `No source knows the block root to start from: ${cause.message}`,
      {
        cause,
        next: 'Check the block root you start from, return to the one that came with the wallet, or add a source.',
      },
    )
  }
}

export class NotFollowing extends WalletError {
  constructor(reason: string) {
    super(
      { name: 'Wallet.NotFollowing', code: 'NOT_FOLLOWING', kind: 'unreachable' },
      `The light client does not follow the chain yet: ${reason}.`,
      { next: 'Wait until it does, or add another source.' },
    )
  }
}
