/** One interface for all DID methods. Nothing here is loaded before an identifier has to be resolved. @module */
import type { Bls12381Groups } from '@glowworm/wasm-core'
import { parseDid } from './did.ts'
import { resolveDidJwk } from './did-jwk.ts'
import { createDidKey } from './did-key.ts'
import { createDidPkh } from './did-pkh.ts'
import { createDidWeb, type DidWebPorts } from './did-web.ts'
import { UnsupportedDid } from './errors.ts'
import type { Resolution } from './resolution.ts'

export interface DidResolverPorts extends DidWebPorts {
  readonly keccak256: (data: Uint8Array) => Uint8Array
  /** Called at the first key in G2 of BLS12-381. */
  readonly loadGroups: () => Promise<Bls12381Groups>
}

export interface DidResolver {
  /**
   * The document of an identifier, in a type that says what it rests on.
   * @throws {MalformedDid | UnsupportedDid} @throws {DidDocumentUnreachable | InvalidDidDocument} did:web
   */
  resolve(did: string, signal: AbortSignal): Promise<Resolution>
}

export function createDidResolver(ports: DidResolverPorts): DidResolver {
  const key = createDidKey(ports.loadGroups)
  const pkh = createDidPkh(ports.keccak256)
  const web = createDidWeb(ports)
  return {
    async resolve(text, signal) {
      const did = parseDid(text)
      switch (did.method) {
        case 'key':
          return key(did)
        case 'jwk':
          return resolveDidJwk(did)
        case 'pkh':
          return pkh(did)
        case 'web':
          return web(did, signal)
        default:
          throw new UnsupportedDid(text, `the method "${did.method}" is not known here`)
      }
    },
  }
}
