/** Whether a JWS was signed by a method of a DID document: with its key, or by the account it names. @module */
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { addressOf } from '../../accounts/address.ts'
import type { VerificationMethod } from '../did/document.ts'
import { checkJws, type Jws } from '../jose/jws.ts'
import { CredentialRefused } from './errors.ts'

type Keccak256 = (data: Uint8Array) => Uint8Array

/** @throws {CredentialRefused} SIGNATURE, ALGORITHM or ISSUER */
export function checkSignedBy(jws: Jws, method: VerificationMethod, keccak256: Keccak256): void {
  if (method.publicKeyJwk) {
    checkJws(jws, method.publicKeyJwk)
    return
  }
  const account = /^eip155:[0-9]+:(0x[0-9a-fA-F]{40})$/.exec(method.blockchainAccountId ?? '')?.[1]
  if (account === undefined)
    throw new CredentialRefused('ISSUER', 'the key it names is of a kind that signs nothing here')
  if (jws.header.alg !== 'ES256K') {
    throw new CredentialRefused('ALGORITHM', 'an account signs with ES256K, and it says otherwise')
  }
  const digest = sha256(jws.signingInput)
  if (!recovered(jws.signature, digest, keccak256).includes(account.toLowerCase())) {
    throw new CredentialRefused('SIGNATURE', 'the signature is not that of the account')
  }
}

/** The addresses whose key may have made it: ES256K tells no parity (RFC 8812), so there are two. */
function recovered(signature: Uint8Array, digest: Uint8Array, keccak256: Keccak256): string[] {
  if (signature.length !== 64) return []
  return [0, 1].flatMap((parity) => {
    try {
      const point = secp256k1.Signature.fromBytes(signature).addRecoveryBit(parity).recoverPublicKey(digest)
      return [addressOf(point.toBytes(false), keccak256)]
    } catch {
      return []
    }
  })
}
