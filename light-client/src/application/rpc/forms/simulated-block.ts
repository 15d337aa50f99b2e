/** A block of `eth_simulateV1` as JSON-RPC shows it. @module */
import { toQuantity } from '../../../data/hex.ts'
import type { SimulatedBlock, SimulatedCall } from '../../../ledgers/ethereum/call-claims.ts'
import { failedCall } from '../call-errors.ts'

/**
 * Roots and hashes are missing: a state root would take the whole state, the block's hash is made of it, and what is
 * made of that hash follows. What is there is proven. Logs carry no hashes for the same reason.
 */
export function simulatedBlockForm(block: SimulatedBlock) {
  let logIndex = 0
  return {
    number: toQuantity(block.number),
    timestamp: toQuantity(block.timestamp),
    gasLimit: toQuantity(block.gasLimit),
    gasUsed: toQuantity(block.gasUsed),
    baseFeePerGas: toQuantity(block.baseFeePerGas),
    miner: block.feeRecipient,
    mixHash: block.prevRandao,
    ...(block.parentHash === null ? {} : { parentHash: block.parentHash }),
    logsBloom: block.logsBloom,
    // The same in every block since the merge.
    difficulty: '0x0',
    nonce: '0x0000000000000000',
    sha3Uncles: EMPTY_LIST_HASH,
    uncles: [],
    calls: block.calls.map((call, transactionIndex) => callForm(block, call, transactionIndex, () => logIndex++)),
  }
}

/** keccak256 of the RLP of no ommers. */
const EMPTY_LIST_HASH = '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347'

/** execution-apis, eth_simulateV1: a call that failed although it did not revert. */
const VM_ERROR = -32015

function callForm(block: SimulatedBlock, call: SimulatedCall, transactionIndex: number, nextIndex: () => number) {
  const form = {
    status: toQuantity(call.status === 'success' ? 1 : 0),
    returnData: call.returnData,
    gasUsed: toQuantity(call.gasUsed),
    logs: call.logs.map(({ address, topics, data }) => ({
      address,
      topics,
      data,
      blockNumber: toQuantity(block.number),
      blockTimestamp: toQuantity(block.timestamp),
      transactionIndex: toQuantity(transactionIndex),
      logIndex: toQuantity(nextIndex()),
      removed: false,
    })),
  }
  if (call.status === 'success') return form
  const { code, message, data } = failedCall(call)
  return { ...form, error: call.status === 'revert' ? { code, message, data } : { code: VM_ERROR, message } }
}
