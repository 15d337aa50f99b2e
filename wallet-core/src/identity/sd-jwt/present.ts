/** Presenting an SD-JWT: the disclosures of what was asked for and nothing else, bound to this verifier. @module */

import { base64urlnopad } from '@scure/base'
import { KBJwt } from '@sd-jwt/core'
import type { Signer } from '../jose/algorithms.ts'
import { type ClaimPath, type Disclosed, digestOf, type SdJwt } from './read.ts'
import type { KeyBindingExpected } from './verify.ts'

/**
 * The disclosures that show what lies at `paths`, with everything below it and what it lies in. Of what is not hidden there
 * are none: that is seen in any case.
 */
export function disclosuresFor(sdJwt: SdJwt, paths: readonly ClaimPath[]): readonly Disclosed[] {
  const { disclosures } = sdJwt
  const byDigest = new Map(disclosures.map((each) => [each.digest, each]))
  const chosen = new Set<Disclosed>()
  for (const each of disclosures) {
    if (!paths.some((path) => leadsTo(path, each.path))) continue
    let at: Disclosed | undefined = each
    while (at && !chosen.has(at)) {
      chosen.add(at)
      at = at.within === null ? undefined : byDigest.get(at.within)
    }
  }
  // What hides a claim on the way to one that is not hidden itself.
  for (const path of paths) {
    for (const each of disclosures) if (leadsTo(each.path, path)) chosen.add(each)
  }
  return disclosures.filter((each) => chosen.has(each))
}

/** Whether `path` is `other` or a part of the way to it. */
export function leadsTo(path: ClaimPath, other: ClaimPath): boolean {
  return path.length <= other.length && path.every((step, i) => step === other[i])
}

/** The claims that are seen whatever is chosen: those that no disclosure hides. */
export function isHidden(sdJwt: SdJwt, path: ClaimPath): boolean {
  return sdJwt.disclosures.some((each) => leadsTo(each.path, path))
}

export interface ToPresent extends KeyBindingExpected {
  /** Seconds since the epoch. */
  readonly issuedAt: number
}

/** @param holder signs with the key the credential is bound to; null: it is bound to nobody */
export async function presentSdJwt(
  sdJwt: SdJwt,
  disclosures: readonly Disclosed[],
  { audience, nonce, issuedAt }: ToPresent,
  holder: Signer | null,
): Promise<string> {
  const presented = `${[sdJwt.jwt, ...disclosures.map(({ encoded }) => encoded)].join('~')}~`
  if (holder === null) return presented
  const binding = new KBJwt({
    header: { typ: 'kb+jwt', alg: holder.algorithm },
    payload: { iat: issuedAt, aud: audience, nonce, sd_hash: digestOf(sdJwt.jws.payload, presented) },
  })
  await binding.sign(async (data) => base64urlnopad.encode(await holder.sign(new TextEncoder().encode(data))))
  return `${presented}${binding.encodeJwt()}`
}
