interface BlstKey {
  readonly key: unique symbol
}
interface BlstSignature {
  readonly signature: unique symbol
}

export const blst: {
  PublicKey: { fromBytes(bytes: Uint8Array, validate: boolean): BlstKey }
  Signature: { fromBytes(bytes: Uint8Array, validate: boolean): BlstSignature }
  verify(message: Uint8Array, key: BlstKey, signature: BlstSignature): boolean
  fastAggregateVerify(message: Uint8Array, keys: readonly BlstKey[], signature: BlstSignature): boolean
}
