/** Issuing an SD-JWT VC, with @sd-jwt/core: salts, digests, decoys. @module */

import { sha256 } from '@noble/hashes/sha2.js'
import { base64urlnopad } from '@scure/base'
import { SDJwtInstance } from '@sd-jwt/core'
import type { PublicJwk } from '../did/jwk.ts'
import type { Signer } from '../jose/algorithms.ts'
import type { JsonObject } from '../jose/jws.ts'

export interface ToIssue {
  /** A DID, and the key's DID URL. */
  readonly issuer: string
  readonly keyId: string
  /** `vct`. */
  readonly type: string
  readonly claims: JsonObject
  /** As @sd-jwt has it: `_sd` lists what is hidden, at each level; `_sd_decoy` how many digests of nothing are added. */
  readonly frame: JsonObject
  readonly holderKey: PublicJwk | null
  /** Seconds since the epoch. */
  readonly issuedAt: number
  readonly expiresAt: number | null
  readonly status?: JsonObject
}

export async function issueSdJwt(
  toIssue: ToIssue,
  signer: Signer,
  random: { bytes(length: number): Uint8Array },
): Promise<string> {
  const { issuer, keyId, type, claims, frame, holderKey, issuedAt, expiresAt, status } = toIssue
  const library = new SDJwtInstance<Record<string, unknown>>({
    omitTyp: true,
    signAlg: signer.algorithm,
    signer: async (data) => base64urlnopad.encode(await signer.sign(new TextEncoder().encode(data))),
    hasher: (data) => sha256(typeof data === 'string' ? new TextEncoder().encode(data) : new Uint8Array(data)),
    hashAlg: 'sha-256',
    saltGenerator: (length) => base64urlnopad.encode(random.bytes(length)),
  })
  const payload = {
    ...claims,
    iss: issuer,
    vct: type,
    iat: issuedAt,
    nbf: issuedAt,
    ...(expiresAt === null ? {} : { exp: expiresAt }),
    ...(holderKey === null ? {} : { cnf: { jwk: holderKey } }),
    ...(status === undefined ? {} : { status }),
  }
  return library.issue(payload, frame, { header: { typ: 'dc+sd-jwt', kid: keyId } })
}
