/** ecdsa-sd-2023 (Data Integrity ECDSA Cryptosuites 1.0 §3.5): verification of what a holder derived. @module */
import { p256 } from '@noble/curves/nist.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { base64urlnopad } from '@scure/base'
import { CredentialRefused, MalformedCredential } from '../credential/errors.ts'
import type { VerificationMethod } from '../did/document.ts'
import { verifySignature } from '../jose/algorithms.ts'
import type { Unsecured } from './proof.ts'
import type { RdfOptions } from './rdf.ts'
import {
  bytesOf,
  decodeProofValue,
  hashOf,
  isBytes,
  isNumber,
  labelsOf,
  listOf,
  proofHash,
  split,
  statementsOf,
} from './statements.ts'

export const ECDSA_SD_2023 = 'ecdsa-sd-2023'
const DERIVED = 0x01
/** Of a P-256 key: p256-pub, as an unsigned varint. */
const P256_PUB = [0x80, 0x24]

/** @throws {CredentialRefused} SIGNATURE, ALGORITHM @throws {MalformedCredential | UnsupportedCredential} */
export async function verifyEcdsaSd(
  { document, proof }: Unsecured,
  method: VerificationMethod,
  options: RdfOptions,
): Promise<void> {
  const parts = decodeProofValue(proof.value, DERIVED, 5)
  const baseSignature = bytesOf(parts[0], 'the signature', 64)
  const proofKey = bytesOf(parts[1], 'the key of this proof', 35)
  const signatures = listOf(parts[2], 'the signatures', isBytes)
  const labels = labelsOf(parts[3], (label: Uint8Array) => `u${base64urlnopad.encode(label)}`, isBytes)
  const { mandatory, others } = split(
    await statementsOf(document, labels, options),
    listOf(parts[4], 'the mandatory statements', isNumber),
  )
  if (proofKey[0] !== P256_PUB[0] || proofKey[1] !== P256_PUB[1]) {
    throw new MalformedCredential('the key of its proof is not on P-256')
  }
  if (signatures.length !== others.length) {
    throw new CredentialRefused('SIGNATURE', 'there are not as many signatures as statements')
  }
  const toVerify = concatBytes(await proofHash(document, proof, options), proofKey, hashOf(mandatory))
  if (!method.publicKeyJwk || !verifySignature('ES256', method.publicKeyJwk, toVerify, baseSignature)) {
    throw new CredentialRefused('SIGNATURE', 'the signature does not fit the key')
  }
  const encoder = new TextEncoder()
  others.forEach((statement, i) => {
    if (!verified(signatures[i]!, encoder.encode(statement), proofKey.subarray(2))) {
      throw new CredentialRefused('SIGNATURE', 'a statement was not signed')
    }
  })
}

function verified(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return p256.verify(signature, message, publicKey, { lowS: false })
  } catch {
    return false
  }
}
