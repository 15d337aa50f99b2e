import { WalletError } from '../../errors.ts'

/** Typed data that is malformed, or that two readers could understand differently. */
export class InvalidTypedData extends WalletError {
  constructor(reason: string) {
    super(
      { name: 'Signing.InvalidTypedData', code: 'INVALID_TYPED_DATA', kind: 'usage' },
      `This data cannot be signed: ${reason}.`,
    )
  }
}
