import { InvalidArgument } from './errors.ts'

/** The argument checks of the `Secp256k1` slot, the same for both engines. */

export function checkSecp256k1Length(argument: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new InvalidArgument(argument, `expected ${length} bytes, got ${bytes.length}`)
}

export function checkPublicKeyLength(publicKey: Uint8Array): void {
  if (publicKey.length !== 33 && publicKey.length !== 65)
    throw new InvalidArgument('publicKey', `expected 33 or 65 bytes, got ${publicKey.length}`)
}
