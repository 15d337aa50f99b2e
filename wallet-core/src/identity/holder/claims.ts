/** Claims as people read them. Pure. @module */
import type { ClaimView, CredentialDetail } from '../../facade/identity.ts'
import { isObject } from '../jose/jws.ts'
import { isHidden, leadsTo } from '../sd-jwt/present.ts'
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

/** What leaves when these disclosures do: read out of the very text that would leave, at the places it is held at. */
export function shownBy(sdJwt: SdJwt, disclosures: readonly Disclosed[]): CredentialDetail {
  const text = `${[sdJwt.jwt, ...disclosures.map(({ encoded }) => encoded)].join('~')}~`
  const { selectable, always } = detailOf(readSdJwt(text))
  const chosen = new Set(disclosures)
  const left = sdJwt.disclosures.filter((each) => !chosen.has(each)).map(({ path }) => path)
  const held = (claims: readonly ClaimView[]) => claims.map(({ path, value }) => ({ path: heldAt(path, left), value }))
  return { selectable: held(selectable), always: held(always) }
}

/** Elements of a list move together when some of them are left out: from their place there to the one people know. */
function heldAt(path: ClaimPath, left: readonly ClaimPath[]): ClaimPath {
  const at: (string | number)[] = []
  for (const step of path) at.push(typeof step === 'string' ? step : placeOf(step, at, left))
  return at
}

function placeOf(step: number, list: ClaimPath, left: readonly ClaimPath[]): number {
  const gaps = left
    .filter((one) => one.length === list.length + 1 && leadsTo(list, one))
    .map((one) => Number(one.at(-1)))
  return gaps.sort((a, b) => a - b).reduce((place, gap) => (gap <= place ? place + 1 : place), step)
}

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`
}
