/** did:ethr where the chain is at the far end: the worker proves the history, and it is folded here. @module */
import { parseDid } from '../did/did.ts'
import { type EthrOptions, readIdentifier } from '../did/did-ethr.ts'
import { ethrDocument } from '../did/did-ethr-document.ts'
import { UnsupportedDid } from '../did/errors.ts'
import { carriedProof, type Resolution } from '../did/resolution.ts'
import type { IdentityAccess } from '../holder/access.ts'
import type { ReadHistory } from './carry-identity.ts'

/** @throws as `createDidEthr`, and {CommandFailed} for what the worker could not prove */
export function carriedDidEthr({ chain, keccak256 }: Pick<IdentityAccess, 'chain' | 'keccak256'>, read: ReadHistory) {
  return async (text: string, options: EthrOptions = {}): Promise<Resolution> => {
    const did = parseDid(text)
    const { network, address, publicKey } = readIdentifier(did, keccak256)
    const { chainId, registry } = await chain()
    if (network !== chainId)
      throw new UnsupportedDid(text, `it lives on the chain ${network}, and the chain that is followed is ${chainId}`)
    if (registry === null) throw new UnsupportedDid(text, `no registry is known on the chain ${chainId}`)
    if (options.version !== undefined) throw new UnsupportedDid(text, 'its versions are not read here')
    const { history, proof } = await read({ registry, identity: address, at: options.at ?? 'finalized' })
    const { document, deactivated } = ethrDocument({ did: did.did, chainId, publicKey, history, asOf: null, keccak256 })
    return carriedProof(document, { ...proof, deactivated })
  }
}
