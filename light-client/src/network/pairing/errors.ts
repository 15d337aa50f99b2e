import { GlowwormError } from '../../errors.ts'

/** The other code is an offer where an answer is wanted, or the other way round, or answers another offer. */
export class WrongPairingCode extends GlowwormError {
  constructor(reason: string, next: string) {
    super({ name: 'Pairing.WrongPairingCode', code: 'WRONG_PAIRING_CODE', kind: 'usage' }, reason, { next })
  }
}

export class OtherNetwork extends GlowwormError {
  constructor() {
    super(
      { name: 'Pairing.OtherNetwork', code: 'PAIRING_OTHER_NETWORK', kind: 'usage' },
      'The other device follows another network.',
      { next: 'Choose the same network on both devices.' },
    )
  }
}

export class PairingExpired extends GlowwormError {
  constructor() {
    super({ name: 'Pairing.PairingExpired', code: 'PAIRING_EXPIRED', kind: 'stale' }, 'This code has expired.', {
      next: 'Begin again: the code is renewed.',
    })
  }
}

/** The devices exchanged codes, but no packet got through. */
export class PairingFailed extends GlowwormError {
  constructor(reason: string) {
    super(
      { name: 'Pairing.PairingFailed', code: 'PAIRING_FAILED', kind: 'unreachable' },
      `The devices could not connect: ${reason}.`,
      { next: 'Bring both into the same network, for example the same Wi-Fi, and begin again.' },
    )
  }
}

export class PairingCancelled extends GlowwormError {
  constructor() {
    super(
      { name: 'Pairing.PairingCancelled', code: 'PAIRING_CANCELLED', kind: 'closed' },
      'The pairing was cancelled.',
      { next: 'Begin again when both devices are at hand.' },
    )
  }
}

/** Peer connections exist in documents only, and in some browsers not even there. */
export class NoPeerConnections extends GlowwormError {
  constructor() {
    super(
      { name: 'Pairing.NoPeerConnections', code: 'NO_PEER_CONNECTIONS', kind: 'unreachable' },
      'This browser cannot make connections to other devices (WebRTC is missing or switched off).',
      { next: 'Use another browser, or switch WebRTC on.' },
    )
  }
}
