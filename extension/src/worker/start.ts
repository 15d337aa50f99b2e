/** The wallet behind everything: keys, verification and storage. All of it is wired in the first turn. */
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { PRODUCT } from '@glowworm/light-client/product'
import { forgetSources, type HostOptions, hostWallet } from '@glowworm/wallet-core/host/host-wallet'
import { loadBelongings } from '@glowworm/wallet-core/host/load-belongings'
import { indexedDbSessionKey } from '@glowworm/wallet-core/infrastructure/indexeddb-session-key'
import { keepSession } from '@glowworm/wallet-core/session/session'
import type { OffscreenChannel } from '../infrastructure/offscreen-document.ts'
import { closeStorageToContentScripts, lastingTexts, sessionTexts } from '../infrastructure/storage.ts'
import { openTab, soleWindow } from '../infrastructure/windows.ts'
import * as events from '../infrastructure/worker-events.ts'
import { CARRIER_PORT, SITE_PORT, WALLET_PORT } from '../ports.ts'
import { readQuestion } from '../questions.ts'
import { chosenNetwork } from './chosen-network.ts'
import { createHost } from './host.ts'
import { isOwnPage, siteOrigin } from './sender.ts'

const ALARM = 'tick'
const APPROVALS = 'approval.html'
const SET_UP = 'popup.html?surface=page'

/** Where credentials are worked on: with the wallet, or in the document that carries peers; and the phone, where one may sign. */
export type Later = Required<Pick<HostOptions, 'loadIdentity'>> & Pick<HostOptions, 'phoneSigner'>

/** @param carrier the way to what holds the connections to peers */
export function startWallet(carrier: OffscreenChannel, later: Later): void {
  const closed = closeStorageToContentScripts()
  const own = events.ownIdentity()
  const session = keepSession(sessionTexts(), indexedDbSessionKey(`${PRODUCT.slug}-session`))
  const approvals = soleWindow(APPROVALS)

  const host = createHost({
    network: chosenNetwork(lastingTexts()),
    async startWallet(profile, attention) {
      await closed
      return hostWallet({ profile, carrier, session, attention, loadBelongings, ...later })
    },
    forgetSources,
    session,
    clock: platformClock,
    closePeers: carrier.close,
    showApprovals: approvals.show,
    approvalsLeave: approvals.leaves,
    showSetUp: () => void openTab(SET_UP),
    alarm: { start: () => events.startAlarm(ALARM), stop: () => events.stopAlarm(ALARM) },
    stayAwake: events.stayAwake,
    showCount: events.showCount,
  })

  events.onPort((port) => {
    const origin = siteOrigin(port.sender, own)
    if (port.name === WALLET_PORT && isOwnPage(port.sender, own)) {
      const forApprovals = port.sender?.url === `${own.origin}/${APPROVALS}`
      void host.servePage(port, forApprovals ? (port.sender?.tab?.windowId ?? null) : null)
    } else if (port.name === CARRIER_PORT && isOwnPage(port.sender, own)) carrier.take(port)
    else if (port.name === SITE_PORT && origin !== null) void host.serveSite(port, origin)
    else port.disconnect()
  })
  events.onQuestion((message, sender) => {
    const question = readQuestion(message)
    return question !== null && isOwnPage(sender, own) ? host.answer(question) : null
  })
  events.onWindowClosed(host.windowClosed)
  events.onAlarm(ALARM, () => void host.tick())
  events.onInstalled(() => void openTab(SET_UP))
}
