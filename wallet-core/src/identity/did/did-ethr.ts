/**
 * did:ethr (ERC-1056): an account whose owner records keys, delegates and services in a registry on chain. The document is
 * folded from the registry's complete history, which the light client proves; a node that withholds a change is found out.
 * @module
 */

import type { ChainReader } from '@glowworm/light-client/application/chain-reader'
import { type RegistryQuestion, registryHistory } from '@glowworm/light-client/application/did-registry'
import type { Hex } from '@glowworm/light-client/ledgers/ethereum/evidence'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { hexToBytes } from '@noble/hashes/utils.js'
import { addressOf, InvalidAddress, parseAddress } from '../../accounts/address.ts'
import type { Did } from './did.ts'
import { ethrDocument } from './did-ethr-document.ts'
import type { DidDocument } from './document.ts'
import { MalformedDid, UnsupportedDid } from './errors.ts'
import { registryOf } from './registries.ts'
import { type ProvenByLedger, provenByLedger } from './resolution.ts'

export interface DidEthrPorts {
  /** The chain that is followed, once it is. */
  readonly chain: () => ChainReader
  readonly clock: { now(): number }
  readonly keccak256: (data: Uint8Array) => Uint8Array
  /** Registries of chains that the list below does not have, by chain id. */
  readonly registries?: Readonly<Record<number, Hex>>
}

export interface EthrOptions {
  /** The document as it was after this block (`versionId`); by default the newest one. */
  readonly version?: bigint
  readonly at?: RegistryQuestion['at']
}

const NETWORKS: Readonly<Record<string, number>> = { mainnet: 1, gno: 100, sepolia: 11155111 }

export function createDidEthr(ports: DidEthrPorts) {
  /** @throws {MalformedDid | UnsupportedDid} @throws {GlowwormError} of the light client: what could not be proven */
  return async (did: Did, signal: AbortSignal, options: EthrOptions = {}): Promise<ProvenByLedger<DidDocument>> => {
    const chain = ports.chain()
    const { chainId } = chain.profile
    const { network, address, publicKey } = readIdentifier(did, ports.keccak256)
    if (network !== chainId) {
      throw new UnsupportedDid(
        did.did,
        `it lives on the chain ${network}, and the chain that is followed is ${chainId}`,
      )
    }
    const registry = ports.registries?.[chainId] ?? registryOf(chain.profile)
    if (registry === null) throw new UnsupportedDid(did.did, `no registry is known on the chain ${chainId}`)
    const { version, at = 'finalized' } = options
    const question = { registry, identity: address, at, signal, now: () => ports.clock.now() }
    const history = await registryHistory(chain, question)
    const asOf = version === undefined ? null : await timeOf(chain, did, version, history.anchor.height)
    const { keccak256 } = ports
    const folded = ethrDocument({ did: did.did, chainId, publicKey, history: history.value, asOf, keccak256 })
    return provenByLedger(folded.document, history, folded.version, folded.deactivated)
  }
}

async function timeOf(chain: ChainReader, { did }: Did, block: bigint, newest: bigint) {
  const id = block > newest || block < 0n ? null : await chain.byNumber(block)
  if (id === null) throw new UnsupportedDid(did, `block ${block} is not among those proven, up to ${newest}`)
  return { block, timestamp: (await chain.header(id)).value.timestamp }
}

export interface EthrIdentifier {
  readonly network: number
  readonly address: Hex
  /** Compressed, where the identifier is a key. */
  readonly publicKey: Uint8Array | null
}

/** did:ethr:[network:]address or key. @throws {MalformedDid | UnsupportedDid} */
export function readIdentifier({ did, id }: Did, keccak256: (data: Uint8Array) => Uint8Array): EthrIdentifier {
  const parts = id.split(':')
  const account = parts.pop()!
  const network = networkOf(did, parts.join(':'))
  if (/^0x[0-9a-fA-F]{66}$/.test(account)) {
    const publicKey = hexToBytes(account.slice(2))
    try {
      const uncompressed = secp256k1.Point.fromBytes(publicKey).toBytes(false)
      return { network, address: addressOf(uncompressed, keccak256), publicKey }
    } catch (cause) {
      throw new MalformedDid(did, 'the key is no point of secp256k1', cause)
    }
  }
  try {
    return { network, address: parseAddress(account, keccak256), publicKey: null }
  } catch (error) {
    if (error instanceof InvalidAddress) throw new MalformedDid(did, error.message, error)
    throw error
  }
}

function networkOf(did: string, name: string): number {
  if (name === '') return NETWORKS.mainnet!
  if (Object.hasOwn(NETWORKS, name)) return NETWORKS[name]!
  if (/^0x[1-9a-f][0-9a-f]{0,12}$/i.test(name)) return Number(name)
  throw new UnsupportedDid(did, 'a network that is not known here')
}
