/** What the bridges of the benchmark hold: answers of the size of account proofs. Nobody verifies them here. @module */
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

export function* answers(): Generator<readonly [EthereumRequest, Uint8Array]> {
  const bytes = Uint8Array.from({ length: PROOF }, (_, i) => (i * 7) & 0xff)
  for (let n = 0; n < PROOFS; n++) yield [proofRequest(n), bytes]
}
