/**
 * Starts the wallet behind the page. The worker holds keys and verifies; the page carries peer connections, which
 * exist in documents only, and decides nothing. libp2p is loaded when the worker first asks for peers.
 * @module
 */
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { clonedChannel } from '@glowworm/light-client/network/message-channel'
import { servePhone } from '@glowworm/light-client/network/pairing/page/phone-channel'
import { carryPeers } from '@glowworm/light-client/network/peer-carriage'
import { copyingBytes } from '@glowworm/wallet-core/facade/channel'
import type { Problem, WalletFacade } from '@glowworm/wallet-core/facade/facade'
import { connectFacade } from '@glowworm/wallet-core/facade/remote'
import { fetchNetwork } from '../infrastructure/network-file.ts'
import { keepStorage, whenBack } from '../infrastructure/page.ts'
import type { StartMessage } from './start-message.ts'

/** @throws {StartFailed} when the network's profile cannot be had or the worker does not start. */
export async function startWallet(): Promise<WalletFacade> {
  const network = await fetchNetwork()
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'wallet' })
  const facade = new MessageChannel()
  const carrier = new MessageChannel()
  const documents = clonedChannel(carrier.port1)
  const peers = carryPeers(documents, {
    clock: platformClock,
    loadNode: () => import('@glowworm/light-client/network/libp2p/browser-node'),
    loadPairing: () => import('@glowworm/light-client/network/pairing/pair'),
    report: (message) => console.warn(message),
  })
  servePhone(documents, async () => ({
    clock: platformClock,
    make: (await import('@glowworm/light-client/network/pairing/page/phone-answer')).createPhone,
  }))
  whenBack(() => peers.wake())
  const failed = failureOf(worker)
  const start: StartMessage = { type: 'start', network, facade: facade.port2, carrier: carrier.port2 }
  worker.postMessage(start, [facade.port2, carrier.port2])
  const connected = await Promise.race([connectFacade(copyingBytes(clonedChannel(facade.port1))), failed])
  keepStorageOnceUsed(connected)
  return connected
}

/** Rejects when the worker says that it cannot start, or dies. */
function failureOf(worker: Worker): Promise<never> {
  return new Promise((_, reject) => {
    worker.addEventListener('error', (event) => reject(new StartFailed(event.message || 'the worker did not load')))
    worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'object' && data !== null && 'type' in data && data.type === 'failed' && 'problem' in data)
        reject(new StartFailed((data.problem as Problem).message, data.problem as Problem))
    })
  })
}

/** Browsers clear the storage of sites they think unimportant. From the first wallet on, this one is not. */
function keepStorageOnceUsed(facade: WalletFacade): void {
  let asked = false
  const ask = () => {
    if (asked || facade.state.phase === 'no-wallet') return
    asked = true
    void keepStorage()
  }
  ask()
  facade.subscribe(ask)
}

/** The wallet's thread did not come up. Nothing was changed. */
export class StartFailed extends Error {
  readonly problem: Problem
  constructor(reason: string, problem?: Problem) {
    super(`The wallet could not start: ${reason}`)
    this.name = 'Boot.StartFailed'
    this.problem = problem ?? { code: 'START_FAILED', kind: 'closed', message: this.message, next: null }
  }
}
