/** Decentralised identifiers of an account. */
import { base58 } from '@scure/base'

/** did:pkh over CAIP-10: `did:pkh:eip155:<chain id>:<EIP-55 address>`. */
export function didPkh(chainId: number, checksummedAddress: string): string {
  return `did:pkh:eip155:${chainId}:${checksummedAddress}`
}

/** did:key of a compressed secp256k1 key (multicodec `secp256k1-pub` 0xe7, as varint e7 01), multibase base58btc. */
export function didKey(compressedPublicKey: Uint8Array): string {
  const bytes = new Uint8Array(2 + compressedPublicKey.length)
  bytes.set([0xe7, 0x01])
  bytes.set(compressedPublicKey, 2)
  return `did:key:z${base58.encode(bytes)}`
}
