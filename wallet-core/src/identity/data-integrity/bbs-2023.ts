/// <reference path="./di-sd-primitives.d.ts" />
/**
 * bbs-2023 (Data Integrity BBS Cryptosuites 1.0 §3.4, without the optional features): one signature over the statements of a
 * document, from which its holder derives proofs that show some of them and cannot be linked with one another.
 * @module
 */
import {
  canonicalize,
  canonicalizeAndGroup,
  createHmac,
  type LabelMap,
  selectJsonLd,
  stripBlankNodePrefixes,
} from '@digitalbazaar/di-sd-primitives'
import { concatBytes } from '@noble/hashes/utils.js'
import { base64urlnopad } from '@scure/base'
import type { Bbs } from '../bbs/bbs.ts'
import { InvalidBbs } from '../bbs/errors.ts'
import { CredentialRefused, MalformedCredential } from '../credential/errors.ts'
import type { VerificationMethod } from '../did/document.ts'
import type { JsonObject } from '../jose/jws.ts'
import type { SecuredDocument, Unsecured } from './proof.ts'
import type { RdfOptions } from './rdf.ts'
import {
  bytesOf,
  decodeProofValue,
  encodeProofValue,
  hashOf,
  isNumber,
  isText,
  labelsOf,
  listOf,
  processed,
  proofHash,
  rising,
  split,
  statementsOf,
} from './statements.ts'

export const BBS_2023 = 'bbs-2023'
const BASE = 0x02
const DERIVED = 0x03
const HMAC_KEY_BYTES = 32

export interface ToSign {
  readonly verificationMethod: string
  /** An XML Schema dateTimeStamp. */
  readonly created: string
  /** JSON pointers to what every derived proof shows. */
  readonly mandatoryPointers: readonly string[]
  readonly publicKey: Uint8Array
  readonly secretKey: Uint8Array
  /** 32 bytes, fresh for each credential: what hides how blank nodes are called. */
  readonly hmacKey: Uint8Array
}

/** The base proof: for the holder only, who derives others from it. @throws {MalformedCredential | UnsupportedCredential} */
export async function signBbs(document: JsonObject, toSign: ToSign, bbs: Bbs, options: RdfOptions) {
  if (Object.hasOwn(document, 'proof')) throw new MalformedCredential('it has a proof already')
  const { verificationMethod, created, mandatoryPointers, publicKey, secretKey, hmacKey } = toSign
  bytesOf(hmacKey, 'the HMAC key', HMAC_KEY_BYTES)
  const config = {
    ...{ type: 'DataIntegrityProof', cryptosuite: BBS_2023, created, verificationMethod },
    proofPurpose: 'assertionMethod',
  }
  const { mandatory } = await grouped(document, hmacKey, { mandatory: mandatoryPointers }, options).then(
    ({ groups }) => groups,
  )
  const header = concatBytes(
    await proofHash(document, { options: config }, options),
    hashOf([...mandatory.matching.values()]),
  )
  const signature = bbs.sign({ secretKey, publicKey, header, messages: messagesOf(mandatory.nonMatching.values()) })
  const value = encodeProofValue(BASE, [signature, header, publicKey, hmacKey, mandatoryPointers])
  return { ...document, proof: { ...config, proofValue: `u${base64urlnopad.encode(value)}` } }
}

/** Whether the base proof holds: what a holder asks before keeping a credential. @throws as `verifyBbs` */
export async function verifyBbsBase(
  { document, proof }: Unsecured,
  method: VerificationMethod,
  bbs: Bbs,
  options: RdfOptions,
): Promise<void> {
  const base = readBase(proof.value)
  const { groups } = await grouped(document, base.hmacKey, { mandatory: base.mandatoryPointers }, options)
  const { matching, nonMatching } = groups.mandatory
  const header = concatBytes(await proofHash(document, proof, options), hashOf([...matching.values()]))
  const publicKey = keyOf(method)
  const { signature } = base
  const holds = accepted(() => bbs.verify({ publicKey, signature, header, messages: messagesOf(nonMatching.values()) }))
  // The copies of header and key in the proof are what later proofs are derived with.
  if (!holds || !sameBytes(header, base.header) || !sameBytes(publicKey, base.publicKey)) {
    throw new CredentialRefused('SIGNATURE', 'the signature does not fit the key')
  }
}

/** What of a document with a base proof is seen: whatever is chosen, and with these pointers chosen. Pure. */
export function revealedBy({ document, proof }: Unsecured, selectivePointers: readonly string[]) {
  const { mandatoryPointers } = readBase(proof.value)
  const always = mandatoryPointers.length === 0 ? null : selected(document, mandatoryPointers)
  const pointers = [...mandatoryPointers, ...selectivePointers]
  return { always, shown: pointers.length === 0 ? null : selected(document, pointers) }
}

function selected(document: JsonObject, pointers: readonly string[]): JsonObject {
  let revealed: JsonObject | null
  try {
    revealed = selectJsonLd({ document, pointers })
  } catch (cause) {
    throw new MalformedCredential('its proof points at what is not there', cause)
  }
  if (revealed === null) throw new MalformedCredential('nothing of it was chosen, and nothing is mandatory')
  return revealed
}

/**
 * A document that shows what `selectivePointers` lead to and what is mandatory, with a proof of its own.
 * @param presentationHeader what the proof is made for, e.g. the hash of a verifier's question
 */
export async function deriveBbs(
  { document, proof }: Unsecured,
  selectivePointers: readonly string[],
  presentationHeader: Uint8Array,
  bbs: Bbs,
  options: RdfOptions,
): Promise<SecuredDocument> {
  const base = readBase(proof.value)
  const mandatoryPointers = [...base.mandatoryPointers]
  const pointers = [...mandatoryPointers, ...selectivePointers]
  const { groups, labelMap } = await grouped(
    document,
    base.hmacKey,
    { mandatory: mandatoryPointers, selective: selectivePointers, combined: pointers },
    options,
  )
  const { mandatory, selective, combined } = groups
  const shown = [...combined.matching.keys()]
  const mandatoryIndexes = [...mandatory.matching.keys()].map((index) => shown.indexOf(index))
  const hideable = [...mandatory.nonMatching.keys()]
  const disclosedIndexes = hideable.flatMap((index, i) => (selective.matching.has(index) ? [i] : []))
  const bbsProof = bbs.proofGen({
    ...{ publicKey: base.publicKey, signature: base.signature, header: base.header, presentationHeader },
    ...{ messages: messagesOf(mandatory.nonMatching.values()), disclosedIndexes },
  })
  const revealed = selected(document, pointers)
  const labels = await verifierLabels(combined.deskolemizedNQuads, labelMap)
  const value = encodeProofValue(DERIVED, [bbsProof, labels, mandatoryIndexes, disclosedIndexes, presentationHeader])
  const { proofValue: _, ...config } = proof.options
  return { ...revealed, proof: { ...config, proofValue: `u${base64urlnopad.encode(value)}` } }
}

/**
 * @param presentationHeader what the proof must have been made for
 * @throws {CredentialRefused} SIGNATURE, NONCE @throws {MalformedCredential | UnsupportedCredential}
 */
export async function verifyBbs(
  { document, proof }: Unsecured,
  method: VerificationMethod,
  presentationHeader: Uint8Array,
  bbs: Bbs,
  options: RdfOptions,
): Promise<void> {
  const parts = decodeProofValue(proof.value, DERIVED, 5)
  const bbsProof = bytesOf(parts[0], 'the proof')
  const labels = labelsOf(parts[1], (label: number) => `b${label}`, isNumber)
  const { mandatory, others } = split(
    await statementsOf(document, labels, options),
    listOf(parts[2], 'the mandatory statements', isNumber),
  )
  const disclosedIndexes = listOf(parts[3], 'the disclosed statements', isNumber)
  if (disclosedIndexes.length !== others.length || !rising(disclosedIndexes, Number.MAX_SAFE_INTEGER)) {
    throw new MalformedCredential('its proof counts statements that are not there')
  }
  if (!sameBytes(bytesOf(parts[4], 'what it was made for'), presentationHeader)) {
    throw new CredentialRefused('NONCE', 'it answers another question')
  }
  const header = concatBytes(await proofHash(document, proof, options), hashOf(mandatory))
  const disclosed = { header, presentationHeader, disclosedMessages: messagesOf(others), disclosedIndexes }
  const publicKey = keyOf(method)
  if (!accepted(() => bbs.proofVerify({ publicKey, proof: bbsProof, ...disclosed }))) {
    throw new CredentialRefused('SIGNATURE', 'the proof does not fit the key')
  }
}

/** The BBS proof in a derived proof: two of one credential have nothing in common. @throws {MalformedCredential} */
export const derivedProofOf = ({ value }: Unsecured['proof']): Uint8Array =>
  bytesOf(decodeProofValue(value, DERIVED, 5)[0], 'the proof')

function readBase(value: Uint8Array) {
  const parts = decodeProofValue(value, BASE, 5)
  return {
    signature: bytesOf(parts[0], 'the signature', 80),
    header: bytesOf(parts[1], 'the header', 64),
    publicKey: bytesOf(parts[2], 'the key', 96),
    hmacKey: bytesOf(parts[3], 'the HMAC key', HMAC_KEY_BYTES),
    mandatoryPointers: listOf(parts[4], 'the mandatory pointers', isText),
  }
}

async function grouped<Name extends string>(
  document: JsonObject,
  hmacKey: Uint8Array,
  groups: Record<Name, readonly string[]>,
  options: RdfOptions,
) {
  const hmac = await createHmac({ key: hmacKey })
  const labelMapFactoryFunction = async ({ canonicalIdMap }: { canonicalIdMap: LabelMap }) => {
    const hashed = await Promise.all(
      [...canonicalIdMap].map(async ([input, label]): Promise<[string, string]> => {
        const mac = await hmac.sign(new TextEncoder().encode(label))
        return [input, `u${base64urlnopad.encode(mac)}`]
      }),
    )
    // Shuffled by their keyed hashes, so that their order tells nothing about what is hidden (§3.4.1).
    const order = hashed.map(([, mac]) => mac).sort()
    return new Map(hashed.map(([input, mac]) => [input, `b${order.indexOf(mac)}`]))
  }
  return processed(() => canonicalizeAndGroup({ document, labelMapFactoryFunction, groups, options }))
}

/** From the number a verifier will give a blank node to the one it has in the signed statements. */
async function verifierLabels(statements: readonly string[], labelMap: LabelMap): Promise<Map<number, number>> {
  const canonicalIdMap: LabelMap = new Map()
  await canonicalize(statements.join(''), { inputFormat: 'application/n-quads', canonicalIdMap })
  return new Map(
    [...stripBlankNodePrefixes(canonicalIdMap)].map(([input, label]) => [
      Number(label.slice('c14n'.length)),
      Number(labelMap.get(input)!.slice(1)),
    ]),
  )
}

function keyOf(method: VerificationMethod): Uint8Array {
  const jwk = method.publicKeyJwk
  if (jwk?.crv !== 'BLS12381_G2') throw new CredentialRefused('ALGORITHM', `${BBS_2023} is not signed with such a key`)
  return base64urlnopad.decode(jwk.x)
}

function accepted(verify: () => boolean): boolean {
  try {
    return verify()
  } catch (error) {
    if (error instanceof InvalidBbs) return false
    throw error
  }
}

const messagesOf = (statements: Iterable<string>): Uint8Array[] =>
  [...statements].map((statement) => new TextEncoder().encode(statement))

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i])
