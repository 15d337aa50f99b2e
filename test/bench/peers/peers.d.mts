/** What the contests use of the peers. Times are theirs, shapes are written down here by hand. */

interface HerumiPoint {
  deserialize(bytes: Uint8Array): void
  serialize(): Uint8Array
  clone(): this
  add(other: this): void
  isValidOrder(): boolean
}
export interface HerumiKey extends HerumiPoint {
  verify(signature: HerumiSignature, message: Uint8Array): boolean
}
export interface HerumiSignature extends HerumiPoint {
  fastAggregateVerify(keys: readonly HerumiKey[], message: Uint8Array): boolean
}

interface MclPoint {
  readonly a_: Uint32Array
  deserialize(bytes: Uint8Array): void
  serialize(): Uint8Array
  isZero(): boolean
  copyToMem(address: number): void
}
export type MclG1 = MclPoint & { readonly g: 1 }
export type MclG2 = MclPoint & { readonly g: 2 }
export interface MclGT {
  isOne(): boolean
}

interface Hasher {
  init(): Hasher
  update(data: Uint8Array): Hasher
  digest(as: 'binary'): Uint8Array
}

export interface Peers {
  readonly herumi: {
    PublicKey: new () => HerumiKey
    Signature: new () => HerumiSignature
  }
  readonly mcl: {
    G1: new () => MclG1
    G2: new () => MclG2
    setETHserialization(on: boolean): void
    /** 0: mcl's own map; 5: the one of RFC 9380. */
    setMapToMode(mode: 0 | 5): void
    hashAndMapToG2(message: Uint8Array): MclG2
    millerLoop(p: MclG1, q: MclG2): MclGT
    mul(a: MclGT, b: MclGT): MclGT
    finalExp(value: MclGT): MclGT
    mod: {
      _malloc(bytes: number): number
      _mclBn_millerLoopVec(to: number, p: number, q: number, count: number): void
      _mclBn_finalExp(to: number, from: number): void
      _mclBnGT_isOne(at: number): number
    }
  }
  readonly libauth: {
    verifySignatureCompactLowS(signature: Uint8Array, publicKey: Uint8Array, digest: Uint8Array): boolean
    recoverPublicKeyUncompressed(signature: Uint8Array, recoveryId: number, digest: Uint8Array): Uint8Array | string
    signMessageHashCompact(secretKey: Uint8Array, digest: Uint8Array): Uint8Array | string
    derivePublicKeyUncompressed(secretKey: Uint8Array): Uint8Array | string
  }
  readonly tinySecp256k1: {
    verify(digest: Uint8Array, publicKey: Uint8Array, signature: Uint8Array, strict: boolean): boolean
    recover(digest: Uint8Array, signature: Uint8Array, recoveryId: number, compressed: boolean): Uint8Array | null
    sign(digest: Uint8Array, secretKey: Uint8Array): Uint8Array
  }
  readonly hashWasm: { keccak: Hasher; sha256: Hasher }
  readonly asSha256: {
    digest64(node: Uint8Array): Uint8Array
    hashInto(nodes: Uint8Array, to: Uint8Array): void
  }
  /** libsecp256k1 and small hashes, compiled by the authors of ox. */
  readonly ox: {
    Hash: { keccak256(data: Uint8Array): Uint8Array; sha256(data: Uint8Array): Uint8Array }
    Secp256k1: {
      verify(
        signature: Uint8Array,
        payload: Uint8Array,
        publicKey: Uint8Array,
        options: { prehash: boolean; lowS?: boolean },
      ): boolean
      recoverPublicKey(signature: Uint8Array, payload: Uint8Array): Uint8Array
      sign(
        payload: Uint8Array,
        secretKey: Uint8Array,
        options: { prehash: boolean; extraEntropy: Uint8Array | boolean },
      ): Uint8Array
    }
    Ed25519: {
      sign(message: Uint8Array, secretKey: Uint8Array): Uint8Array
      verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean
    }
  }
  readonly mpt: {
    verifyMerkleProof(
      key: Uint8Array,
      proof: readonly Uint8Array[],
      options: { root: Uint8Array },
    ): Promise<Uint8Array | null>
  }
}

export function loadPeers(): Promise<Peers>
