/** The syntax of decentralised identifiers: W3C DID Core 1.0 §3.1. @module */
import { MalformedDid } from './errors.ts'

export interface Did {
  readonly did: string
  readonly method: string
  /** What stands after the method's name. */
  readonly id: string
}

/** A did:jwk of an RSA key has some 800 characters; a stranger's identifier may not fill the memory. */
const MOST_CHARACTERS = 4096

// idchar = ALPHA / DIGIT / "." / "-" / "_" / pct-encoded; the last part is never empty.
const DID = /^did:([a-z0-9]+):((?:(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})*:)*(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+)$/
const AFTER_DID = /^(?:\/[^?#]*)?(?:\?[^#]*)?(?:#.*)?$/

/** @throws {MalformedDid} also for a DID URL: what has a path, query or fragment is not an identifier. */
export function parseDid(text: string): Did {
  if (text.length > MOST_CHARACTERS) throw new MalformedDid(text, `it has more than ${MOST_CHARACTERS} characters`)
  const match = DID.exec(text)
  if (!match) throw new MalformedDid(text, 'expected "did:", a method in small letters, ":" and an identifier')
  return { did: text, method: match[1]!, id: match[2]! }
}

/** Whether `url` is `did` itself with a path, query or fragment, or one of these alone (a relative DID URL). */
export function isDidUrlOf(did: string, url: string): boolean {
  const rest = url.startsWith(did) ? url.slice(did.length) : url
  return rest.length > 0 && url.length <= MOST_CHARACTERS && AFTER_DID.test(rest)
}

/** Whether `text` is a DID with or without path, query and fragment. */
export function isDidUrl(text: string): boolean {
  if (text.length > MOST_CHARACTERS) return false
  const end = text.search(/[/?#]/)
  return DID.test(end === -1 ? text : text.slice(0, end))
}
