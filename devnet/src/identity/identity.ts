/** The registry, the issuer and the verifier of a devnet. @module */
import { DEV_ACCOUNTS } from '../execution/accounts.ts'
import type { ExecutionChain } from '../execution/execution-chain.ts'
import { type Issuer, startIssuer } from './issuer.ts'
import {
  type EthrIdentity,
  ethrIdentity,
  listEdKey,
  listKey,
  listService,
  REGISTRY_CREATION,
  revokeKey,
} from './registry.ts'
import { startVerifier, type Verifier } from './verifier.ts'

type Hex = `0x${string}`

export interface Registry {
  readonly address: Hex
  readonly issuer: EthrIdentity
  readonly verifier: EthrIdentity
  /** A transaction that takes the issuer's key off its DID; it is in the next block. */
  revokeIssuerKey(): Promise<void>
  /** A transaction that lists a service of the issuer; it is in the next block. */
  listIssuerService(type: string, endpoint: unknown): Promise<void>
}

export interface DevnetIdentity {
  readonly registry: Registry
  readonly issuer: Issuer
  readonly verifier: Verifier
  close(): Promise<void>
}

/** Deployed, and with the keys of both in it, in the first blocks of the chain. @param mine lets one block pass */
export async function createRegistry(
  chainId: number,
  execution: ExecutionChain,
  mine: () => Promise<void>,
): Promise<Registry> {
  const creation = await execution.send({ data: REGISTRY_CREATION })
  await mine()
  const { contractAddress: address } = await execution.call<{ contractAddress: Hex }>(
    'eth_getTransactionReceipt',
    creation,
  )
  const issuer = ethrIdentity(chainId, DEV_ACCOUNTS[3]!, 0x1d)
  const verifier = ethrIdentity(chainId, DEV_ACCOUNTS[4]!, 0x2e)
  const act = async (identity: EthrIdentity, data: Hex) => {
    await execution.call('eth_sendTransaction', { from: identity.account, to: address, data })
  }
  for (const identity of [issuer, verifier]) await act(identity, listKey(identity))
  await act(issuer, listEdKey(issuer))
  await mine()
  return {
    ...{ address, issuer, verifier },
    revokeIssuerKey: () => act(issuer, revokeKey(issuer)),
    listIssuerService: (type, endpoint) => act(issuer, listService(issuer, type, endpoint)),
  }
}

/** @param now Unix seconds */
export async function startIdentity(registry: Registry, now: () => number): Promise<DevnetIdentity> {
  const documents = once(async () => (await import('./documents.ts')).createDocuments(registry.issuer, now))
  const mdocs = once(async () => (await import('./mdocs.ts')).createMdocs(now))
  const issuer = await startIssuer(registry.issuer, documents, mdocs, now)
  const verifier = await startVerifier(registry.verifier, [registry.issuer], documents, mdocs, now)
  return {
    ...{ registry, issuer, verifier },
    async close() {
      await Promise.all([issuer.close(), verifier.close()])
    },
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null
  return () => (made ??= make())
}
