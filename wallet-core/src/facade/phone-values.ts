/** Pages on other screens that use this wallet. */
import type { PhoneAnswer } from '@glowworm/light-client/network/pairing/page/phone-answer'

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
