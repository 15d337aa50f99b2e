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

/** How a point of secp256k1 is written: its x alone (32 bytes), or as SEC 1 says in 33 or 65 bytes. */
export type PointFormat = 'x' | 'compressed' | 'uncompressed'

export interface Secp256k1 {
  /**
   * Uncompressed public key, 65 bytes (SEC 1), of a 32-byte secret key. The x-only key of BIP-340 is its bytes 1 to 33.
   * @throws {InvalidArgument} 0 or ≥ n.
   */
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
  /**
   * BIP-340 signature, 64 bytes, of a message of any length. `auxiliary`: 32 bytes, best fresh random ones; zeros make
   * it deterministic, and are secure too. @throws {FaultDetected} when the signature just made does not verify.
   */
  schnorrSign(message: Uint8Array, secretKey: Uint8Array, auxiliary: Uint8Array): Uint8Array
  /** BIP-340 verification under an x-only key, 32 bytes. */
  schnorrVerify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean
  /**
   * BIP-341, `taproot_tweak_pubkey`: x of P + tweak·G, P being the point with that x and an even y, and whether its y
   * is odd. The tweak (32 bytes, big-endian) is what `taprootTweak` of `tagged-hash.ts` hashes.
   * @throws {InvalidPoint} x of no point. @throws {InvalidArgument} tweak ≥ n, or it cancels P.
   */
  tweakPublicKey(publicKey: Uint8Array, tweak: Uint8Array): { readonly publicKey: Uint8Array; readonly odd: boolean }
  /** BIP-341, `taproot_tweak_seckey`: the secret key of that. @throws {InvalidArgument} key or tweak out of range. */
  tweakSecretKey(secretKey: Uint8Array, tweak: Uint8Array): Uint8Array
  /**
   * The shared point secretKey·publicKey (SEC 1 §3.3.1). It is not uniform: hash it, with what binds it to its use.
   * @throws {InvalidPoint} `publicKey` (33 or 65 bytes) is no point. @throws {InvalidArgument} the secret key.
   */
  ecdh(secretKey: Uint8Array, publicKey: Uint8Array, format: PointFormat): Uint8Array
}

/** What a committee signed: the arguments of `verifyWithoutAbsent`. */
export interface CommitteeSignature {
  readonly aggregate: Uint8Array
  readonly absent: readonly Uint8Array[]
  readonly message: Uint8Array
  readonly signature: Uint8Array
}

declare const sealed: unique symbol

/**
 * What was validated or computed by an engine, in the form it computes with. Nobody else can make one or look inside;
 * an engine refuses what is not its own with `InvalidArgument`. Immutable; keep it as long as needed.
 */
interface Sealed<Name extends string> {
  readonly [sealed]: Name
}

/** Public keys that were validated, one after the other. */
export interface ParsedKeys extends Sealed<'ParsedKeys'> {
  readonly size: number
}

/** Parsed keys of all seats of a committee, with their sum. */
export interface Committee extends Sealed<'Committee'> {
  readonly size: number
}

/** BLS12-381, minimal-pubkey-size, ciphersuite BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_ (Ethereum's). */
export interface Bls12381 {
  /** Checks a 48-byte public key: canonical encoding, on the curve, in the subgroup, not the identity. @throws {InvalidPoint} */
  validatePublicKey(publicKey: Uint8Array): void
  /** Sum of public keys, compressed, each fully validated. @throws {InvalidPoint} also when the sum is the identity. */
  aggregatePublicKeys(publicKeys: readonly Uint8Array[]): Uint8Array
  /** Validates keys (48 bytes each, at least one) as `validatePublicKey` does, once for many uses. @throws {InvalidPoint} */
  parsePublicKeys(publicKeys: readonly Uint8Array[]): ParsedKeys
  /** Adds the keys once. @throws {InvalidPoint} when the sum is the identity. */
  formCommittee(keys: ParsedKeys): Committee
  /**
   * Sum of the keys of a committee without the seats `absent` (indices, none twice), compressed.
   * @throws {InvalidPoint} when it is the identity, as when all are absent. @throws {InvalidArgument} no such seats.
   */
  aggregatePresent(committee: Committee, absent: readonly number[]): Uint8Array
  /** FastAggregateVerify under `aggregatePresent`. @throws as it does, and for a malformed signature. */
  verifyPresent(committee: Committee, absent: readonly number[], message: Uint8Array, signature: Uint8Array): boolean
  /** FastAggregateVerify: one message, many keys. False for a wrong signature. @throws {InvalidPoint} malformed input. */
  fastAggregateVerify(
    publicKeys: readonly Uint8Array[] | ParsedKeys,
    message: Uint8Array,
    signature: Uint8Array,
  ): boolean
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

/** An element of G1 of BLS12-381, the identity included. */
export interface G1Point extends Sealed<'G1'> {}

/** An element of G2 of BLS12-381, the identity included. */
export interface G2Point extends Sealed<'G2'> {}

/** G1 of BLS12-381. Encodings are compressed, 48 bytes (ZCash's, as in IETF drafts for BLS and BBS). */
export interface Bls12381G1 {
  readonly generator: G1Point
  /** Strict: one encoding per element; on the curve, in the subgroup. The identity is one. @throws {InvalidPoint} */
  decode(encoded: Uint8Array): G1Point
  encode(point: G1Point): Uint8Array
  isIdentity(point: G1Point): boolean
  negate(point: G1Point): G1Point
  /** Sum of points; the identity for none. In constant time (WASM only). */
  sum(points: readonly G1Point[]): G1Point
  /**
   * Σ scalars[i]·points[i], in constant time (WASM only): time and memory accesses depend on how many there are and not
   * on what they are. Scalars: 32 bytes, big-endian. @throws {InvalidArgument} a scalar ≥ r; as many as points.
   */
  secretSumOfMultiples(points: readonly G1Point[], scalars: readonly Uint8Array[]): G1Point
  /** The same faster, for points and scalars that everybody may know. */
  sumOfMultiples(points: readonly G1Point[], scalars: readonly Uint8Array[]): G1Point
  /** hash_to_curve of the suite BLS12381G1_XMD:SHA-256_SSWU_RO_ (RFC 9380 §8.8.1); `domain` is its DST, 1 to 255 bytes. */
  hash(message: Uint8Array, domain: Uint8Array): G1Point
  /** The rest of hash_to_curve after any expand_message: 128 uniform bytes, as for the suites with SHAKE-256. */
  mapUniform(uniform: Uint8Array): G1Point
}

/** G2 of BLS12-381. Encodings are compressed, 96 bytes. */
export interface Bls12381G2 {
  readonly generator: G2Point
  /** Strict, as in G1. @throws {InvalidPoint} */
  decode(encoded: Uint8Array): G2Point
  encode(point: G2Point): Uint8Array
  isIdentity(point: G2Point): boolean
  /** scalar·generator in constant time (WASM only): the public key of a secret key. @throws {InvalidArgument} 0 or ≥ r. */
  secretMultipleOfGenerator(scalar: Uint8Array): G2Point
  /** hash_to_curve of the suite BLS12381G2_XMD:SHA-256_SSWU_RO_; `domain` is its DST, 1 to 255 bytes. */
  hash(message: Uint8Array, domain: Uint8Array): G2Point
}

/** Integers modulo the group order r: 32 bytes, big-endian, below r, in constant time (WASM only). @throws {InvalidArgument} */
export interface Bls12381Scalars {
  add(a: Uint8Array, b: Uint8Array): Uint8Array
  multiply(a: Uint8Array, b: Uint8Array): Uint8Array
  negate(a: Uint8Array): Uint8Array
  /** 1/a. @throws {InvalidArgument} also for 0. */
  invert(a: Uint8Array): Uint8Array
  /** A big-endian number of up to 64 bytes modulo r. */
  reduce(wide: Uint8Array): Uint8Array
}

/**
 * The groups of BLS12-381 for schemes built on them, such as BBS. In WASM the memory is put back as it was after every
 * call with a secret; what is in a `G1Point` stays until it is collected.
 */
export interface Bls12381Groups {
  readonly g1: Bls12381G1
  readonly g2: Bls12381G2
  readonly scalars: Bls12381Scalars
  /** Π e(g1, g2) = 1? True for no pairs. Public points only. */
  pairingProductIsOne(pairs: readonly { readonly g1: G1Point; readonly g2: G2Point }[]): boolean
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
