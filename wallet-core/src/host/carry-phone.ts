/** The session with a phone that signs, held by the document beside the worker, and loaded there when first needed. */
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import type { Channel } from '@glowworm/light-client/network/message-channel'
import { PRODUCT } from '@glowworm/light-client/product'
import { servePhoneSession } from '../devices/phone/phone-carriage.ts'

/** Returns the function that tells whether a phone is connected. @param channel to the worker with `remotePhoneSession` */
export const carryPhone = (channel: Channel): (() => boolean) =>
  servePhoneSession(channel, async () =>
    (await import('../devices/phone/phone-session.ts')).createPhoneSession({
      clock: platformClock,
      http: platformHttp,
      self: { name: PRODUCT.name, origin: location.origin },
    }),
  )
