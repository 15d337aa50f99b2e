/** Identity as a whole, loaded when it is first needed: the entry of everything in this folder for the wallet. @module */

import type { DidChange } from '../../facade/identity.ts'
import { createBbs } from '../bbs/bbs.ts'
import { findSignatoryWith } from '../credential/issuer.ts'
import type { Resolution } from '../did/resolution.ts'
import { createDidResolver, type DidResolver } from '../did/resolver.ts'
import type { CallbackPorts } from '../exchange/callbacks.ts'
import type { StatusPorts } from '../status/check-status.ts'
import type { Identity, IdentityAccess, Outside } from './access.ts'
import { createCredentials } from './credentials.ts'
import { createDids } from './dids.ts'
import { createExchanges } from './exchanges.ts'

/** @param proposed told of each change to an identifier that waits for approval */
export function createIdentity(
  access: IdentityAccess,
  { http, loadGroups }: Outside,
  proposed: (approvalId: string, change: DidChange) => void,
): Identity {
  const { clock, random, keccak256, aead } = access
  const resolver = shortly(
    createDidResolver({ http, clock, keccak256, loadGroups, chain: () => access.client().chain }),
    clock,
  )
  const loadBbs = async () => createBbs(await loadGroups(), 'BLS12-381-SHA-256', random)
  // The newest proven block: a key that was revoked a minute ago is not believed any more.
  const findSignatory = findSignatoryWith(resolver, 'optimistic')
  const ports: CallbackPorts & StatusPorts = { http, clock, random, keccak256, aead, findSignatory, loadBbs }
  const exchanges = createExchanges(access, ports)
  return { ...createCredentials(access, ports), ...exchanges, ...createDids(access, resolver, proposed) }
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
