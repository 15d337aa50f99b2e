/** Pages on other screens that use this wallet. */

import type { PhoneAnswer } from '@glowworm/light-client/network/pairing/page/phone-answer'
import type { ShownOffer } from '../devices/phone/phone-session.ts'
import type { DeviceAnswer } from './device-values.ts'
import type { Stop } from './stopped.ts'

export type { PhoneAnswer }

export interface PhoneSessionView {
  readonly id: string
  /** Under which its permissions stand: the `origin` of its approvals and in `sites`. */
  readonly site: string
  /** What the page calls itself. Nobody vouches for it. */
  readonly name: string | null
  /** What the page says its origin is. Nobody vouches for it. */
  readonly origin: string
  /** ms since the epoch */
  readonly since: number
}

export interface PhoneCommands {
  /**
   * Takes the code of a page on another screen. The answer reaches the page as a code, or by `phonePost`; then
   * `phoneConnected` resolves, and the page's requests come as approvals. An attempt before is cancelled.
   * @throws problems like `INVALID_PAIRING_CODE`, `OTHER_PURPOSE`, `PAIRING_EXPIRED`, `CANNOT_PAIR`.
   */
  phoneAnswer(request: { code: string }): Promise<PhoneAnswer>
  /** Leaves the answer with the bridge that the page named, which learns this device's internet address. @throws problem `MAILBOX_REFUSED` */
  phonePost(): Promise<void>
  phoneConnected(): Promise<PhoneSessionView>
  phoneCancel(): Promise<void>
  /** Takes back what the page was allowed, and ends the connection. */
  endPhoneSession(request: { id: string }): Promise<void>
}

/** A wallet on a phone that signs for this one. */
export interface PhoneSignerCommands {
  /** A code for the phone. @throws problem `CANNOT_PAIR` where the shell has no sessions, `NO_PEER_CONNECTIONS` */
  phoneSignerOffer(): Promise<ShownOffer>
  /**
   * Takes the phone's answer, asks it for its accounts, which its owner chooses there, and adds those that are new under
   * this name. @throws problems of pairing, `DEVICE_REJECTED`, `PHONE_AWAY`, `PHONE_REFUSED`, `STOPPED`
   */
  phoneSignerAccept(request: { code: string; name: string }, stop?: Stop): Promise<{ added: number }>
  phoneSignerCancel(): Promise<void>
  /**
   * Asks the phone for the signature, for the revision that was shown; its answer goes to `approve`, which checks it. Waits
   * for as long as the phone does. @throws problems as `deviceRequest`, `DEVICE_REJECTED`, `PHONE_AWAY`, `PHONE_REFUSED`, `STOPPED`
   */
  askPhone(request: { id: string; revision: number }, stop?: Stop): Promise<DeviceAnswer>
}
