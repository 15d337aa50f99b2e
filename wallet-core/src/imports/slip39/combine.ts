/** From shares to the master secret (SLIP-39, "Combining the shares", "Decryption of the master secret"). @module */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import type { ImportCiphers } from '../../ports.ts'
import { ImportTooCostly, InvalidImport } from '../errors.ts'
import { interpolate, type Point } from './interpolate.ts'
import { readShare, type Share } from './share.ts'

/** 10,000 · 2⁹ rounds are half of what an import may cost. */
const MOST_EXPONENT = 9
const MOST_SHARES = 256
const SECRET_AT = 255
const DIGEST_AT = 254
const DIGEST_BYTES = 4
const ROUNDS = [3, 2, 1, 0]

/**
 * @param shares the places of their words, two bytes each
 * @param passphrase printable ASCII; another one leads to another secret, without any warning
 * @returns the master secret, the caller's to wipe
 * @throws {InvalidImport} {@link ImportTooCostly}
 */
export async function masterSecretOf(
  shares: readonly Uint8Array[],
  passphrase: Uint8Array,
  ciphers: Pick<ImportCiphers, 'pbkdf2Sha256'>,
): Promise<Uint8Array> {
  if (shares.length === 0 || shares.length > MOST_SHARES)
    throw refused(`there are ${shares.length} shares, expected 1 to ${MOST_SHARES}`)
  if (passphrase.some((byte) => byte < 32 || byte > 126))
    throw refused('its passphrase has a character that SLIP-39 does not know')
  const read: Share[] = []
  let encrypted: Uint8Array | null = null
  try {
    shares.forEach((bytes, place) => {
      read.push(readShare(bytes, place))
    })
    const [first] = read as [Share]
    if (first.iterationExponent > MOST_EXPONENT)
      throw new ImportTooCostly('iteration exponent', first.iterationExponent, MOST_EXPONENT)
    encrypted = combine(read)
    return await decrypt(encrypted, passphrase, first, ciphers)
  } finally {
    encrypted?.fill(0)
    for (const { value } of read) value.fill(0)
  }
}

function combine(shares: readonly Share[]): Uint8Array {
  const [first] = shares as readonly [Share, ...Share[]]
  shares.forEach((share, place) => {
    if (setOf(share) !== setOf(first)) throw refused(`share ${place + 1} belongs to another set than the first`)
  })
  const groups = Map.groupBy(shares, ({ groupIndex }) => groupIndex)
  const points: Point[] = []
  try {
    for (const [x, members] of groups) points.push({ x, y: groupSecret(members) })
    if (groups.size !== first.groupThreshold)
      throw refused(`shares of ${groups.size} groups were given, exactly ${first.groupThreshold} are needed`)
    return recover(first.groupThreshold, points)
  } finally {
    for (const { y } of points) y.fill(0)
  }
}

/** What all shares of a set have alike. */
const setOf = ({ id, extendable, iterationExponent, groupThreshold, groupCount, value }: Share): string =>
  [id, extendable, iterationExponent, groupThreshold, groupCount, value.length].join()

function groupSecret(members: readonly Share[]): Uint8Array {
  const [{ groupIndex, memberThreshold }] = members as readonly [Share, ...Share[]]
  const of = `of group ${groupIndex + 1}`
  if (members.some((share) => share.memberThreshold !== memberThreshold))
    throw refused(`the shares ${of} do not agree on how many are needed`)
  if (new Set(members.map(({ memberIndex }) => memberIndex)).size !== members.length)
    throw refused(`one share ${of} is there twice`)
  if (members.length !== memberThreshold)
    throw refused(`${members.length} shares ${of} were given, exactly ${memberThreshold} are needed`)
  return recover(
    memberThreshold,
    members.map(({ memberIndex: x, value: y }) => ({ x, y })),
  )
}

function recover(threshold: number, points: readonly Point[]): Uint8Array {
  if (threshold === 1) return points[0]!.y.slice()
  const secret = interpolate(points, SECRET_AT)
  const digest = interpolate(points, DIGEST_AT)
  const expected = hmac(sha256, digest.subarray(DIGEST_BYTES), secret).subarray(0, DIGEST_BYTES)
  const fits = expected.every((byte, i) => byte === digest[i])
  digest.fill(0)
  if (fits) return secret
  secret.fill(0)
  throw refused('the shares do not fit together')
}

/** A Feistel network of four rounds, backwards. */
async function decrypt(
  encrypted: Uint8Array,
  passphrase: Uint8Array,
  { id, extendable, iterationExponent }: Share,
  ciphers: Pick<ImportCiphers, 'pbkdf2Sha256'>,
): Promise<Uint8Array> {
  const half = encrypted.length / 2
  const prefix = extendable ? [] : [...new TextEncoder().encode('shamir'), id >> 8, id & 0xff]
  const iterations = 2_500 << iterationExponent
  let [left, right] = [encrypted.slice(0, half), encrypted.slice(half)]
  for (const round of ROUNDS) {
    const [password, salt] = [Uint8Array.of(round, ...passphrase), Uint8Array.of(...prefix, ...right)]
    const key = await ciphers.pbkdf2Sha256(password, salt, iterations, half)
    for (let i = 0; i < half; i++) left[i]! ^= key[i]!
    for (const bytes of [password, salt, key]) bytes.fill(0)
    ;[left, right] = [right, left]
  }
  const secret = new Uint8Array(encrypted.length)
  secret.set(right)
  secret.set(left, half)
  left.fill(0)
  right.fill(0)
  return secret
}

const refused = (reason: string) => new InvalidImport('slip39', reason)
