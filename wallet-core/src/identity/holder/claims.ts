/** Claims as people read them. Pure. @module */
import type { ClaimView, CredentialDetail } from '../../facade/identity.ts'
import { isObject } from '../jose/jws.ts'
import { isHidden } from '../sd-jwt/present.ts'
import { type ClaimPath, type Disclosed, readSdJwt, type SdJwt } from '../sd-jwt/read.ts'

const MOST_CHARACTERS = 300

/** Every value with the way to it; empty lists and objects are values. */
export function leavesOf(value: unknown, path: ClaimPath = []): readonly ClaimView[] {
  const inner = Array.isArray(value)
    ? value.map((each, i) => [i, each] as const)
    : isObject(value)
      ? Object.entries(value)
      : []
  if (inner.length === 0) return [{ path, value: textOf(value) }]
  return inner.flatMap(([step, each]) => leavesOf(each, [...path, step]))
}

export function detailOf(sdJwt: SdJwt): CredentialDetail {
  const leaves = leavesOf(sdJwt.claims)
  return {
    selectable: leaves.filter(({ path }) => isHidden(sdJwt, path)),
    always: leaves.filter(({ path }) => !isHidden(sdJwt, path)),
  }
}

/** What leaves when these disclosures do: read out of the very text that would leave. */
export function shownBy(sdJwt: SdJwt, disclosures: readonly Disclosed[]): CredentialDetail {
  const text = `${[sdJwt.jwt, ...disclosures.map(({ encoded }) => encoded)].join('~')}~`
  // Its own disclosures say what was chosen: places in lists move together when some of them are left out.
  return detailOf(readSdJwt(text))
}

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`
}
