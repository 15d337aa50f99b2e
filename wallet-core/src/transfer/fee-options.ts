/**
 * What the fees of a transaction could be: three choices around the proven base fee, and how it has moved in the newest
 * blocks, by their headers. What the tip should be nobody can prove: that part is a source's suggestion, within bounds.
 * @module
 */
import type { LightClient } from '@glowworm/light-client'
import { problemOf, WalletError } from '../errors.ts'
import type { FeeOptions, Fees, Shown } from '../facade/facade.ts'
import type { Handles } from '../facade/handles.ts'
import { shownProven } from '../facade/shown.ts'
import { boundedTip, DEFAULT_TIP, feeLimit } from './fees.ts'

const HISTORY_BLOCKS = 20
/** More than a price: a slip of the keyboard. 2^64 wei for a unit of gas. */
const MOST_FEE = 1n << 64n

export async function feeOptions(client: LightClient, handles: Handles, least: Fees | null): Promise<FeeOptions> {
  const [base, hint, history] = await Promise.all([
    client.baseFee(),
    client.tipHint().then(
      ({ value }) => value,
      () => DEFAULT_TIP,
    ),
    historyOf(client, handles),
  ])
  const baseFee = base.verified.value
  const { tip } = boundedTip(hint, baseFee)
  const outbid = (fees: Fees): Fees => (least === null ? fees : { ...atLeast(fees, least) })
  return {
    history,
    // Room for one full block; for six; for eight and a tip that others seldom pay.
    slow: outbid({ maxFeePerGas: baseFee + baseFee / 8n + tip / 2n, maxPriorityFeePerGas: tip / 2n }),
    normal: outbid({ maxFeePerGas: feeLimit(baseFee, tip), maxPriorityFeePerGas: tip }),
    fast: outbid({ maxFeePerGas: feeLimit(baseFee + baseFee / 4n, 2n * tip), maxPriorityFeePerGas: 2n * tip }),
    least,
  }
}

/** Both figures raised to what is needed at least. */
export function atLeast(fees: Fees, least: Fees): Fees {
  const maxPriorityFeePerGas = greater(fees.maxPriorityFeePerGas, least.maxPriorityFeePerGas)
  return {
    maxFeePerGas: greater(greater(fees.maxFeePerGas, least.maxFeePerGas), maxPriorityFeePerGas),
    maxPriorityFeePerGas,
  }
}

async function historyOf(client: LightClient, handles: Handles): Promise<FeeOptions['history']> {
  try {
    const { chain } = client
    const newest = await chain.header(await chain.head('optimistic'))
    const fees = [newest.value.baseFeePerGas ?? 0n]
    for await (const { value } of chain.ancestors(newest, HISTORY_BLOCKS - 1)) fees.push(value.baseFeePerGas ?? 0n)
    const { trail } = await client.baseFee()
    const history = { lowest: fees.reduce(lesser), highest: fees.reduce(greater), blocks: fees.length }
    return shownProven({ verified: newest, trail }, handles, () => history)
  } catch (error) {
    return { kind: 'unproven', problem: problemOf(error) } satisfies Shown<never>
  }
}

const greater = (a: bigint, b: bigint): bigint => (a > b ? a : b)
const lesser = (a: bigint, b: bigint): bigint => (a < b ? a : b)

/** @throws {InvalidFees} */
export function checkFees({ maxFeePerGas, maxPriorityFeePerGas }: Fees): void {
  for (const fee of [maxFeePerGas, maxPriorityFeePerGas])
    if (typeof fee !== 'bigint' || fee < 0n || fee >= MOST_FEE) throw new InvalidFees('a fee is no amount')
  if (maxPriorityFeePerGas > maxFeePerGas) throw new InvalidFees('the tip is greater than the limit')
}

export class InvalidFees extends WalletError {
  constructor(reason: string) {
    super(
      { name: 'Transfer.InvalidFees', code: 'INVALID_FEES', kind: 'usage' },
      `These fees cannot be used: ${reason}.`,
      { next: 'Correct them, or take one of the offered ones.' },
    )
  }
}
