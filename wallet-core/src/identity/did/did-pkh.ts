/** did:pkh: the identifier is an account of a chain (CAIP-10), here of Ethereum and its kin, `eip155`. @module */
import { InvalidAddress, parseAddress } from '../../accounts/address.ts'
import type { Did } from './did.ts'
import type { DidDocument } from './document.ts'
import { MalformedDid, UnsupportedDid } from './errors.ts'
import { type SelfCertified, selfCertify } from './resolution.ts'

const CONTEXT = [
  'https://www.w3.org/ns/did/v1',
  {
    blockchainAccountId: 'https://w3id.org/security#blockchainAccountId',
    EcdsaSecp256k1RecoveryMethod2020:
      'https://identity.foundation/EcdsaSecp256k1RecoverySignature2020#EcdsaSecp256k1RecoveryMethod2020',
  },
]

/**
 * The account is taken as written. Who may sign for it is the key behind the address; for a contract's account that key
 * does not exist, and nothing here can tell the two apart.
 */
export function createDidPkh(keccak256: (data: Uint8Array) => Uint8Array) {
  return ({ did, id }: Did): SelfCertified<DidDocument> => {
    const [namespace, chain, address, ...more] = id.split(':')
    if (namespace !== 'eip155') throw new UnsupportedDid(did, 'accounts of chains other than eip155 are not known here')
    if (!chain || !address || more.length > 0) throw new MalformedDid(did, 'expected eip155:<chain id>:<address>')
    if (!/^[1-9][0-9]{0,31}$/.test(chain)) throw new MalformedDid(did, 'the chain id is not a number')
    try {
      parseAddress(address, keccak256)
    } catch (error) {
      if (error instanceof InvalidAddress) throw new MalformedDid(did, error.message, error)
      throw error
    }
    const method = `${did}#blockchainAccountId`
    const document: DidDocument = {
      '@context': CONTEXT,
      id: did,
      verificationMethod: [
        { id: method, type: 'EcdsaSecp256k1RecoveryMethod2020', controller: did, blockchainAccountId: id },
      ],
      authentication: [method],
      assertionMethod: [method],
    }
    return selfCertify(document, 'the identifier is the account itself')
  }
}
