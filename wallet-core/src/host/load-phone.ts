/** Loads what serves pages on other screens when the first code is read. For shells that can load modules later. */
import type { Channel } from '@glowworm/light-client/network/message-channel'
import { remotePhone } from '@glowworm/light-client/network/pairing/page/phone-channel'
import type { LoadPhone } from '../ports.ts'

/** @param carrier to the document that holds the connections */
export const loadPhoneOver =
  (carrier: Channel): LoadPhone =>
  async (core) =>
    (await import('../phone/phone-sessions.ts')).createPhoneSessions(core, remotePhone(carrier))
