/** Historical summaries with their proofs as the Portal network carries them: official random states of mainnet's preset. */
import { bytesEqual, fromHex } from '@glowworm/light-client/data/hex'
import { recordList } from '@glowworm/light-client/data/ssz/packed'
import { FORK_RULES } from '@glowworm/light-client/ledgers/ethereum/forks'
import { placeOf } from '@glowworm/light-client/ledgers/ethereum/historical/place'
import { loadEngines } from '@glowworm/wasm-core'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { describeVectors, vectorText } from '../vectors.ts'

const { merkle } = await loadEngines()

interface PortalProof {
  content_value: `0x${string}`
  beacon_state_root: `0x${string}`
  historical_summaries_root: `0x${string}`
  historical_summaries_state_proof: `0x${string}`[]
}

describeVectors('portal historical summaries', () => {
  it.each(['deneb', 'electra'] as const)('%s: the list has its root, and its place in the state', (fork) => {
    const file = vectorText(
      `eth-lightclient/portal/historical_summaries_with_proof/${fork}/historical_summaries_with_proof.yaml`,
    )
    const proof = parse(file) as PortalProof
    const root = fromHex(proof.historical_summaries_root, 'root', 32)
    const branch = proof.historical_summaries_state_proof.map((node) => fromHex(node, 'node', 32))
    const { depth, index } = placeOf(FORK_RULES[fork].HISTORICAL_SUMMARIES_GINDEX!)
    expect(branch).toHaveLength(depth)
    expect(merkle.sszBranchRoot(root, branch, index)).toEqual(fromHex(proof.beacon_state_root, 'state root', 32))
    expect(bytesEqual(merkle.sszBranchRoot(root, branch, index ^ 1), fromHex(proof.beacon_state_root, 'root'))).toBe(
      false,
    )

    // 4-byte fork digest ‖ SSZ {epoch, historical_summaries (by offset), proof}.
    const content = fromHex(proof.content_value, 'content').subarray(4)
    const offset = new DataView(content.buffer, content.byteOffset).getUint32(8, true)
    expect(offset).toBe(8 + 4 + 32 * depth)
    const Summaries = recordList([32, 32], 2 ** 24)
    expect(Summaries.hashTreeRoot(Summaries.deserialize(content.subarray(offset)), merkle)).toEqual(root)
  })
})
