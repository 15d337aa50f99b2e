/// <reference path="./di-sd-primitives.d.ts" />
/** JSON-LD with contexts that are part of this program: nothing is ever fetched to understand a credential. @module */
import { contexts as bundled } from '@digitalbazaar/credentials-context'
import { UnsupportedCredential } from '../credential/errors.ts'
import { isObject, type JsonObject } from '../jose/jws.ts'

export type Contexts = ReadonlyMap<string, unknown>

/** W3C Verifiable Credentials Data Model 1.1 and 2.0. */
export const BUNDLED_CONTEXTS: Contexts = bundled

/** What JSON-LD processing is done with. `safe`: what would be dropped without a word is an error. */
export interface RdfOptions {
  readonly documentLoader: (url: string) => Promise<{ contextUrl: null; documentUrl: string; document: unknown }>
  readonly safe: true
}

/** The loader throws {UnsupportedCredential} for a context that is not in `contexts`. */
export function rdfOptions(contexts: Contexts = BUNDLED_CONTEXTS): RdfOptions {
  return {
    safe: true,
    documentLoader: async (url) => {
      const document = contexts.get(url)
      if (document === undefined) throw new UnsupportedCredential('it needs a JSON-LD context that is not bundled here')
      return { contextUrl: null, documentUrl: url, document }
    },
  }
}

/** Before any processing: every context by name is among `contexts`. @throws {UnsupportedCredential} naming it */
export function checkContexts(document: JsonObject, contexts: Contexts = BUNDLED_CONTEXTS): void {
  const foreign = namedContexts(document).find((url) => !contexts.has(url))
  if (foreign !== undefined) {
    throw new UnsupportedCredential(`its JSON-LD context ${JSON.stringify(foreign.slice(0, 120))} is not bundled here`)
  }
}

function namedContexts(value: unknown, within = false, depth = 0): string[] {
  if (depth > 64) throw new UnsupportedCredential('it is nested too deeply')
  if (typeof value === 'string') return within ? [value] : []
  if (Array.isArray(value)) return value.flatMap((each) => namedContexts(each, within, depth + 1))
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([name, inner]) => {
    // Inside of a context only `@import` and inner contexts name others; terms are mapped to addresses that mean nothing.
    if (name === '@context' || (within && name === '@import')) return namedContexts(inner, true, depth + 1)
    return within && typeof inner === 'string' ? [] : namedContexts(inner, false, depth + 1)
  })
}
