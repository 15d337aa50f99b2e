import { GlowwormError } from '../errors.ts'

/** Why no block could contain a call. */
export type RefusalReason =
  | 'fees'
  | 'funds'
  | 'intrinsic-gas'
  | 'nonce-too-low'
  | 'nonce-too-high'
  | 'initcode-size'
  | 'sender-code'
  | 'block-gas'
  | 'block-order'
  | 'block-time'
  | 'too-many-blocks'
  | 'shape'

/** No block could contain this call as it stands; it was not executed. In geth's words. */
export class CallRefused extends GlowwormError {
  readonly reason: RefusalReason
  constructor(reason: RefusalReason, words: string) {
    super({ name: 'Contract.CallRefused', code: 'CALL_REFUSED', kind: 'usage' }, words)
    this.reason = reason
  }
}
