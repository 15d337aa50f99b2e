/** Identity as a whole, loaded when it is first needed: the entry of everything in this folder for the wallet. @module */

import type { DidChange } from '../../facade/identity.ts'
import { createBbs } from '../bbs/bbs.ts'
import { findSignatoryWith } from '../credential/issuer.ts'
import { createDidResolver } from '../did/resolver.ts'
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
  const { clock, random, keccak256 } = access
  const resolver = createDidResolver({ http, clock, keccak256, loadGroups, chain: () => access.client().chain })
  const loadBbs = async () => createBbs(await loadGroups(), 'BLS12-381-SHA-256', random)
  // The newest proven block: a key that was revoked a minute ago is not believed any more.
  const findSignatory = findSignatoryWith(resolver, 'optimistic')
  const ports: CallbackPorts & StatusPorts = { http, clock, random, keccak256, findSignatory, loadBbs }
  const exchanges = createExchanges(access, ports)
  return { ...createCredentials(access, ports), ...exchanges, ...createDids(access, resolver, proposed) }
}
