/// <reference path="./di-sd-primitives.d.ts" />
/** From a JSON-LD document to the statements that are signed one by one: what the selective suites have in common. @module */
import {
  canonicalize,
  createLabelMapFunction,
  type LabelMap,
  labelReplacementCanonicalizeJsonLd,
} from '@digitalbazaar/di-sd-primitives'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { decode, encode } from 'cborg'
import { MalformedCredential, UnsupportedCredential } from '../credential/errors.ts'
import type { JsonObject } from '../jose/jws.ts'
import type { Proof } from './proof.ts'
import type { RdfOptions } from './rdf.ts'

/** A document of strangers may not say more than this. */
export const MOST_STATEMENTS = 2048

/** The hash of the proof's options in RDF, with the document's contexts. @throws {MalformedCredential} */
export async function proofHash(document: JsonObject, proof: Pick<Proof, 'options'>, options: RdfOptions) {
  const config = { ...proof.options, '@context': document['@context'] }
  return hashOf([await processed(() => canonicalize(config, options))])
}

export const hashOf = (statements: readonly string[]): Uint8Array =>
  sha256(new TextEncoder().encode(statements.join('')))

/** A document's statements as its verifier sees them, with the labels that the proof gives its blank nodes. */
export async function statementsOf(document: JsonObject, labels: ReadonlyMap<string, string>, options: RdfOptions) {
  const labelMapFactoryFunction = checkedLabels(labels)
  const statements = await processed(() =>
    labelReplacementCanonicalizeJsonLd({ document, labelMapFactoryFunction, options }),
  )
  if (statements.length > MOST_STATEMENTS) throw new MalformedCredential(`it says more than ${MOST_STATEMENTS} things`)
  return statements
}

/** A blank node that the proof has no label for would become one with another of that kind. */
function checkedLabels(labels: ReadonlyMap<string, string>) {
  const replace = createLabelMapFunction({ labelMap: labels })
  return async (given: { canonicalIdMap: LabelMap }) => {
    if (![...given.canonicalIdMap.values()].every((label) => labels.has(label))) {
      throw new MalformedCredential('its proof does not name all its parts')
    }
    return replace(given)
  }
}

/** Splits the statements at the indexes that must always be seen. @throws {MalformedCredential} */
export function split(statements: readonly string[], mandatory: readonly number[]) {
  if (!rising(mandatory, statements.length))
    throw new MalformedCredential('its proof counts statements that are not there')
  const chosen = new Set(mandatory)
  return {
    mandatory: statements.filter((_, i) => chosen.has(i)),
    others: statements.filter((_, i) => !chosen.has(i)),
  }
}

export const rising = (indexes: readonly number[], below: number): boolean =>
  indexes.every((index, i) => Number.isInteger(index) && index > (indexes[i - 1] ?? -1) && index < below)

/** `d9 5d xx` and CBOR. @throws {MalformedCredential | UnsupportedCredential} */
export function decodeProofValue(value: Uint8Array, kind: number, length: number): readonly unknown[] {
  if (value[0] !== 0xd9 || value[1] !== 0x5d) throw new MalformedCredential('the value of its proof has another form')
  if (value[2] !== kind)
    throw new UnsupportedCredential('the value of its proof is of another kind than is expected here')
  let parts: unknown
  try {
    parts = decode(value.subarray(3), { useMaps: true, rejectDuplicateMapKeys: true, allowIndefinite: false })
  } catch (cause) {
    throw new MalformedCredential('the value of its proof is not CBOR', cause)
  }
  if (!Array.isArray(parts) || parts.length !== length) {
    throw new MalformedCredential('the value of its proof has not the parts of its suite')
  }
  return parts
}

export const encodeProofValue = (kind: number, parts: readonly unknown[]): Uint8Array =>
  concatBytes(Uint8Array.of(0xd9, 0x5d, kind), encode(parts))

/** @throws {MalformedCredential} naming `what` */
export function bytesOf(value: unknown, what: string, length?: number): Uint8Array {
  if (value instanceof Uint8Array && (length === undefined || value.length === length)) return value
  throw new MalformedCredential(`its proof: ${what} is not as it must be`)
}

/** @throws {MalformedCredential} naming `what` */
export function listOf<T>(value: unknown, what: string, isItem: (item: unknown) => item is T): readonly T[] {
  if (Array.isArray(value) && value.length <= MOST_STATEMENTS && value.every(isItem)) return value
  throw new MalformedCredential(`its proof: ${what} is not as it must be`)
}

/** @throws {MalformedCredential} */
export function labelsOf<T>(value: unknown, label: (item: T) => string, isItem: (item: unknown) => item is T) {
  if (!(value instanceof Map) || value.size > MOST_STATEMENTS) throw new MalformedCredential('its proof has no labels')
  return new Map(
    [...value].map(([index, item]: [unknown, unknown]): [string, string] => {
      if (!isNumber(index) || !isItem(item)) throw new MalformedCredential('its proof has malformed labels')
      return [`c14n${index}`, label(item)]
    }),
  )
}

export const isNumber = (item: unknown): item is number => Number.isInteger(item) && (item as number) >= 0
export const isBytes = (item: unknown): item is Uint8Array => item instanceof Uint8Array
export const isText = (item: unknown): item is string => typeof item === 'string'

/** JSON-LD and RDF canonicalization speak in their own errors: what they refuse is malformed. */
export async function processed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof MalformedCredential || error instanceof UnsupportedCredential) throw error
    const inner = causeOf(error)
    if (inner) throw inner
    throw new MalformedCredential('it is not JSON-LD that can be processed safely', error)
  }
}

/** jsonld wraps what its loader throws. */
function causeOf(error: unknown): UnsupportedCredential | null {
  const details = (error as { details?: { cause?: unknown } } | null)?.details?.cause ?? (error as Error | null)?.cause
  return details instanceof UnsupportedCredential ? details : null
}
