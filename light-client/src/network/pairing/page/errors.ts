import { GlowwormError } from '../../../errors.ts'

/** The bridge did not take the answer. It is shown as a code instead. */
export class MailboxRefused extends GlowwormError {
  constructor(bridge: string, reason: string, cause?: unknown) {
    super(
      { name: 'Pairing.MailboxRefused', code: 'MAILBOX_REFUSED', kind: 'unreachable' },
      `${new URL(bridge).host} did not take the answer: ${reason}.`,
      { cause, next: 'Show the answer as a code, and give it to the page that way.' },
    )
  }
}

/** What lay in the box was not sealed by whoever read the page's code: the bridge, or somebody at it, put it there. */
export class BridgeAnswersFalsely extends GlowwormError {
  constructor(bridge: string) {
    super(
      { name: 'Pairing.BridgeAnswersFalsely', code: 'BRIDGE_ANSWERS_FALSELY', kind: 'lie' },
      `${new URL(bridge).host} gave an answer that does not come from your phone. It was thrown away.`,
      { next: 'Show the answer on the phone as a code, and give it to this page that way.' },
    )
  }
}
