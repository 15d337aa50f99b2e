/** One interface for all DID methods. Nothing here is loaded before an identifier has to be resolved. @module */
import type { Bls12381Groups } from '@glowworm/wasm-core'
import { parseDid } from './did.ts'
import { createDidEthr, type DidEthrPorts, type EthrOptions } from './did-ethr.ts'
import { resolveDidJwk } from './did-jwk.ts'
import { createDidKey } from './did-key.ts'
import { createDidPkh } from './did-pkh.ts'
import { createDidWeb, type DidWebPorts } from './did-web.ts'
import { UnsupportedDid } from './errors.ts'
import type { Resolution } from './resolution.ts'

export interface DidResolverPorts extends DidWebPorts, DidEthrPorts {
  readonly clock: DidWebPorts['clock']
  /** Called at the first key in G2 of BLS12-381. */
  readonly loadGroups: () => Promise<Bls12381Groups>
}

export interface DidResolver {
  /**
   * The document of an identifier, in a type that says what it rests on.
   * @param options did:ethr only: which version, and how final it has to be
   * @throws {MalformedDid | UnsupportedDid}
   * @throws {DidDocumentUnreachable | InvalidDidDocument} did:web
   * @throws {GlowwormError} did:ethr: what could not be proven
   */
  resolve(did: string, signal: AbortSignal, options?: EthrOptions): Promise<Resolution>
}

export function createDidResolver(ports: DidResolverPorts): DidResolver {
  const key = createDidKey(ports.loadGroups)
  const pkh = createDidPkh(ports.keccak256)
  const web = createDidWeb(ports)
  const ethr = createDidEthr(ports)
  return {
    async resolve(text, signal, options) {
      const did = parseDid(text)
      if (options?.version !== undefined && did.method !== 'ethr') {
        throw new UnsupportedDid(text, `the method "${did.method}" has no versions here`)
      }
      switch (did.method) {
        case 'key':
          return key(did)
        case 'jwk':
          return resolveDidJwk(did)
        case 'pkh':
          return pkh(did)
        case 'web':
          return web(did, signal)
        case 'ethr':
          return ethr(did, signal, options)
        default:
          throw new UnsupportedDid(text, `the method "${did.method}" is not known here`)
      }
    },
  }
}
