import { concatBytes } from '../../data/hex.ts'
import { asList, decode, encode } from '../../data/rlp.ts'

/**
 * The form of a transaction that blocks hold and hashes are made of. As it is sent, a blob transaction also carries its
 * blobs (EIP-4844 “networking”: 0x03 ‖ rlp([transaction, …])); everything else is sent as it is kept.
 * @throws {RlpError}
 */
export function consensusForm(raw: Uint8Array): Uint8Array {
  if (raw[0] !== 3) return raw
  const items = asList(decode(raw.subarray(1)), 'the transaction')
  const [transaction] = items
  if (transaction === undefined || transaction instanceof Uint8Array) return raw
  return concatBytes(Uint8Array.of(3), encode(transaction))
}
