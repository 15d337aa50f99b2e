import type { HerumiKey, HerumiSignature, Peers } from '../../peers/peers.mjs'

/** What bls-eth-wasm offers, in the words of the contests. */
export function herumiOf({ herumi }: Peers) {
  return {
    readKey(bytes: Uint8Array): HerumiKey {
      const key = new herumi.PublicKey()
      key.deserialize(bytes)
      return key
    },
    readSignature(bytes: Uint8Array): HerumiSignature {
      const signature = new herumi.Signature()
      signature.deserialize(bytes)
      return signature
    },
    sum(keys: readonly HerumiKey[]): HerumiKey {
      const total = keys[0]!.clone()
      for (const key of keys.slice(1)) total.add(key)
      return total
    },
  }
}
