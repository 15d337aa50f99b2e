/**
 * The recovery file: 32 random bytes that open this vault on this device, for who has lost the password. It holds no
 * copy of the wallet; that is what a backup file is for.
 *
 * Text, one line: `GLOWWORM-RECOVERY-1 ` and the base64url of `secret ‖ first 4 bytes of its SHA-256`.
 * @module
 */
import { base64urlnopad } from '@scure/base'
import { WalletError } from '../errors.ts'
import { UNLOCK_SECRET_BYTES } from './slots.ts'

const HEAD = new TextEncoder().encode('GLOWWORM-RECOVERY-1 ')
const MOST_BYTES = 1024
type Sha256 = (data: Uint8Array) => Uint8Array

/** The file's bytes, which are secret. A library makes a string of the secret on the way; it cannot be wiped. */
export function encodeRecoveryFile(secret: Uint8Array, sha256: Sha256): Uint8Array {
  const summed = new Uint8Array(UNLOCK_SECRET_BYTES + 4)
  summed.set(secret)
  summed.set(sha256(secret).subarray(0, 4), UNLOCK_SECRET_BYTES)
  const body = new TextEncoder().encode(`${base64urlnopad.encode(summed)}\n`)
  summed.fill(0)
  const bytes = new Uint8Array(HEAD.length + body.length)
  bytes.set(HEAD)
  bytes.set(body, HEAD.length)
  body.fill(0)
  return bytes
}

/** The secret, which the caller wipes. @throws {InvalidRecoveryFile} */
export function decodeRecoveryFile(bytes: Uint8Array, sha256: Sha256): Uint8Array {
  if (bytes.length > MOST_BYTES || HEAD.some((byte, i) => bytes[i] !== byte))
    throw new InvalidRecoveryFile('it does not begin like one')
  let summed: Uint8Array
  try {
    summed = base64urlnopad.decode(new TextDecoder().decode(bytes.subarray(HEAD.length)).trim())
  } catch {
    // The cause would repeat a part of the secret.
    throw new InvalidRecoveryFile('it is not whole')
  }
  const secret = summed.slice(0, UNLOCK_SECRET_BYTES)
  const sum = sha256(secret)
  const fits =
    summed.length === UNLOCK_SECRET_BYTES + 4 &&
    summed.subarray(UNLOCK_SECRET_BYTES).every((byte, i) => byte === sum[i])
  summed.fill(0)
  if (fits) return secret
  secret.fill(0)
  throw new InvalidRecoveryFile('it is damaged')
}

export class InvalidRecoveryFile extends WalletError {
  constructor(reason: string) {
    super(
      { name: 'Vault.InvalidRecoveryFile', code: 'INVALID_RECOVERY_FILE', kind: 'usage' },
      `This is not a recovery file: ${reason}.`,
      { next: 'Choose the file that this wallet once made for you.' },
    )
  }
}
