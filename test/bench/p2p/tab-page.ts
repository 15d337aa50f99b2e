/** A page that shows a proven balance as soon as it can, with nothing but peers; it serves others what it has proven. */
import { createLightClient, type Hex, loadEngines, parseProfile } from '@glowworm/light-client'
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
const swarm = import('@glowworm/light-client/peers')
const profile = parseProfile(given)
const engines = await loadEngines()
done('engines loaded')
const client = createLightClient({
  profile,
  engines,
  trust: { checkpoint: profile.checkpoint! },
  sources: [],
  store: indexedDbStore('bench'),
})
const { createBrowserNode } = await swarm
done('swarm loaded')
await createBrowserNode({
  bridges,
  network: profile,
  clock: platformClock,
  validate: (kind, bytes) => client.offer(kind, bytes),
  serve: client.served,
  onSource(source) {
    done('first source')
    client.addSource(source)
  },
  onSourceGone: (id) => client.removeSource(id),
})
done('node made')
client.subscribe(({ state }) => {
  if (state === 'following') done('following')
})
// not what an earlier run proved: the balance at the head that the peers have now
await client.ready()
const { verified, trail } = await client.account(address)
const balance = verified.value.balance.toString()
document.body.append(balance)
window.tabShown = {
  balance,
  carrier: trail.find(({ stage }) => stage === 'account')?.suppliedBy?.carrier ?? 'unknown',
  milliseconds: performance.now(),
  steps,
}
