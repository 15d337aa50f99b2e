/// <reference path="./di-sd-primitives.d.ts" />
/** The types of a JSON-LD document as the addresses they stand for: its words depend on its contexts. @module */
import { canonicalize } from '@digitalbazaar/di-sd-primitives'
import { MalformedCredential, UnsupportedCredential } from '../credential/errors.ts'
import type { JsonObject } from '../jose/jws.ts'
import { checkContexts, rdfOptions } from './rdf.ts'
import { processed } from './statements.ts'

const TYPE = /<http:\/\/www\.w3\.org\/1999\/02\/22-rdf-syntax-ns#type> <([^<>]+)>/

/** None, when it is no JSON-LD that can be processed here: then it has no types that mean the same to everybody. */
export async function expandedTypes(document: JsonObject): Promise<readonly string[]> {
  const { '@context': context, type } = document
  const typed = { '@context': context, type }
  try {
    checkContexts(typed)
    const statements = await processed(() => canonicalize(typed, rdfOptions()))
    return statements.split('\n').flatMap((statement) => TYPE.exec(statement)?.[1] ?? [])
  } catch (error) {
    if (error instanceof UnsupportedCredential || error instanceof MalformedCredential) return []
    throw error
  }
}
