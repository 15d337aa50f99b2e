/** A page that shows a proven balance as soon as it can, with nothing but peers; it serves others what it has proven. */
import { createLightClient, type EvidenceSource, type Hex, loadEngines, parseProfile } from '@glowworm/light-client'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { indexedDbStore } from '@glowworm/light-client/infrastructure/indexeddb-store'

export interface Visit {
  readonly profile: unknown
  readonly bridges: readonly string[]
  readonly address: Hex
}

export interface Shown {
  readonly balance: string
  /** Who supplied the proof of the account. */
  readonly carrier: string
  /** Since the navigation, in milliseconds. */
  readonly milliseconds: number
  /** The same for what came before: the step, and when it was done. */
  readonly steps: Readonly<Record<string, number>>
}

declare global {
  interface Window {
    /** Set before the page loads. */
    readonly tab: Visit
    tabShown?: Shown
  }
}

const steps: Record<string, number> = {}
const done = (step: string) => {
  steps[step] ??= performance.now()
}
done('script runs')
const { profile: given, bridges, address } = window.tab
const profile = parseProfile(given)
const client = loadEngines().then((engines) => {
  done('engines loaded')
  const trust = { checkpoint: profile.checkpoint! }
  return createLightClient({ profile, engines, trust, sources: [], store: indexedDbStore('bench') })
})
/** The node dials while the engines are loaded; until then it serves nobody. */
let served: EvidenceSource | null = null
const serve: EvidenceSource = {
  description: { id: 'tab', carrier: 'file', words: 'this tab' },
  serves: (type) => served?.serves(type) ?? false,
  request: async (request, signal) => (await client).served.request(request, signal),
  close: async () => {},
}
const { createBrowserNode } = await import('@glowworm/light-client/peers')
done('swarm loaded')
await createBrowserNode({
  bridges,
  network: profile,
  clock: platformClock,
  validate: async (kind, bytes) => (await client).offer(kind, bytes),
  serve,
  async onSource(source) {
    done('first source')
    ;(await client).addSource(source)
  },
  onSourceGone: async (id) => (await client).removeSource(id),
})
done('node made')
const following = await client
served = following.served
following.subscribe(({ state }) => {
  if (state === 'following') done('following')
})
// not what an earlier run proved: the balance at the head that the peers have now
await following.ready()
const { verified, trail } = await following.account(address)
const balance = verified.value.balance.toString()
document.body.append(balance)
window.tabShown = {
  balance,
  carrier: trail.find(({ stage }) => stage === 'account')?.suppliedBy?.carrier ?? 'unknown',
  milliseconds: performance.now(),
  steps,
}
