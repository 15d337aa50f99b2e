import { WalletError } from '../../errors.ts'

export class NothingToShow extends WalletError {
  constructor() {
    super(
      { name: 'Identity.NothingToShow', code: 'NOTHING_TO_SHOW', kind: 'usage' },
      'This wallet holds no credential that answers the question.',
      { next: 'Nothing was sent. Get the credential first, then open the question again.' },
    )
  }
}

/** What would be shown is no longer what the person agreed to. */
export class ChoiceMissing extends WalletError {
  constructor() {
    super(
      { name: 'Identity.ChoiceMissing', code: 'CHOICE_MISSING', kind: 'usage' },
      'It was not chosen what is to be shown, or it is not there any more. Nothing was sent.',
      { next: 'Open the question again.' },
    )
  }
}

export class InvalidParty extends WalletError {
  constructor() {
    super(
      { name: 'Identity.InvalidParty', code: 'INVALID_PARTY', kind: 'usage' },
      'Say whom the identifier is for: 1 to 200 characters.',
    )
  }
}
