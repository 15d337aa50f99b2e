/** A signature in an account's name, wherever its key is. None leaves that is not the account's. */
import type { Engines } from '@glowworm/wasm-core'
import { deviceOf } from '../accounts/account-kind.ts'
import { addressOf } from '../accounts/address.ts'
import { NeedsDevice, WrongDevice } from '../devices/errors.ts'
import { WalletError } from '../errors.ts'
import type { DeviceAnswer, DeviceRequest } from '../facade/facade.ts'
import type { Keyring } from '../session/keyring.ts'
import type { AccountRecord } from '../vault/content.ts'
import { digestOf, type Signable } from './signable.ts'

interface Signing {
  readonly keyring: Keyring
  readonly engines: Engines
  readonly chainId: number
}

/**
 * r ‖ s ‖ parity, 65 bytes.
 * @param answer what the device that holds the key said to {@link deviceRequest}; null for keys kept here
 * @throws {WatchOnly} {@link NeedsDevice} {@link WrongDevice} {@link Locked} and what the device's kind throws
 */
export async function signAs(
  { keyring, engines, chainId }: Signing,
  account: AccountRecord,
  signable: Signable,
  answer: DeviceAnswer | null,
): Promise<Uint8Array> {
  requireSigner(account)
  const digest = digestOf(signable, engines.hashes)
  const device = deviceOf(account.key)
  if (device === null) return keyring.signAs(account, (secretKey) => engines.secp256k1.sign(digest, secretKey))
  if (answer === null) throw new NeedsDevice()
  const said = device.signature(answer, signable, { hashes: engines.hashes, chainId })
  return signatureOf(said, digest, account, engines)
}

/** What to ask the device that holds the account's key. @throws {WatchOnly} {@link NeedsNoDevice} */
export function deviceRequest(
  { engines, chainId }: Pick<Signing, 'engines' | 'chainId'>,
  account: AccountRecord,
  signable: Signable,
): DeviceRequest {
  requireSigner(account)
  const device = deviceOf(account.key)
  if (device === null) throw new NeedsNoDevice()
  return device.request(account as never, signable, { hashes: engines.hashes, chainId })
}

/** @throws {WatchOnly} */
export function requireSigner({ key, name }: AccountRecord): void {
  if (key.kind === 'watched') throw new WatchOnly(name)
}

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/**
 * Devices name the parity in several ways, so it is found by recovery; s goes into the lower half, as EIP-2 demands.
 * @throws {WrongDevice} when the signature is nobody's, or another account's
 */
function signatureOf(said: Uint8Array, digest: Uint8Array, account: AccountRecord, engines: Engines): Uint8Array {
  const signature = new Uint8Array(65)
  signature.set(said)
  const s = said.subarray(32).reduce((number, byte) => (number << 8n) | BigInt(byte), 0n)
  if (s > ORDER / 2n && s < ORDER)
    for (let i = 63, low = ORDER - s; i >= 32; i--, low >>= 8n) signature[i] = Number(low & 255n)
  for (const parity of [0, 1]) {
    signature[64] = parity
    try {
      if (addressOf(engines.secp256k1.recover(signature, digest), engines.hashes.keccak256) === account.address)
        return signature
    } catch {
      // no point has that x and this parity: the other may have
    }
  }
  throw new WrongDevice()
}

export class WatchOnly extends WalletError {
  constructor(name: string) {
    super(
      { name: 'Signing.WatchOnly', code: 'WATCH_ONLY', kind: 'refused' },
      `${name} is only watched: its key is not in this wallet, so nothing can be signed with it.`,
      { next: 'Choose another account, or import its key.' },
    )
  }
}

export class NeedsNoDevice extends WalletError {
  constructor() {
    super(
      { name: 'Signing.NeedsNoDevice', code: 'NEEDS_NO_DEVICE', kind: 'usage' },
      'The key of this account is in this wallet: no device has to be asked.',
    )
  }
}
