/** Identifiers: made for one relying party each, resolved with what they rest on, and those of accounts changed on chain. */
import { parseAddress } from '../../accounts/address.ts'
import type { DidChange, IdentityCommands } from '../../facade/identity.ts'
import { decodeChange, encodeChange } from '../did/did-ethr-writing.ts'
import { didJwkOf, didKeyOf } from '../did/did-key-writing.ts'
import { UnsupportedDid } from '../did/errors.ts'
import { ledgerProofOf } from '../did/resolution.ts'
import type { DidResolver } from '../did/resolver.ts'
import type { IdentityAccess } from './access.ts'
import { PATIENCE } from './credentials.ts'
import { InvalidParty } from './errors.ts'
import { type KeyPlace, MOST_DIDS } from './records.ts'
import { trustOf } from './trust.ts'

export type DidCommands = Pick<IdentityCommands, 'createDid' | 'removeDid' | 'resolveDid' | 'prepareDidChange'>

export function createDids(access: IdentityAccess, resolver: DidResolver): DidCommands {
  return {
    async createDid({ method, party }) {
      const name = typeof party === 'string' ? party.trim() : ''
      if (name === '' || name.length > 200 || /\p{C}/u.test(name)) throw new InvalidParty()
      if (method !== 'key' && method !== 'jwk') throw new UnsupportedDid(`did:${String(method)}`, 'it is not made here')
      const { dids } = await access.records()
      if (dids.length >= MOST_DIDS) throw new UnsupportedDid(`did:${method}`, `there are ${MOST_DIDS} of them already`)
      // Counted, not drawn: the phrase alone leads to them again. A new one is none of those that are there.
      const keyParty = `did:${method}:${name}`
      const number = Math.max(-1, ...dids.flatMap(({ key }) => (key?.party === keyParty ? [key.number] : []))) + 1
      const key: KeyPlace = { secret: 0, party: keyParty, number }
      const [jwk] = await access.keys.publicKeys([key])
      const did = method === 'key' ? didKeyOf(jwk!) : didJwkOf(jwk!)
      const record = { did, party: name, key, account: null, createdAt: access.clock.now() }
      await access.update((all) => ({ ...all, dids: [record, ...all.dids.filter((one) => one.did !== did)] }))
      return { did }
    },
    async removeDid({ did }) {
      await access.update((all) => ({ ...all, dids: all.dids.filter((one) => one.did !== did) }))
    },
    async resolveDid({ did }) {
      const text = typeof did === 'string' ? did.trim() : ''
      const options = text.startsWith('did:ethr:') ? ({ at: 'optimistic' } as const) : undefined
      const resolution = await resolver.resolve(text, AbortSignal.timeout(PATIENCE), options)
      return {
        ...{ did: text, trust: trustOf(resolution, access.clock.now()) },
        document: JSON.stringify(resolution.value, null, 2),
        deactivated: ledgerProofOf(resolution)?.deactivated ?? false,
      }
    },
    async prepareDidChange({ accountId, change }) {
      const address = await access.addressOf(accountId)
      const { chainId, registry } = await access.chain()
      if (registry === null) throw new UnsupportedDid('did:ethr', `no registry is known on the chain ${chainId}`)
      const data = encodeChange(address, checked(change, access.keccak256), access.keccak256)
      // What a person reads is what stands in the bytes that are signed.
      const { change: read } = decodeChange(data, access.keccak256)!
      const { id } = await access.propose(accountId, registry, data, read)
      return { approvalId: id }
    },
  }
}

/** Addresses as people write them: with their checksum where they have one. @throws {InvalidAddress} */
function checked(change: DidChange, keccak256: (data: Uint8Array) => Uint8Array): DidChange {
  if (change.kind === 'change-owner') return { ...change, owner: parseAddress(change.owner, keccak256) }
  if (change.kind === 'add-delegate' || change.kind === 'revoke-delegate') {
    return { ...change, delegate: parseAddress(change.delegate, keccak256) }
  }
  return change
}
