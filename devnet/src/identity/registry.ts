/** The registry of did:ethr (ERC-1056) on the devnet, with identities whose keys are written into it. @module */
import { createRequire } from 'node:module'
import { ed25519 } from '@noble/curves/ed25519.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { type Abi, encodeFunctionData, stringToHex, toHex } from 'viem'
import type { DevAccount } from '../execution/accounts.ts'

type Hex = `0x${string}`

const artifact = createRequire(import.meta.url)(
  '../../../node_modules/ethr-did-registry/artifacts/contracts/EthereumDIDRegistry.sol/EthereumDIDRegistry.json',
) as { abi: Abi; bytecode: Hex }

const YEARS = 300_000_000n

export const REGISTRY_CREATION = artifact.bytecode

/** Somebody with a DID on the chain and a key that it lists. Everything here is public. */
export interface EthrIdentity {
  readonly did: string
  readonly account: Hex
  readonly keyId: string
  readonly secretKey: Uint8Array
  /** SEC 1 compressed. */
  readonly publicKey: Uint8Array
  /** Of a key on Ed25519 that it may list too, for documents. */
  readonly edSeed: Uint8Array
  readonly edKeyId: string
}

/** @param seed one byte that the key is made of */
export function ethrIdentity(chainId: number, account: DevAccount, seed: number): EthrIdentity {
  const secretKey = new Uint8Array(32).fill(seed)
  const address = account.address.toLowerCase() as Hex
  const did = `did:ethr:0x${chainId.toString(16)}:${address}`
  return {
    ...{ did, account: address, keyId: `${did}#delegate-1`, secretKey, publicKey: secp256k1.getPublicKey(secretKey) },
    ...{ edSeed: new Uint8Array(32).fill(seed ^ 0xff), edKeyId: `${did}#delegate-2` },
  }
}

/** A call of the registry as its owner makes it. */
export const registryCall = (functionName: string, args: readonly unknown[]): Hex =>
  encodeFunctionData({ abi: artifact.abi, functionName, args })

/** Lists the identity's key for signing. */
export const listKey = ({ account, publicKey }: EthrIdentity): Hex =>
  registryCall('setAttribute', [account, KEY_NAME, toHex(publicKey), YEARS])

/** Lists the identity's key for documents. */
export const listEdKey = ({ account, edSeed }: EthrIdentity): Hex =>
  registryCall('setAttribute', [account, ED_KEY_NAME, toHex(ed25519.getPublicKey(edSeed)), YEARS])

/** Takes the key away again: what it signed before is not believed any more. */
export const revokeKey = ({ account, publicKey }: EthrIdentity): Hex =>
  registryCall('revokeAttribute', [account, KEY_NAME, toHex(publicKey)])

/** Lists a service of the identity; `endpoint` as JSON. */
export const listService = ({ account }: EthrIdentity, type: string, endpoint: unknown): Hex =>
  registryCall('setAttribute', [
    account,
    stringToHex(`did/svc/${type}`, { size: 32 }),
    stringToHex(JSON.stringify(endpoint)),
    YEARS,
  ])

const ED_KEY_NAME = stringToHex('did/pub/Ed25519/veriKey/base64', { size: 32 })
const KEY_NAME = stringToHex('did/pub/Secp256k1/sigAuth/hex', { size: 32 })
