/** A page that shows a proven balance as soon as it can, with nothing but peers; it serves others what it has proven. */
import {
  createLightClient,
  type EvidenceSource,
  type Hex,
  isVerified,
  loadEngines,
  parseProfile,
} from '@glowworm/light-client'
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
  /** What an earlier visit proved, proven again in this one, and when it stood in the page; null at the first visit. */
  readonly kept: {
    readonly balance: string
    /** Of the block it is true of, in words that stand beside it. */
    readonly age: string
    readonly milliseconds: number
  } | null
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
const store = indexedDbStore('bench')
const client = loadEngines().then((engines) => {
  done('engines loaded')
  const trust = { checkpoint: profile.checkpoint! }
  return createLightClient({ profile, engines, trust, sources: [], store, keepAccounts: true })
})

/** Prints a balance with the time of the block it is true of. Resolves with the time at which it is on the screen. */
async function show(balance: string, time: number): Promise<{ age: string; milliseconds: number }> {
  const age = `${Math.max(0, Math.round((Date.now() - time) / 1000))} s old`
  document.body.textContent = `${balance}, ${age}`
  await new Promise((resolve) => requestAnimationFrame(resolve))
  return { age, milliseconds: performance.now() }
}

async function showKept(): Promise<Shown['kept']> {
  const kept = await (await client).keptAccount(address)
  if (!kept) return null
  if (!isVerified(kept.verified)) throw new Error('what was kept was not verified')
  const balance = kept.verified.value.balance.toString()
  return { balance, ...(await show(balance, kept.verified.anchor.time)) }
}
const kept = showKept()

/** The node dials while the engines are loaded; until then it serves nobody. */
let served: EvidenceSource | null = null
const serve: EvidenceSource = {
  description: { id: 'tab', carrier: 'file', words: 'this tab' },
  serves: (type) => served?.serves(type) ?? false,
  request: async (request, signal) => (await client).served.request(request, signal),
  close: async () => {},
}
// what was kept is shown first: it takes less than loading and starting what asks others
if (localStorage.getItem('visited')) await kept
localStorage.setItem('visited', 'yes')
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
// the balance at the head that the peers have now
await following.ready()
const { verified, trail } = await following.account(address)
const balance = verified.value.balance.toString()
const { milliseconds } = await show(balance, verified.anchor.time)
window.tabShown = {
  balance,
  carrier: trail.find(({ stage }) => stage === 'account')?.suppliedBy?.carrier ?? 'unknown',
  milliseconds,
  steps,
  kept: await kept,
}
