/** The worker that a page starts: nothing but a light client behind a channel. */
import { hostLightClient } from './application/embedding/host-client.ts'
import { clonedChannel, type PostPort } from './network/message-channel.ts'

hostLightClient(clonedChannel(globalThis as unknown as PostPort))
