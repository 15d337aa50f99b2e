/** Checks a receipt without asking anybody: every answer is proven anew from the evidence in it. @module */
import type { Engines } from '@glowworm/wasm-core'
import { GlowwormError } from '../../errors.ts'
import type { Clock } from '../../infrastructure/ports.ts'
import type { EthereumTrust } from '../../ledgers/ethereum/consensus.ts'
import type { NetworkProfile } from '../../ledgers/ethereum/profile.ts'
import { type Provenance, provenanceForm } from '../rpc/method.ts'
import { createRpc } from '../rpc/rpc.ts'
import { createSourcePool } from '../source-pool.ts'
import { type Claim, decodeReceipt, MalformedReceipt, type Receipt } from './format.ts'
import { isProvable, provenAnswer } from './make-receipt.ts'
import { receiptSource } from './receipt-source.ts'
import { standingClient } from './standing-client.ts'

export interface CheckedReceipt {
  readonly receipt: Receipt
  /** True: the checkpoint is the verifier's own. False: it stands in the file only, and all else depends on it. */
  readonly trusted: boolean
  /** The answers as they were proven here. */
  readonly claims: readonly (Claim & { readonly provenance: Provenance })[]
}

/**
 * @param trust the verifier's own root; null: the one in the file is assumed, and the result says so
 * @throws {OtherNetwork | OtherCheckpoint | FalseReceipt | MalformedReceipt | StaleCheckpoint | GlowwormError}
 */
export async function verifyReceipt(
  file: Uint8Array,
  trust: EthereumTrust['checkpoint'] | null,
  options: {
    readonly profile: NetworkProfile
    readonly engines: Engines
    readonly clock: Clock
    readonly maxAgeDays?: number
    readonly signal?: AbortSignal
  },
): Promise<CheckedReceipt> {
  const { profile, engines, clock, maxAgeDays } = options
  const receipt = decodeReceipt(file)
  requireNetwork(receipt, profile)
  if (trust !== null && trust !== receipt.checkpoint) throw new OtherCheckpoint(receipt.checkpoint, trust)
  for (const { method } of receipt.claims)
    if (!isProvable(method)) throw new MalformedReceipt(`nobody can prove answers of ${method.slice(0, 64)}`)
  const source = receiptSource(receipt)
  const pool = createSourcePool(clock)
  pool.add(source)
  const { client } = await standingClient({
    profile,
    engines,
    trust: { checkpoint: receipt.checkpoint, ...(maxAgeDays === undefined ? {} : { maxAgeDays }) },
    pool,
    clock,
    signal: options.signal ?? new AbortController().signal,
  })
  const rpc = createRpc(client)
  const claims: CheckedReceipt['claims'][number][] = []
  for (const claim of receipt.claims) {
    const { result, provenance } = await provenAnswer(rpc, claim)
    if (JSON.stringify(result) !== JSON.stringify(claim.result)) throw new FalseReceipt(claim, result)
    claims.push({ ...claim, result, provenance })
  }
  const unused = source.unused()
  if (unused.length > 0) throw new SurplusEvidence(unused.map(({ type }) => type))
  return { receipt, trusted: trust !== null, claims }
}

/** @throws {OtherNetwork} */
export function requireNetwork({ network }: Receipt, profile: NetworkProfile): void {
  if (network.chainId !== profile.chainId || network.genesisValidatorsRoot !== profile.genesis.validatorsRoot)
    throw new OtherNetwork(network, profile)
}

/** The result as JSON, with the way each claim was proven. */
export function checkedForm({ receipt, trusted, claims }: CheckedReceipt): Record<string, unknown> {
  return {
    network: receipt.network.name,
    checkpoint: receipt.checkpoint,
    trusted,
    claims: claims.map(({ provenance, ...claim }) => ({ ...claim, provenance: provenanceForm(provenance) })),
  }
}

export class OtherNetwork extends GlowwormError {
  constructor({ name, chainId, genesisValidatorsRoot }: Receipt['network'], expected: NetworkProfile) {
    super(
      { name: 'Receipt.OtherNetwork', code: 'OTHER_NETWORK', kind: 'usage' },
      `the receipt speaks of chain ${chainId} with genesis ${genesisValidatorsRoot.slice(0, 18)}…, which it calls ${JSON.stringify(name.slice(0, 64))}; ${expected.name} is chain ${expected.chainId} with genesis ${expected.genesis.validatorsRoot.slice(0, 18)}…`,
      { next: 'Name its network with --network.' },
    )
  }
}

/** The receipt starts from another root than the one that is trusted. It may be true; this does not show it. */
export class OtherCheckpoint extends GlowwormError {
  constructor(inFile: string, trusted: string) {
    super(
      { name: 'Receipt.OtherCheckpoint', code: 'OTHER_CHECKPOINT', kind: 'unprovable' },
      `the receipt starts from ${inFile}, you trust ${trusted}`,
      { next: 'Link it to your root with nodes of the network: relink FILE --checkpoint ROOT.' },
    )
  }
}

/** The evidence proves something else than the receipt says. */
export class FalseReceipt extends GlowwormError {
  constructor({ method, result }: Claim, proven: unknown) {
    const short = (value: unknown) => JSON.stringify(value)?.slice(0, 80)
    super(
      { name: 'Receipt.FalseReceipt', code: 'FALSE_RECEIPT', kind: 'lie' },
      `the receipt says ${method} is ${short(result)}, its evidence proves ${short(proven)}`,
    )
  }
}

/** Evidence that no claim needs: whoever put it there wanted something else than to prove them. */
export class SurplusEvidence extends GlowwormError {
  constructor(types: readonly string[]) {
    super(
      { name: 'Receipt.SurplusEvidence', code: 'SURPLUS_EVIDENCE', kind: 'lie' },
      `the receipt holds evidence that nothing needs: ${types.slice(0, 8).join(', ')}`,
    )
  }
}
