/** Runs in the page's own world, before anything of the page: puts the provider there and announces it. */
import { injectProvider, occupyEthereum } from '@glowworm/wallet-core/provider/injected'
import icon from '../../wallet-ui/public/icon.svg?raw'
import { randomUuid } from './infrastructure/random-uuid.ts'
import { handOver } from './relay/handover.ts'
import { messagePortChannel } from './relay/message-port-channel.ts'
import { maySeeWallet } from './relay/surroundings.ts'

if (maySeeWallet(window)) {
  const provider = injectProvider({
    channel: messagePortChannel(handOver(window)),
    target: window,
    uuid: randomUuid(),
    icon: `data:image/svg+xml,${encodeURIComponent(icon)}`,
    surface: reportError,
  })
  occupyEthereum(provider, window)
}
