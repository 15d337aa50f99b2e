import { WalletError } from '../../errors.ts'

/** Text that is neither an offer nor a question. */
export class UnknownExchange extends WalletError {
  constructor(reason: string, cause?: unknown) {
    super(
      { name: 'Identity.UnknownExchange', code: 'UNKNOWN_EXCHANGE', kind: 'usage' },
      `This is neither an offer of a credential nor a question for one: ${reason}.`,
      { cause, next: 'Scan or copy the whole of it again.' },
    )
  }
}

/** An issuer or verifier did not keep to the protocol, or said no. Nothing was kept, nothing shown. */
export class ExchangeFailed extends WalletError {
  constructor(host: string, reason: string, cause?: unknown) {
    super({ name: 'Identity.ExchangeFailed', code: 'EXCHANGE_FAILED', kind: 'refused' }, `${host}: ${reason}`, {
      cause,
      next: 'Nothing was kept and nothing shown. Ask there for a new link.',
    })
  }
}

/** Nobody answers there. */
export class ExchangeUnreachable extends WalletError {
  constructor(host: string, cause?: unknown) {
    super(
      { name: 'Identity.ExchangeUnreachable', code: 'EXCHANGE_UNREACHABLE', kind: 'unreachable' },
      `${host} does not answer, leads elsewhere, or sends too much.`,
      { cause, next: 'Try again later.' },
    )
  }
}

/** It was settled, dropped, or is too old. */
export class ExchangeGone extends WalletError {
  constructor() {
    super(
      { name: 'Identity.ExchangeGone', code: 'EXCHANGE_GONE', kind: 'usage' },
      'This offer or question is not open any more.',
      { next: 'Scan or open it again.' },
    )
  }
}
