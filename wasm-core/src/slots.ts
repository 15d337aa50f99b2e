/**
 * The engine slots. The WASM kernels and the audited `@noble` implementations satisfy the same interfaces and pass
 * the same tests; a caller gets one `Engines` object and never learns which kind it holds.
 *
 * All functions are synchronous and pure. All byte strings are `Uint8Array`; results are fresh arrays owned by the
 * caller. Lengths are guarded: a wrong length throws `InvalidArgument` naming the argument.
 * @module
 */

export interface Hashes {
  /** Keccak-256 as Ethereum uses it (original padding). 32 bytes out. */
  keccak256(data: Uint8Array): Uint8Array
  /** Keccak-256 of many messages, packed in their order: n·32 bytes out. Cheaper than one by one from two on. */
  keccak256Many(messages: readonly Uint8Array[]): Uint8Array
  /** SHA-256 (FIPS 180-4). 32 bytes out. */
  sha256(data: Uint8Array): Uint8Array
  /** SHA-256 of each consecutive 64-byte node: n·64 bytes in, n·32 bytes out. One layer of an SSZ hash tree. */
  sha256Pairs(nodes: Uint8Array): Uint8Array
  /** SHA-256 of the SHA-256 of each consecutive 64-byte node: n·64 bytes in, n·32 out. One layer of a Bitcoin tree. */
  sha256dPairs(nodes: Uint8Array): Uint8Array
}

export interface Merkle {
  /**
   * Root of an SSZ branch. `branch[0]` is the sibling of `leaf`; bit i of `index` says whether the node at height i
   * is a right child (consensus-specs ssz/merkle-proofs.md, `is_valid_merkle_branch`). Depth = `branch.length` ≤ 52.
   */
  sszBranchRoot(leaf: Uint8Array, branch: readonly Uint8Array[], index: number): Uint8Array
  /**
   * Root over n 32-byte chunks, padded with chunks of zeros to the next power of two of `limit`, as the type allows them
   * (consensus-specs ssz/simple-serialize.md, `merkleize`). `limit` ≥ n; 0 counts as 1. The length of a list is not
   * mixed in.
   */
  sszRoot(chunks: Uint8Array, limit: number): Uint8Array
  /**
   * Walks a Merkle-Patricia proof (Yellow Paper appendix D) from `root` along the nibbles of `key`.
   * `key` is the trie key itself: callers hash addresses and slots first. Nodes come root first, each its RLP.
   * Every node given must be used: a surplus node is refused. Decoding is strict: one canonical RLP encoding, children
   * that are nothing, a hash or a node shorter than a hash, no leaf without a value. The empty trie is proven by no
   * nodes or by the single node 0x80. At most 16 MiB of nodes and 2 · key.length + 1 of them.
   * @returns the value bytes, or `null` when the proof shows that the key is absent.
   * @throws {MerkleProofError} when the nodes do not prove either; it names the fault and the node.
   */
  trieValue(root: Uint8Array, key: Uint8Array, proof: readonly Uint8Array[]): Uint8Array | null
  /**
   * `trieValue` of many keys under one root, from one pool of nodes in any order: nodes that proofs share are given, and
   * hashed, once. Every node must be used by some key and none stand there twice. The same strict decoding; at most
   * 16 MiB of nodes, 65,536 of them, and no more than the keys have nibbles, and one node each.
   * @returns one entry per key: the value bytes, or `null` when the nodes show that the key is absent.
   * @throws {MissingTrieNode} the way of a key leads to a node that is not in the pool: names the first such key.
   * @throws {MerkleProofError} a malformed, repeated or unused node; it names the fault and the node.
   */
  trieValues(
    root: Uint8Array,
    keys: readonly Uint8Array[],
    nodes: readonly Uint8Array[],
  ): readonly (Uint8Array | null)[]
}

export interface Secp256k1 {
  /** Uncompressed public key, 65 bytes (SEC 1), of a 32-byte secret key. @throws {InvalidArgument} 0 or ≥ n. */
  publicKey(secretKey: Uint8Array): Uint8Array
  /**
   * Deterministic low-s ECDSA (RFC 6979, optional 32 bytes of extra entropy). r ‖ s ‖ recovery bit: 65 bytes.
   * @throws {FaultDetected} when the signature just made does not verify (WASM only).
   */
  sign(digest: Uint8Array, secretKey: Uint8Array, extraEntropy?: Uint8Array): Uint8Array
  /** `signature` is r ‖ s (64 bytes), `publicKey` 33 or 65 bytes. High s is refused unless `lowS` is false. */
  verify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array, options?: { lowS?: boolean }): boolean
  /** Recovers the uncompressed public key from r ‖ s ‖ recovery bit. @throws {InvalidSignature} no such key. */
  recover(signature: Uint8Array, digest: Uint8Array): Uint8Array
}

/** What a committee signed: the arguments of `verifyWithoutAbsent`. */
export interface CommitteeSignature {
  readonly aggregate: Uint8Array
  readonly absent: readonly Uint8Array[]
  readonly message: Uint8Array
  readonly signature: Uint8Array
}

/** BLS12-381, minimal-pubkey-size, ciphersuite BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_ (Ethereum's). */
export interface Bls12381 {
  /** Checks a 48-byte public key: canonical encoding, on the curve, in the subgroup, not the identity. @throws {InvalidPoint} */
  validatePublicKey(publicKey: Uint8Array): void
  /** Sum of public keys, compressed, each fully validated. @throws {InvalidPoint} also when the sum is the identity. */
  aggregatePublicKeys(publicKeys: readonly Uint8Array[]): Uint8Array
  /** FastAggregateVerify: one message, many keys. False for a wrong signature. @throws {InvalidPoint} malformed input. */
  fastAggregateVerify(publicKeys: readonly Uint8Array[], message: Uint8Array, signature: Uint8Array): boolean
  /**
   * FastAggregateVerify for a committee whose aggregate key is already proven: the key checked against is
   * `aggregate` − Σ `absent`. Sound only when `aggregate` really is the sum over all seats.
   */
  verifyWithoutAbsent(
    aggregate: Uint8Array,
    absent: readonly Uint8Array[],
    message: Uint8Array,
    signature: Uint8Array,
  ): boolean
  /**
   * `verifyWithoutAbsent` of many at once, with one final exponentiation for all: a random combination of the items is
   * checked, Π e(rᵢ·keyᵢ, H(messageᵢ)) · e(−g, Σ rᵢ·signatureᵢ) = 1, and only if that fails each item by itself.
   * All keys and signatures are validated before anything is concluded. Any number of items in fixed memory.
   * @param random gives `length` bytes from the secure random of the platform; called anew for every item, before
   *   anything is computed. Whoever can foresee them can make signatures that hold together but not apart; otherwise
   *   a bad item passes with a chance of 2^−128.
   * @returns −1 when every item holds (also when there is none), else the index of the first that does not.
   * @throws {InvalidPoint} malformed input, wherever it stands; names the first such part, as in `items[3].signature`.
   * @throws {InvalidArgument} `random` gives another length or nothing but zeros.
   */
  verifyBatch(items: readonly CommitteeSignature[], random: (length: number) => Uint8Array): number
  /** Verifies one 96-byte signature under one key. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean
}

/** Which signatures count, where RFC 8032 leaves room. Both check 8·S·B = 8·R + 8·k·A and refuse S ≥ L. */
export interface Ed25519Options {
  /**
   * `rfc8032`: y below p, no negative zero, no public key of small order. `zip215`: any encoding that decompresses, as
   * consensus rules need, which must hold for single and batched verification alike (ZIP 215).
   */
  readonly rule: 'rfc8032' | 'zip215'
}

export interface Ed25519Item {
  /** R ‖ S, 64 bytes. */
  readonly signature: Uint8Array
  readonly message: Uint8Array
  /** 32 bytes. */
  readonly publicKey: Uint8Array
}

/** Where the coefficients of a batch come from: it must be unpredictable to whoever made the signatures. */
export interface Random {
  bytes(length: number): Uint8Array
}

/** Ed25519 (RFC 8032, PureEdDSA without context). Messages may be of any length. */
export interface Ed25519 {
  /** Public key, 32 bytes, of a 32-byte secret key (the seed of RFC 8032). */
  publicKey(secretKey: Uint8Array): Uint8Array
  /** R ‖ S, 64 bytes. @throws {FaultDetected} when the signature just made does not verify (WASM only). */
  sign(message: Uint8Array, secretKey: Uint8Array): Uint8Array
  verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array, options: Ed25519Options): boolean
  /**
   * Verifies many signatures under ZIP 215, each multiplied with 16 fresh random bytes.
   * @returns `null` when all are right (also when there are none), else the index of the first that is not.
   * @throws {InvalidArgument} wrong lengths, before anything is verified; a `random` that gives only zeros.
   */
  verifyBatch(items: readonly Ed25519Item[], random: Random): number | null
}

export interface Argon2idParameters {
  password: Uint8Array
  salt: Uint8Array
  memoryKiB: number
  iterations: number
  parallelism: number
  /** Bytes of output. */
  length: number
}

/** Argon2id version 1.3 (RFC 9106). Asynchronous: it takes a large part of a second. */
export type Argon2id = (parameters: Argon2idParameters) => Promise<Uint8Array>

/** A hash function with one length of output. */
export type Digest = (data: Uint8Array) => Uint8Array

/** BLAKE2b (RFC 7693) without key. @param length of the result, 1..64 bytes. */
export type Blake2b = (data: Uint8Array, length: number) => Uint8Array

/** ECDSA on P-256 (secp256r1, FIPS 186-5), as passkeys sign. Only what is public is computed with. */
export interface P256 {
  /**
   * `signature` is r ‖ s (64 bytes), `publicKey` 33 or 65 bytes (SEC 1), `digest` 32 bytes. Takes both s and n − s, as
   * WebAuthn and EIP-7951 do. False also for a key that is no point of the curve, and for r or s out of range.
   */
  verify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean
}

/** Diffie-Hellman on Curve25519 (RFC 7748). All byte strings have 32 bytes. */
export interface X25519 {
  publicKey(secretKey: Uint8Array): Uint8Array
  /** @throws {InvalidPoint} a public key of small order: the secret would be zero, whoever else's key it is (§6.1). */
  sharedSecret(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array
}

/** Everything verification and signing need. `kind` is for display and tests only. */
export interface Engines {
  readonly kind: 'wasm' | 'noble'
  readonly hashes: Hashes
  readonly merkle: Merkle
  readonly secp256k1: Secp256k1
  readonly bls: Bls12381
}
