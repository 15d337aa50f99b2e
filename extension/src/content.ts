/** Runs beside the page, in the extension's world: carries messages between the page and the worker, nothing else. */
import { connectToWorker } from './infrastructure/worker-port.ts'
import { SITE_PORT } from './ports.ts'
import { awaitHandover } from './relay/handover.ts'
import { messagePortChannel } from './relay/message-port-channel.ts'
import { createRelay } from './relay/relay.ts'
import { maySeeWallet } from './relay/surroundings.ts'

if (maySeeWallet(window))
  awaitHandover(window, (port) => {
    const page = messagePortChannel(port)
    const relay = createRelay({ connect: (on) => connectToWorker(SITE_PORT, on), toPage: page.send })
    page.listen(relay.fromPage)
  })
