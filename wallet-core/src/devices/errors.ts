/** Why a device that holds a key did not help. Nothing was signed in any of these cases. */
import { WalletError, type WalletErrorKind } from '../errors.ts'

export class DeviceError extends WalletError {
  constructor(name: string, code: string, kind: WalletErrorKind, message: string, next: string) {
    super({ name: `Device.${name}`, code, kind }, message, { next })
  }
}

export class NeedsDevice extends DeviceError {
  constructor() {
    super(
      'NeedsDevice',
      'NEEDS_DEVICE',
      'usage',
      'The key of this account is in a device, whose answer is missing.',
      'Sign with the device.',
    )
  }
}

export class WrongDevice extends DeviceError {
  constructor() {
    super(
      'WrongDevice',
      'WRONG_DEVICE',
      'refused',
      'What the device signed is not what was asked, or it was signed with the key of another account.',
      'Use the device, and the passphrase on it, that this account came from.',
    )
  }
}

export class DeviceRejected extends DeviceError {
  constructor() {
    super(
      'Rejected',
      'DEVICE_REJECTED',
      'refused',
      'You rejected it on the device.',
      'Nothing was signed. Ask again if that was not meant.',
    )
  }
}

export class DeviceLocked extends DeviceError {
  constructor() {
    super('Locked', 'DEVICE_LOCKED', 'locked', 'The device is locked.', 'Unlock it with its PIN, then try again.')
  }
}

export class OtherApp extends DeviceError {
  constructor() {
    super(
      'OtherApp',
      'DEVICE_OTHER_APP',
      'usage',
      'The Ethereum app is not open on the device.',
      'Open it on the device, then try again.',
    )
  }
}

export class BlindSigningOff extends DeviceError {
  constructor() {
    super(
      'BlindSigningOff',
      'DEVICE_BLIND_SIGNING_OFF',
      'refused',
      'The device cannot show what this does, and its settings forbid to sign what it cannot show.',
      'Compare the digests first. Then allow blind signing in the settings of the device’s Ethereum app, if you must.',
    )
  }
}

/** The device said no for a reason that this wallet does not know. */
export class DeviceFault extends DeviceError {
  constructor(status: number) {
    super(
      'Fault',
      'DEVICE_FAULT',
      'unreachable',
      `The device answered with the status 0x${status.toString(16).padStart(4, '0')}.`,
      'Try again. If it stays, update the app on the device.',
    )
  }
}

export class DeviceCannotSign extends DeviceError {
  constructor(what: string) {
    super(
      'CannotSign',
      'DEVICE_CANNOT_SIGN',
      'refused',
      `The device of this account cannot sign ${what}.`,
      'Use another account for this.',
    )
  }
}

/** Some of the codes are still to be seen. */
export class IncompleteAnswer extends DeviceError {
  constructor() {
    super(
      'IncompleteAnswer',
      'INCOMPLETE_DEVICE_ANSWER',
      'usage',
      'Some of the codes that the device shows are still missing.',
      'Hold them before the camera for a while longer.',
    )
  }
}

/** What came from the device, or what was taken for it, cannot be read. */
export class UnreadableAnswer extends DeviceError {
  constructor(reason: string) {
    super(
      'UnreadableAnswer',
      'UNREADABLE_DEVICE_ANSWER',
      'usage',
      `This is not an answer of a device: ${reason}.`,
      'Begin again, and scan only what the device shows.',
    )
  }
}

/** The phone was never connected, was closed, or left before it answered. The accounts stay. */
export class PhoneAway extends DeviceError {
  constructor() {
    super(
      'PhoneAway',
      'PHONE_AWAY',
      'unreachable',
      'The phone that has the key of this account is not connected.',
      'Connect it again under Accounts, “A wallet on your phone”, and keep the wallet on the phone open.',
    )
  }
}

/** The wallet on the phone did not do what it was asked, and not because its owner said no. */
export class PhoneRefused extends DeviceError {
  constructor(words: string) {
    super(
      'PhoneRefused',
      'PHONE_REFUSED',
      'refused',
      `The phone refused: ${words}`,
      'See to it on the phone that it is unlocked, follows the same network and has this account. Then ask again.',
    )
  }
}
