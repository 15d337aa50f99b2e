/** The trusted thread of the page: wallet and light client. What crosses to the page is the façade and peer evidence. */

import { parseProfile } from '@glowworm/light-client/ledgers/ethereum/profile'
import { clonedChannel } from '@glowworm/light-client/network/message-channel'
import { PRODUCT } from '@glowworm/light-client/product'
import { problemOf } from '@glowworm/wallet-core/errors'
import { copyingBytes } from '@glowworm/wallet-core/facade/channel'
import { serveFacade } from '@glowworm/wallet-core/facade/remote'
import { hostWallet } from '@glowworm/wallet-core/host/host-wallet'
import { loadBelongings } from '@glowworm/wallet-core/host/load-belongings'
import { loadIdentity } from '@glowworm/wallet-core/host/load-identity'
import { loadPhoneOver } from '@glowworm/wallet-core/host/load-phone'
import { noSession } from '@glowworm/wallet-core/session/session'
import { takeAlone } from './alone.ts'
import { readStart } from './start-message.ts'

const page = self as unknown as Pick<Worker, 'addEventListener' | 'postMessage'>

page.addEventListener('message', (event: MessageEvent<unknown>) => {
  const start = readStart(event.data)
  if (!start) return
  host(start.network, start.facade, start.carrier).catch((error: unknown) =>
    page.postMessage({ type: 'failed', problem: problemOf(error) }),
  )
})

async function host(network: unknown, facade: MessagePort, carrier: MessagePort): Promise<void> {
  const profile = parseProfile(network)
  await takeAlone(`${PRODUCT.slug}-wallet`)
  const documents = clonedChannel(carrier)
  const wallet = await hostWallet({
    profile,
    carrier: documents,
    session: noSession,
    loadBelongings,
    loadIdentity,
    loadPhone: loadPhoneOver(documents),
  })
  serveFacade(wallet.facade, copyingBytes(clonedChannel(facade)))
}
