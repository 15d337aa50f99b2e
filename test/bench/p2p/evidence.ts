/** What the bridges of the benchmark hold: small answers of the size of account proofs, and a large one. Nobody verifies them here. @module */
import type { EthereumRequest } from '@glowworm/light-client/ledgers/ethereum/evidence'

export const NETWORK = { name: 'bench', chainId: 1337, genesis: { validatorsRoot: `0x${'b5'.repeat(32)}` } }
/** Bytes of a mainnet account proof. */
const PROOF = 3_900
const PROOFS = 1_000
const BLOCK = `0x${'11'.repeat(32)}` as const

/** A different account for each number. */
export const proofRequest = (n: number): EthereumRequest => ({
  type: 'account',
  blockHash: BLOCK,
  address: `0x${(n % PROOFS).toString(16).padStart(40, '0')}`,
  slots: [],
})

/** Half of the longest answer there is. */
export const LARGE_BYTES = 8_000_000
export const LARGE: EthereumRequest = { type: 'receipts', blockHash: BLOCK }

const filled = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7) & 0xff)

export function* answers(): Generator<readonly [EthereumRequest, Uint8Array]> {
  const bytes = filled(PROOF)
  for (let n = 0; n < PROOFS; n++) yield [proofRequest(n), bytes]
  yield [LARGE, filled(LARGE_BYTES)]
}

/** An update that differs from all others and carries when it was published, in milliseconds of the system clock. */
export function stampedUpdate(now: number, n: number): Uint8Array {
  const bytes = filled(1_000)
  const view = new DataView(bytes.buffer)
  view.setFloat64(0, now)
  view.setUint32(8, n)
  return bytes
}
export const publishedAt = (update: Uint8Array): number => new DataView(update.slice(0, 8).buffer).getFloat64(0)
