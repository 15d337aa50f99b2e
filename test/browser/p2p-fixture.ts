/** What the bridge, the pages and the test of `p2p.test.ts` agree on. */
import type { EthereumRequest } from '@glowworm/light-client/ledgers/ethereum/evidence'

export const NETWORK = { name: 'p2p-test', chainId: 1337, genesis: { validatorsRoot: `0x${'5a'.repeat(32)}` } }

const HASH = `0x${'11'.repeat(32)}` as const
export const LARGE: EthereumRequest = { type: 'receipts', blockHash: HASH }
export const SMALL: EthereumRequest = { type: 'execution_header', blockHash: HASH }
/** The bridge's answer to SMALL. */
export const BRIDGE_ANSWER = Uint8Array.from({ length: 600 }, (_, i) => i & 0xff)
