/** ProofGen and ProofVerify with their steps: draft-irtf-cfrg-bbs-signatures-08 §3.5.3, §3.5.4, §3.7. @module */
import type { G1Point, Random } from '@glowworm/wasm-core'
import { concatBytes } from '@noble/hashes/utils.js'
import { EXPAND_LENGTH } from './ciphersuite.ts'
import { InvalidBbs } from './errors.ts'
import { i2osp } from './expand-message.ts'
import { octetsToProof, octetsToPubkey, octetsToSignature, type Proof, type Signature } from './octets.ts'
import { calculateB, calculateDomain, type Generators, ONE, type Scheme } from './scheme.ts'
import { withSecrets } from './secrets.ts'
import { NOTHING } from './signature.ts'

export interface ToDisclose {
  readonly publicKey: Uint8Array
  readonly signature: Uint8Array
  readonly header?: Uint8Array
  /** What the proof is made for: a verifier's nonce, an audience. */
  readonly presentationHeader?: Uint8Array
  /** All messages that were signed. */
  readonly messages: readonly Uint8Array[]
  /** Counted from 0, rising. */
  readonly disclosedIndexes: readonly number[]
}

export interface Disclosed {
  readonly publicKey: Uint8Array
  readonly proof: Uint8Array
  readonly header?: Uint8Array
  readonly presentationHeader?: Uint8Array
  /** One for each index, in their order. */
  readonly disclosedMessages: readonly Uint8Array[]
  readonly disclosedIndexes: readonly number[]
}

/** r1, r2, e~, r1~, r3~ and m~_j for each hidden message: what blinds a proof. */
export type RandomScalars = readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, ...Uint8Array[]]

/** Abar ‖ Bbar ‖ D, T1 ‖ T2 and the domain: what the challenge is drawn from. */
export interface Initialised {
  readonly points: Uint8Array
  readonly commitment: Uint8Array
  readonly domain: Uint8Array
}

/**
 * A proof that its maker knows a signature over all messages, which discloses some and tells of the others and of the
 * signature nothing. It does not look whether the signature holds: a proof made from one that does not is refused by
 * whoever verifies it.
 */
export function proofGen(scheme: Scheme, random: Random, given: ToDisclose): Uint8Array {
  const { publicKey, header = NOTHING, presentationHeader = NOTHING, messages, disclosedIndexes } = given
  octetsToPubkey(scheme.groups, publicKey)
  const hidden = undisclosed(messages.length, disclosedIndexes)
  return withSecrets((secret) => {
    const signature = octetsToSignature(scheme.groups, given.signature)
    secret(signature.e)
    const scalars = scheme.messagesToScalars(messages)
    scalars.forEach(secret)
    const randomScalars = calculateRandomScalars(scheme, random, hidden.length)
    randomScalars.forEach(secret)
    const init = proofInit(scheme, publicKey, signature, randomScalars, header, scalars, hidden)
    const disclosed = disclosedIndexes.map((i) => scalars[i]!)
    const challenge = proofChallengeCalculate(scheme, init, disclosedIndexes, disclosed, presentationHeader)
    const hiddenScalars = hidden.map((i) => scalars[i]!)
    return proofFinalize(scheme, init, challenge, signature.e, randomScalars, hiddenScalars)
  })
}

/** In variable time. @returns false for a proof that does not hold. @throws {InvalidBbs} for one that is none. */
export function proofVerify(scheme: Scheme, given: Disclosed): boolean {
  const { publicKey, header = NOTHING, presentationHeader = NOTHING, disclosedMessages, disclosedIndexes } = given
  const { groups } = scheme
  const W = octetsToPubkey(groups, publicKey)
  const proof = octetsToProof(groups, given.proof)
  if (disclosedMessages.length !== disclosedIndexes.length) {
    const expected = `expected one for each index, ${disclosedIndexes.length}`
    throw new InvalidBbs('disclosedMessages', `${expected}, got ${disclosedMessages.length}`)
  }
  const hidden = undisclosed(disclosedIndexes.length + proof.commitments.length, disclosedIndexes)
  const scalars = scheme.messagesToScalars(disclosedMessages)
  const init = proofVerifyInit(scheme, publicKey, proof, header, scalars, disclosedIndexes, hidden)
  const challenge = proofChallengeCalculate(scheme, init, disclosedIndexes, scalars, presentationHeader)
  if (challenge.some((byte, i) => byte !== proof.challenge[i])) return false
  return groups.pairingProductIsOne([
    { g1: proof.Abar, g2: W },
    { g1: groups.g1.negate(proof.Bbar), g2: groups.g2.generator },
  ])
}

/** calculate_random_scalars [4.2.1], of which ProofGen needs five and one for each hidden message. */
export function calculateRandomScalars({ groups }: Scheme, random: Random, hidden: number): RandomScalars {
  const scalar = (): Uint8Array => {
    const bytes = random.bytes(EXPAND_LENGTH)
    try {
      return groups.scalars.reduce(bytes)
    } finally {
      bytes.fill(0)
    }
  }
  return [scalar(), scalar(), scalar(), scalar(), scalar(), ...Array.from({ length: hidden }, scalar)]
}

/** In constant time: every point is multiplied by something secret. */
export function proofInit(
  scheme: Scheme,
  publicKey: Uint8Array,
  { A, e }: Signature,
  randomScalars: RandomScalars,
  header: Uint8Array,
  messages: readonly Uint8Array[],
  undisclosedIndexes: readonly number[],
): Initialised {
  const { g1, scalars } = scheme.groups
  const generators = scheme.createGenerators(messages.length + 1)
  const domain = calculateDomain(scheme, publicKey, generators, header)
  return withSecrets((secret) => {
    const [r1, r2, eTilde, r1Tilde, r3Tilde, ...mTilde] = randomScalars
    const B = calculateB(scheme, generators, domain, messages)
    const D = g1.secretSumOfMultiples([B], [r2])
    const Abar = g1.secretSumOfMultiples([A], [secret(scalars.multiply(r1, r2))])
    const Bbar = g1.secretSumOfMultiples([D, Abar], [r1, secret(scalars.negate(e))])
    const T1 = g1.secretSumOfMultiples([Abar, D], [eTilde, r1Tilde])
    const T2 = g1.secretSumOfMultiples([D, ...pick(generators, undisclosedIndexes)], [r3Tilde, ...mTilde])
    return initialised(scheme, joined(scheme, [Abar, Bbar, D]), T1, T2, domain)
  })
}

/** In variable time. */
export function proofVerifyInit(
  scheme: Scheme,
  publicKey: Uint8Array,
  proof: Proof,
  header: Uint8Array,
  disclosedMessages: readonly Uint8Array[],
  disclosedIndexes: readonly number[],
  undisclosedIndexes: readonly number[],
): Initialised {
  const { g1, scalars } = scheme.groups
  const { Abar, Bbar, D, challenge: c } = proof
  const generators = scheme.createGenerators(disclosedIndexes.length + undisclosedIndexes.length + 1)
  const domain = calculateDomain(scheme, publicKey, generators, header)
  const T1 = g1.sumOfMultiples([Bbar, Abar, D], [c, proof.eHat, proof.r1Hat])
  // T2 = Bv·c + D·r3^ + Σ H_j·m^_j with Bv = P1 + Q_1·domain + Σ H_i·msg_i, as one sum.
  const T2 = g1.sumOfMultiples(
    [
      scheme.p1,
      generators.points[0]!,
      ...pick(generators, disclosedIndexes),
      D,
      ...pick(generators, undisclosedIndexes),
    ],
    [
      ...[ONE, domain, ...disclosedMessages].map((scalar) => scalars.multiply(scalar, c)),
      proof.r3Hat,
      ...proof.commitments,
    ],
  )
  return initialised(scheme, proof.points, T1, T2, domain)
}

export function proofChallengeCalculate(
  scheme: Scheme,
  { points, commitment, domain }: Initialised,
  disclosedIndexes: readonly number[],
  disclosedMessages: readonly Uint8Array[],
  presentationHeader: Uint8Array,
): Uint8Array {
  return scheme.hashToScalar([
    i2osp(disclosedIndexes.length, 8),
    ...disclosedIndexes.flatMap((index, i) => [i2osp(index, 8), disclosedMessages[i]!]),
    points,
    commitment,
    domain,
    i2osp(presentationHeader.length, 8),
    presentationHeader,
  ])
}

export function proofFinalize(
  { groups: { scalars } }: Scheme,
  { points }: Initialised,
  challenge: Uint8Array,
  e: Uint8Array,
  randomScalars: RandomScalars,
  undisclosedMessages: readonly Uint8Array[],
): Uint8Array {
  const [r1, r2, eTilde, r1Tilde, r3Tilde, ...mTilde] = randomScalars
  return withSecrets((secret) => {
    const response = (blinding: Uint8Array, value: Uint8Array) =>
      scalars.add(blinding, secret(scalars.multiply(value, challenge)))
    const r3 = secret(scalars.invert(r2))
    return concatBytes(
      points,
      response(eTilde, e),
      response(r1Tilde, secret(scalars.negate(r1))),
      response(r3Tilde, secret(scalars.negate(r3))),
      ...undisclosedMessages.map((message, j) => response(mTilde[j]!, message)),
      challenge,
    )
  })
}

/** The indexes that are not disclosed. @throws {InvalidBbs} unless the disclosed ones rise and are below `count`. */
function undisclosed(count: number, disclosedIndexes: readonly number[]): number[] {
  for (const [i, index] of disclosedIndexes.entries()) {
    const before = i === 0 ? -1 : disclosedIndexes[i - 1]!
    if (!Number.isInteger(index) || index <= before || index >= count) {
      throw new InvalidBbs(
        `disclosedIndexes[${i}]`,
        `expected an integer from ${before + 1} to ${count - 1}, got ${index}`,
      )
    }
  }
  const disclosed = new Set(disclosedIndexes)
  return Array.from({ length: count }, (_, i) => i).filter((i) => !disclosed.has(i))
}

/** H_(i+1) of each index i. */
function pick({ points }: Generators, indexes: readonly number[]): G1Point[] {
  return indexes.map((i) => points[i + 1]!)
}

function joined({ groups: { g1 } }: Scheme, points: readonly G1Point[]): Uint8Array {
  return concatBytes(...points.map((point) => g1.encode(point)))
}

function initialised(scheme: Scheme, points: Uint8Array, T1: G1Point, T2: G1Point, domain: Uint8Array): Initialised {
  return { points, commitment: joined(scheme, [T1, T2]), domain }
}
