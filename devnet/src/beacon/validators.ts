/**
 * The devnet's validators. All their keys are known to everybody who reads this line: they are derived from a sentence.
 * That is what makes one signature per slot cheap, and what makes this chain worthless outside tests.
 * @module
 */
import { aggregatePublicKeys, PublicKey, SecretKey } from '@chainsafe/blst'
import { PRESET, sha256 } from '../forks.ts'

/** Order of the BLS12-381 scalar field. */
const R = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n

export interface Validator {
  readonly secret: bigint
  readonly pubkey: Uint8Array
}

/** A sync committee with the seats' validator indices, so that the devnet can sign for it. */
export interface Committee {
  readonly seats: readonly number[]
  readonly pubkeys: Uint8Array[]
  readonly aggregatePubkey: Uint8Array
}

export interface SyncAggregate {
  readonly bits: readonly boolean[]
  readonly signature: Uint8Array
}

export function makeValidators(count: number): Validator[] {
  return Array.from({ length: count }, (_, i) => {
    const secret = (bigintOf(sha256(Buffer.from(`glowworm devnet validator ${i}`))) % (R - 1n)) + 1n
    return { secret, pubkey: SecretKey.fromBytes(bytes32(secret)).toPublicKey().toBytes() }
  })
}

/**
 * Draws the committee of a period with repetition: from Electra on balances differ by up to 64 times, so real small
 * committees hold the same validator more than once, and verifiers must cope.
 */
export function drawCommittee(validators: readonly Validator[], period: number): Committee {
  const seats = Array.from({ length: PRESET.SYNC_COMMITTEE_SIZE }, (_, seat) => {
    const draw = sha256(Buffer.from(`committee ${period} seat ${seat}`))
    return Number(bigintOf(draw) % BigInt(validators.length))
  })
  const pubkeys = seats.map((index) => validators[index]!.pubkey)
  const aggregatePubkey = aggregatePublicKeys(pubkeys.map((key) => PublicKey.fromBytes(key))).toBytes()
  return { seats, pubkeys, aggregatePubkey }
}

/** Who takes part at `slot`: the same `count` seats on every run. */
export function drawParticipants(slot: number, count: number): boolean[] {
  const order = Array.from({ length: PRESET.SYNC_COMMITTEE_SIZE }, (_, seat) => ({
    seat,
    rank: Buffer.from(sha256(Buffer.from(`slot ${slot} seat ${seat}`))).toString('hex'),
  })).sort((a, b) => (a.rank < b.rank ? -1 : 1))
  const present = new Set(order.slice(0, count).map(({ seat }) => seat))
  return order.map((_, seat) => present.has(seat))
}

/** Signs `signingRoot` for all present seats at once: the sum of their secret keys signs like all of them together. */
export function signAsCommittee(
  validators: readonly Validator[],
  committee: Committee,
  bits: readonly boolean[],
  signingRoot: Uint8Array,
): SyncAggregate {
  const secret = committee.seats.reduce((sum, index, seat) => (bits[seat] ? sum + validators[index]!.secret : sum), 0n)
  if (secret === 0n) return { bits, signature: G2_POINT_AT_INFINITY }
  return {
    bits,
    signature: SecretKey.fromBytes(bytes32(secret % R))
      .sign(signingRoot)
      .toBytes(),
  }
}

const G2_POINT_AT_INFINITY = new Uint8Array(96)
G2_POINT_AT_INFINITY[0] = 0xc0

function bigintOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
}
function bytes32(value: bigint): Uint8Array {
  return new Uint8Array(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'))
}
