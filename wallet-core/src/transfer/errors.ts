import { problemOf, WalletError } from '../errors.ts'

/** What must be known for certain before anything is signed cannot be proven at the moment. */
export class NotProven extends WalletError {
  constructor(cause: unknown) {
    const { message, next } = problemOf(cause)
    super(
      { name: 'Transfer.NotProven', code: 'NOT_PROVEN', kind: 'unprovable' },
      `Nothing was prepared, because the account could not be proven: ${message}`,
      {
        cause,
        next: next ?? 'Wait a moment and try again, or add a source.',
      },
    )
  }
}

export class AmountAboveBalance extends WalletError {
  static readonly code = 'AMOUNT_ABOVE_BALANCE'
  constructor(amount: bigint, balance: bigint) {
    super(
      { name: 'Transfer.AmountAboveBalance', code: AmountAboveBalance.code, kind: 'refused' },
      `The amount (${amount} wei) is more than the proven balance (${balance} wei).`,
      { next: 'Send less, or receive first.' },
    )
  }
}

/** `amount` and `balance` in the token's smallest unit. */
export class TokenAboveBalance extends WalletError {
  constructor(amount: bigint, balance: bigint) {
    super(
      { name: 'Transfer.TokenAboveBalance', code: 'TOKEN_ABOVE_BALANCE', kind: 'refused' },
      `The amount (${amount} of the token’s smallest unit) is more than the proven balance (${balance}).`,
      { next: 'Send less, or receive first.' },
    )
  }
}

export class InvalidAmount extends WalletError {
  constructor() {
    super(
      { name: 'Wallet.InvalidAmount', code: 'INVALID_AMOUNT', kind: 'usage' },
      'This is not an amount: expected a whole number of the smallest unit, not negative, below 2²⁵⁶.',
    )
  }
}

export class FeeAboveBalance extends WalletError {
  constructor(most: bigint, balance: bigint) {
    super(
      { name: 'Transfer.FeeAboveBalance', code: 'FEE_ABOVE_BALANCE', kind: 'refused' },
      `Amount and fee (up to ${most} wei) are more than the proven balance (${balance} wei).`,
      { next: 'Leave something for the fee.' },
    )
  }
}

export class CommittedElsewhere extends WalletError {
  constructor() {
    super(
      { name: 'Transfer.CommittedElsewhere', code: 'COMMITTED_ELSEWHERE', kind: 'refused' },
      'Together with what is already under way, this is more than the proven balance.',
      { next: 'Wait until the earlier transactions are included.' },
    )
  }
}

/** Signed, it would reach nobody: peers take less than nodes over HTTP. */
export class TooLargeForPeers extends WalletError {
  /** Both in bytes. */
  constructor(size: number, most: number) {
    super(
      { name: 'Transfer.TooLargeForPeers', code: 'TOO_LARGE_FOR_PEERS', kind: 'refused' },
      `Signed, this transaction has ${size} bytes; peers pass on at most ${most}, and no other source is chosen.`,
      { next: 'Choose an execution node as a source as well, and ask again.' },
    )
  }
}

/** The call was executed here on proven state, and failed. */
export class CallFails extends WalletError {
  constructor(reason: string | null) {
    super(
      { name: 'Transfer.CallFails', code: 'CALL_FAILS', kind: 'unprovable' },
      `executed on proven state, it fails${reason === null ? '' : `: ${reason}`}.`,
    )
  }
}

/** No source can say what the call needs, or it is said to fail. */
export class GasUnknown extends WalletError {
  constructor(cause: unknown) {
    super(
      { name: 'Transfer.GasUnknown', code: 'GAS_UNKNOWN', kind: 'unprovable' },
      `It is not known how much gas this needs: ${problemOf(cause).message}`,
      { cause, next: 'It would probably fail. Check what you are asked to do, or try another source.' },
    )
  }
}
