/** What the vault keeps safe: the secrets that keys are derived from. Bytes, so that they can be wiped. @module */
import { VaultCorrupted } from './errors.ts'

export type Secret =
  /** BIP-39: 16 to 32 bytes of entropy, and the UTF-8 bytes of the NFKD form of the passphrase (most have none). */
  | { readonly kind: 'phrase'; readonly entropy: Uint8Array; readonly passphrase: Uint8Array }
  /** A BIP-32 master seed of 16 to 64 bytes that no BIP-39 phrase leads to, e.g. the master secret of SLIP-39 shares. */
  | { readonly kind: 'seed'; readonly seed: Uint8Array }
  /** One secp256k1 secret key, 32 bytes. */
  | { readonly kind: 'private-key'; readonly key: Uint8Array }

export const MOST_SECRETS = 64
export const MOST_PASSPHRASE_BYTES = 1024
const KINDS = ['phrase', 'seed', 'private-key'] as const

export function wipeSecrets(secrets: readonly Secret[]): void {
  for (const secret of secrets) for (const part of partsOf(secret)) part.fill(0)
}

/** True when both lead to the same keys. Compares every byte, wherever the first difference is. */
export function sameSecret(a: Secret, b: Secret): boolean {
  if (a.kind !== b.kind) return false
  const [ofA, ofB] = [partsOf(a), partsOf(b)]
  return ofA.every((part, i) => sameBytes(part, ofB[i]!))
}

/** True when each of the vault's secrets is among those of the file. */
export const holdsAll = (vault: readonly Secret[], file: readonly Secret[]): boolean =>
  vault.every((secret) => file.some((other) => sameSecret(secret, other)))

export const phraseSecret = (entropy: Uint8Array, passphrase: Uint8Array = new Uint8Array(0)): Secret => ({
  kind: 'phrase',
  entropy,
  passphrase,
})

/** `u8 count`, then for each `u8 kind ‖ u8 number of parts ‖ (u16 length ‖ bytes)…`, big endian. */
export function encodeSecrets(secrets: readonly Secret[]): Uint8Array {
  const sizes = secrets.flatMap((secret) => [2, ...partsOf(secret).map((part) => 2 + part.length)])
  const bytes = new Uint8Array(sizes.reduce((sum, size) => sum + size, 1))
  const view = new DataView(bytes.buffer)
  bytes[0] = secrets.length
  let at = 1
  for (const secret of secrets) {
    const parts = partsOf(secret)
    bytes[at] = KINDS.indexOf(secret.kind)
    bytes[at + 1] = parts.length
    at += 2
    for (const part of parts) {
      view.setUint16(at, part.length)
      bytes.set(part, at + 2)
      at += 2 + part.length
    }
  }
  return bytes
}

/** The secrets are copies the caller must wipe; `length` is what was read. @throws {VaultCorrupted} */
export function decodeSecrets(bytes: Uint8Array): { secrets: Secret[]; length: number } {
  const secrets: Secret[] = []
  let at = 0
  const read = (count: number): Uint8Array => {
    if (at + count > bytes.length) throw new VaultCorrupted('its secrets end early')
    at += count
    return bytes.subarray(at - count, at)
  }
  try {
    for (let left = read(1)[0]!; left > 0; left--) {
      const [kind, count] = read(2) as unknown as [number, number]
      const parts = Array.from({ length: count }, () => {
        const [high, low] = read(2) as unknown as [number, number]
        return read((high << 8) | low)
      })
      secrets.push(secretOf(KINDS[kind], parts))
    }
  } catch (error) {
    wipeSecrets(secrets)
    throw error
  }
  return { secrets, length: at }
}

function secretOf(kind: (typeof KINDS)[number] | undefined, parts: readonly Uint8Array[]): Secret {
  const [first, second] = parts
  const within = (least: number, most: number) => !!first && first.length >= least && first.length <= most
  if (kind === 'phrase' && parts.length === 2 && within(16, 32) && second!.length <= MOST_PASSPHRASE_BYTES)
    return phraseSecret(first!.slice(), second!.slice())
  if (kind === 'seed' && parts.length === 1 && within(16, 64)) return { kind, seed: first!.slice() }
  if (kind === 'private-key' && parts.length === 1 && within(32, 32)) return { kind, key: first!.slice() }
  throw new VaultCorrupted('it holds a secret of an unknown kind')
}

function partsOf(secret: Secret): readonly Uint8Array[] {
  switch (secret.kind) {
    case 'phrase':
      return [secret.entropy, secret.passphrase]
    case 'seed':
      return [secret.seed]
    case 'private-key':
      return [secret.key]
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!
  return difference === 0
}
