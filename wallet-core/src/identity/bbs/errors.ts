import { WalletError } from '../../errors.ts'

/** Octets that are no key, signature or proof, or an argument out of range: "INVALID" in the words of the draft. */
export class InvalidBbs extends WalletError {
  readonly argument: string
  constructor(argument: string, reason: string, cause?: unknown) {
    super({ name: 'Identity.InvalidBbs', code: 'INVALID_BBS', kind: 'usage' }, `${argument}: ${reason}`, { cause })
    this.argument = argument
  }
}

/** A signature just made does not hold: another public key than the secret key's, or a disturbed computation. */
export class BbsSignatureFault extends WalletError {
  constructor() {
    super(
      { name: 'Identity.BbsSignatureFault', code: 'BBS_SIGNATURE_FAULT', kind: 'refused' },
      'The signature just made does not hold under the given public key; it was discarded.',
      { next: 'Check that both keys belong together, then sign again.' },
    )
  }
}
