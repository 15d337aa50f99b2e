/** Identity as a whole, loaded when it is first needed: the entry of everything in this folder for the wallet. @module */
import { createBbs } from '../bbs/bbs.ts'
import { carriedDidEthr } from '../carriage/carried-did-ethr.ts'
import type { ReadHistory } from '../carriage/carry-identity.ts'
import { findSignatoryWith } from '../credential/issuer.ts'
import type { Resolution } from '../did/resolution.ts'
import { createDidResolver, type DidResolver } from '../did/resolver.ts'
import type { CallbackPorts } from '../exchange/callbacks.ts'
import type { StatusPorts } from '../status/check-status.ts'
import type { Identity, IdentityAccess, LocalAccess, Outside } from './access.ts'
import { createCredentials } from './credentials.ts'
import { createDids } from './dids.ts'
import { createExchanges } from './exchanges.ts'

export function createIdentity(access: IdentityAccess, outside: Outside): Identity {
  const { http, loadGroups } = outside
  const { clock, random, keccak256, aead } = access
  const resolver = shortly(outside.resolver, clock)
  const loadBbs = async () => createBbs(await loadGroups(), 'BLS12-381-SHA-256', random)
  // The newest proven block: a key that was revoked a minute ago is not believed any more.
  const findSignatory = findSignatoryWith(resolver, 'optimistic')
  const ports: CallbackPorts & StatusPorts = { http, clock, random, keccak256, aead, findSignatory, loadBbs }
  return { ...createCredentials(access, ports), ...createExchanges(access, ports), ...createDids(access, resolver) }
}

/** Beside the light client, in one thread. */
export function createLocalIdentity(access: LocalAccess, outside: Omit<Outside, 'resolver'>): Identity {
  const { clock, keccak256 } = access
  const resolver = createDidResolver({ ...outside, clock, keccak256, chain: () => access.client().chain })
  return createIdentity(access, { ...outside, resolver })
}

/** Beside a light client that lies at the far end of a channel: see `identity/carriage`. */
export function createCarriedIdentity(
  access: IdentityAccess,
  outside: Omit<Outside, 'resolver'>,
  readHistory: ReadHistory,
): Identity {
  const { clock, keccak256 } = access
  const chain = () => {
    throw new TypeError('did:ethr is resolved at the far end')
  }
  const resolveEthr = carriedDidEthr(access, readHistory)
  const nearby = createDidResolver({ ...outside, clock, keccak256, chain })
  const resolve: DidResolver['resolve'] = (did, signal, options) =>
    did.startsWith('did:ethr:') ? resolveEthr(did, options) : nearby.resolve(did, signal, options)
  return createIdentity(access, { ...outside, resolver: { resolve } })
}

/** Milliseconds for which a document stands: the copies of one credential, and its status list, ask for the same one. */
const STANDS = 3000

/** The same question asked again at once is answered from the first answer; failures are not kept. */
function shortly(resolver: DidResolver, clock: { now(): number }): DidResolver {
  const asked = new Map<string, { readonly at: number; readonly answer: Promise<Resolution> }>()
  return {
    resolve(did, signal, options) {
      const now = clock.now()
      for (const [key, { at }] of asked) if (at + STANDS < now) asked.delete(key)
      const key = `${did} ${options?.at ?? ''} ${options?.version ?? ''}`
      const known = asked.get(key)
      if (known) return known.answer
      const answer = resolver.resolve(did, signal, options)
      asked.set(key, { at: now, answer })
      answer.catch(() => asked.delete(key))
      return answer
    },
  }
}
