/** KeyGen, SkToPk, Sign and Verify: draft-irtf-cfrg-bbs-signatures-08 §3.4 to §3.6. @module */
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { BbsSignatureFault, InvalidBbs } from './errors.ts'
import { i2osp } from './expand-message.ts'
import { checkLength, octetsToPubkey, octetsToSignature, SCALAR_BYTES } from './octets.ts'
import { calculateB, calculateDomain, ONE, type Scheme } from './scheme.ts'
import { withSecrets } from './secrets.ts'

export interface KeyMaterial {
  /** 32 bytes or more that nobody can guess. */
  readonly keyMaterial: Uint8Array
  /** Up to 65,535 bytes that tell keys from the same material apart. */
  readonly keyInfo?: Uint8Array
  readonly keyDst?: Uint8Array
}

export interface ToSign {
  readonly secretKey: Uint8Array
  readonly publicKey: Uint8Array
  readonly header?: Uint8Array
  readonly messages: readonly Uint8Array[]
}

export interface ToVerify {
  readonly publicKey: Uint8Array
  readonly signature: Uint8Array
  readonly header?: Uint8Array
  readonly messages: readonly Uint8Array[]
}

export const NOTHING = new Uint8Array(0)

export function keyGen(scheme: Scheme, { keyMaterial, keyInfo = NOTHING, keyDst }: KeyMaterial): Uint8Array {
  if (keyMaterial.length < 32)
    throw new InvalidBbs('keyMaterial', `expected 32 bytes or more, got ${keyMaterial.length}`)
  if (keyInfo.length > 0xffff) throw new InvalidBbs('keyInfo', `expected at most 65535 bytes, got ${keyInfo.length}`)
  const dst = keyDst ?? utf8ToBytes(`${scheme.suite.id}KEYGEN_DST_`)
  if (dst.length === 0 || dst.length > 255) throw new InvalidBbs('keyDst', `expected 1 to 255 bytes, got ${dst.length}`)
  return scheme.hashToScalar([keyMaterial, i2osp(keyInfo.length, 2), keyInfo], dst)
}

/** @throws {InvalidArgument} of wasm-core for a key that is 0 or not below the group order. */
export function skToPk({ groups }: Scheme, secretKey: Uint8Array): Uint8Array {
  checkLength('secretKey', secretKey, SCALAR_BYTES)
  return groups.g2.encode(groups.g2.secretMultipleOfGenerator(secretKey))
}

/** Deterministic; verified before it leaves, by other code than made it. */
export function sign(scheme: Scheme, { secretKey, publicKey, header = NOTHING, messages }: ToSign): Uint8Array {
  checkLength('secretKey', secretKey, SCALAR_BYTES)
  octetsToPubkey(scheme.groups, publicKey)
  const { g1, scalars } = scheme.groups
  const signature = withSecrets((secret) => {
    const messageScalars = scheme.messagesToScalars(messages)
    messageScalars.forEach(secret)
    const generators = scheme.createGenerators(messages.length + 1)
    const domain = calculateDomain(scheme, publicKey, generators, header)
    const e = secret(scheme.hashToScalar([secretKey, ...messageScalars, domain]))
    const B = calculateB(scheme, generators, domain, messageScalars)
    const A = g1.secretSumOfMultiples([B], [secret(scalars.invert(secret(scalars.add(secretKey, e))))])
    return concatBytes(g1.encode(A), e)
  })
  if (!verify(scheme, { publicKey, signature, header, messages })) throw new BbsSignatureFault()
  return signature
}

/** In variable time. @returns false for a signature that does not hold. @throws {InvalidBbs} for one that is none. */
export function verify(scheme: Scheme, { publicKey, signature, header = NOTHING, messages }: ToVerify): boolean {
  const { groups, p1 } = scheme
  const W = octetsToPubkey(groups, publicKey)
  const { A, e } = octetsToSignature(groups, signature)
  const messageScalars = scheme.messagesToScalars(messages)
  const generators = scheme.createGenerators(messages.length + 1)
  const domain = calculateDomain(scheme, publicKey, generators, header)
  // e(A, W + BP2·e) = e(B, BP2), with e moved to the side of G1 and both sides joined.
  const minusB = [ONE, domain, ...messageScalars].map(groups.scalars.negate)
  const rest = groups.g1.sumOfMultiples([A, p1, ...generators.points], [e, ...minusB])
  return groups.pairingProductIsOne([
    { g1: A, g2: W },
    { g1: rest, g2: groups.g2.generator },
  ])
}
