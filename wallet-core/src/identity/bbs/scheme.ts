/**
 * What the operations of BBS stand on: a ciphersuite with its interface (H2G_HM2S_, §7.1), its generators and hashes.
 * The names are those of draft-irtf-cfrg-bbs-signatures-08, sections in brackets.
 * @module
 */
import type { Bls12381Groups, G1Point } from '@glowworm/wasm-core'
import { concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { CIPHERSUITES, type Ciphersuite, type CiphersuiteName, EXPAND_LENGTH } from './ciphersuite.ts'
import { InvalidBbs } from './errors.ts'
import { i2osp } from './expand-message.ts'

/**
 * Messages of one signature. The draft allows more, but the length of a stranger's proof must not decide how many points
 * are hashed: 2048 take a quarter of a second, once.
 */
export const MOST_MESSAGES = 2048

export interface Generators {
  /** Q_1, H_1, …, H_L. */
  readonly points: readonly G1Point[]
  /** The same, encoded and joined. */
  readonly octets: Uint8Array
}

export interface Scheme {
  readonly groups: Bls12381Groups
  readonly suite: Ciphersuite
  readonly apiId: Uint8Array
  readonly p1: G1Point
  /** create_generators [4.1.1]; what was once computed is kept. */
  createGenerators(count: number): Generators
  /** hash_to_scalar [4.2.2] with the tag H2S_ of the interface, or another; the message in parts. */
  hashToScalar(message: readonly Uint8Array[], dst?: Uint8Array): Uint8Array
  /** messages_to_scalars [4.1.2]. */
  messagesToScalars(messages: readonly Uint8Array[]): Uint8Array[]
}

export function createScheme(groups: Bls12381Groups, name: CiphersuiteName): Scheme {
  const suite = CIPHERSUITES[name]
  const apiId = utf8ToBytes(`${suite.id}H2G_HM2S_`)
  const tag = (suffix: string): Uint8Array => concatBytes(apiId, utf8ToBytes(suffix))
  const [h2s, map] = [tag('H2S_'), tag('MAP_MSG_TO_SCALAR_AS_HASH_')]

  const hashToScalar = (message: readonly Uint8Array[], dst = h2s): Uint8Array => {
    const uniform = suite.expandMessage(message, dst, EXPAND_LENGTH)
    try {
      return groups.scalars.reduce(uniform)
    } finally {
      uniform.fill(0)
    }
  }
  return {
    groups,
    suite,
    apiId,
    p1: groups.g1.decode(hexToBytes(suite.p1)),
    createGenerators: generatorsOf(groups, suite, apiId, 'MESSAGE_GENERATOR_SEED'),
    hashToScalar,
    messagesToScalars(messages) {
      if (messages.length > MOST_MESSAGES) {
        throw new InvalidBbs('messages', `expected at most ${MOST_MESSAGES}, got ${messages.length}`)
      }
      return messages.map((message) => hashToScalar([message], map))
    },
  }
}

/** create_generators with any seed; each call goes on where the one before ended. */
export function generatorsOf(groups: Bls12381Groups, suite: Ciphersuite, apiId: Uint8Array, seed: string) {
  const seedDst = concatBytes(apiId, utf8ToBytes('SIG_GENERATOR_SEED_'))
  const generatorDst = concatBytes(apiId, utf8ToBytes('SIG_GENERATOR_DST_'))
  let v = suite.expandMessage([apiId, utf8ToBytes(seed)], seedDst, EXPAND_LENGTH)
  const points: G1Point[] = []
  const octets: Uint8Array[] = []
  return (count: number): Generators => {
    for (let i = points.length + 1; i <= count; i++) {
      v = suite.expandMessage([v, i2osp(i, 8)], seedDst, EXPAND_LENGTH)
      const point = suite.hashToCurve(groups, v, generatorDst)
      points.push(point)
      octets.push(groups.g1.encode(point))
    }
    return { points: points.slice(0, count), octets: concatBytes(...octets.slice(0, count)) }
  }
}

/** calculate_domain [4.2.3]: a scalar that binds key, generators and header. */
export function calculateDomain(
  scheme: Scheme,
  publicKey: Uint8Array,
  { points, octets }: Generators,
  header: Uint8Array,
): Uint8Array {
  const messages = i2osp(points.length - 1, 8)
  return scheme.hashToScalar([publicKey, messages, octets, scheme.apiId, i2osp(header.length, 8), header])
}

/** B = P1 + Q_1·domain + H_1·msg_1 + … + H_L·msg_L, in constant time: messages are their holder's secret. */
export function calculateB(
  { groups, p1 }: Scheme,
  { points }: Generators,
  domain: Uint8Array,
  messages: readonly Uint8Array[],
): G1Point {
  return groups.g1.secretSumOfMultiples([p1, ...points], [ONE, domain, ...messages])
}

export const ONE: Uint8Array = i2osp(1, 32)
