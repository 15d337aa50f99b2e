/**
 * The wallet's life inside a worker that the browser stops and starts as it likes: made when somebody first needs it,
 * at rest when nobody does, gone with the worker, taken up again by the session.
 * @module
 */
import type { Clock } from '@glowworm/light-client/infrastructure/ports'
import type { NetworkProfile } from '@glowworm/light-client/ledgers/ethereum/profile'
import type { Session, Wallet } from '@glowworm/wallet-core'
import { problemOf, WalletError } from '@glowworm/wallet-core/errors'
import type { Channel } from '@glowworm/wallet-core/facade/channel'
import type { WalletState } from '@glowworm/wallet-core/facade/facade'
import { serveFacade } from '@glowworm/wallet-core/facade/remote'
import { serveProvider } from '@glowworm/wallet-core/provider/serve'
import type { Port } from '../infrastructure/worker-events.ts'
import type { Answers, Question } from '../questions.ts'
import { approvalWindow } from './approval-window.ts'
import type { ChosenNetwork } from './chosen-network.ts'
import { portChannel } from './port-channel.ts'
import { NOT_SET_UP, NOT_STARTED, refuseSite } from './unready-site.ts'

export interface HostParts {
  readonly network: ChosenNetwork
  readonly startWallet: (profile: NetworkProfile, attention: () => void) => Promise<Wallet>
  /** Removes the choice of sources: it belonged to another network. */
  readonly forgetSources: () => Promise<void>
  readonly session: Session
  readonly clock: Clock
  /** Closes the connections to peers. */
  readonly closePeers: () => Promise<void>
  /** Returns the window's id. */
  readonly showApprovals: () => Promise<number>
  /** The window for approvals is about to close: it shows nothing more. */
  readonly approvalsLeave: (window: number) => void
  /** Opens the wallet in a tab, to be set up. */
  readonly showSetUp: () => void
  readonly alarm: { start(): Promise<void>; stop(): Promise<void> }
  readonly stayAwake: () => () => void
  readonly showCount: (count: number) => Promise<void>
}

export interface Host {
  /** @param approvalWindow the window's id when the page is the one for approvals */
  servePage(port: Port, approvalWindow: number | null): Promise<void>
  serveSite(port: Port, origin: string): Promise<void>
  answer(question: Question): Promise<Answers[Question['ask']]>
  windowClosed(id: number): void
  /** Every minute: locks when it is time, and rests when nobody has asked for anything for a while. */
  tick(): Promise<void>
}

/** Nobody asked for anything for so long, in ms: the chain need not be followed. */
export const REST_AFTER = 5 * 60_000

export function createHost(parts: HostParts): Host {
  let running: Promise<Wallet> | null = null
  let resting = false
  let waking: Promise<void> | null = null
  let lastUse = parts.clock.now()
  let letSleep: (() => void) | null = null
  const pages = new Map<Port, () => void>()
  const sites = new Map<Port, () => void>()
  const window = approvalWindow({
    show: parts.showApprovals,
    leaves: parts.approvalsLeave,
    onClosed: () => void rejectAsked(),
  })

  async function rejectAsked(): Promise<void> {
    const wallet = await running
    const asked = wallet?.facade.state.approvals.filter(({ origin }) => origin !== null) ?? []
    // One that is being carried out was approved: it refuses to be rejected, rightly.
    for (const { id } of asked) await wallet?.facade.reject({ id }).catch(() => undefined)
  }

  async function boot(): Promise<Wallet> {
    const profile = await parts.network.read()
    if (profile === null) throw new NetworkNotChosen()
    const wallet = await parts.startWallet(profile, window.show)
    wallet.facade.subscribe(look)
    look(wallet.facade.state)
    await parts.alarm.start()
    return wallet
  }

  /** The wallet, following the chain. @throws {NetworkNotChosen} */
  async function wake(): Promise<Wallet> {
    lastUse = parts.clock.now()
    running ??= boot().catch((error) => {
      running = null
      throw error
    })
    const wallet = await running
    if (resting) {
      waking ??= wallet.follow().finally(() => {
        resting = false
        waking = null
      })
      await waking
    }
    return wallet
  }

  /** An idle worker is stopped, and what waits for an answer with it: not while somebody reads. */
  function look({ approvals }: Pick<WalletState, 'approvals'>): void {
    const needed = approvals.length > 0 || pages.size > 0
    if (needed) letSleep ??= parts.stayAwake()
    else {
      letSleep?.()
      letSleep = null
    }
    void parts.showCount(approvals.filter(({ origin }) => origin !== null).length)
  }

  /** Serves a port until it closes. What it says while the wallet rests waits until the wallet is awake. */
  async function serve(
    port: Port,
    ports: Map<Port, () => void>,
    begin: (channel: Channel) => Promise<() => void>,
  ): Promise<void> {
    const inner = portChannel(port, () => {
      lastUse = parts.clock.now()
    })
    const channel: Channel = {
      // Who listens to the chain uses it.
      send(message) {
        lastUse = parts.clock.now()
        inner.send(message)
      },
      listen: (handler) =>
        inner.listen((message) => (resting ? void wake().then(() => handler(message)) : handler(message))),
    }
    ports.set(port, () => {})
    port.onDisconnect.addListener(() => {
      ports.get(port)?.()
      ports.delete(port)
      void running?.then(({ facade }) => look(facade.state))
    })
    const stop = await begin(channel)
    if (ports.has(port)) ports.set(port, stop)
    else stop()
  }

  function disconnectAll(): void {
    for (const ports of [pages, sites]) {
      for (const [port, stop] of ports) {
        stop()
        port.disconnect()
      }
      ports.clear()
    }
  }

  async function changeNetwork(profile: string): Promise<void> {
    await parts.network.choose(profile)
    const before = await running?.catch(() => null)
    running = null
    // The old wallet must not hold the session of the new one.
    await before?.facade.lock()
    await before?.close()
    await parts.closePeers()
    await parts.forgetSources()
    resting = false
    disconnectAll()
  }

  return {
    servePage(port, approvalWindow) {
      if (approvalWindow !== null) window.stands(approvalWindow)
      return serve(port, pages, async (channel) => {
        try {
          const { facade } = await wake()
          look(facade.state)
          return serveFacade(facade, channel)
        } catch {
          // The page has asked why, too. It is sent away when a network is chosen, and comes again.
          return () => {}
        }
      })
    },
    serveSite: (port, origin) =>
      serve(port, sites, async (channel) => {
        try {
          return serveProvider((await wake()).provider, channel, { origin })
        } catch (error) {
          const refusal = error instanceof NetworkNotChosen ? NOT_SET_UP : NOT_STARTED
          return refuseSite(channel, refusal, parts.showSetUp)
        }
      }),
    async answer(question) {
      switch (question.ask) {
        case 'open':
          try {
            await wake()
            return { state: 'ready' }
          } catch (error) {
            return error instanceof NetworkNotChosen
              ? { state: 'choose-network' }
              : { state: 'failed', problem: problemOf(error) }
          }
        case 'network':
          return { name: (await parts.network.read())?.name ?? null }
        case 'choose-network':
          try {
            await changeNetwork(question.profile)
            return { problem: null }
          } catch (error) {
            return { problem: problemOf(error) }
          }
        case 'leave': {
          const wallet = await running
          if (wallet && wallet.facade.state.approvals.length > 0) return { may: false }
          window.leave()
          return { may: true }
        }
      }
    },
    windowClosed: window.closed,
    async tick() {
      if (running === null) {
        const kept = await parts.session.restore(parts.clock.now())
        kept?.dataKey.fill(0)
        if (running !== null) return
        if (kept === null) await parts.alarm.stop()
        return parts.closePeers()
      }
      const wallet = await running
      await wallet.tick()
      const idle = pages.size === 0 && wallet.facade.state.approvals.length === 0
      if (resting || !idle || parts.clock.now() - lastUse < REST_AFTER) return
      resting = true
      await wallet.close()
      await parts.closePeers()
    },
  }
}

export class NetworkNotChosen extends WalletError {
  constructor() {
    super(
      { name: 'Extension.NetworkNotChosen', code: 'NETWORK_NOT_CHOSEN', kind: 'locked' },
      'No network has been chosen yet.',
      { next: 'Open the wallet and choose one.' },
    )
  }
}
