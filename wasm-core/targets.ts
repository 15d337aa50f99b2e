/**
 * The one table of WebAssembly targets: what is compiled, how, into how much memory, how large it may become and what
 * it exports. `build.ts` reads it and refuses whatever differs.
 * @module
 */

export interface Target {
  /** The artefact is `wasm/<name>.wasm`; generated sources for it go to `generated/<name>/`. */
  readonly name: string
  /** AssemblyScript entry, relative to this folder. */
  readonly entry: string
  /** Modules under `generate/` exporting `generate(): Record<fileName, source>`. Their output may be imported by `entry`. */
  readonly generators: readonly string[]
  /** The folder of `generated/` instead of `name`'s own: targets that share one have the same generators. */
  readonly generated?: string
  /** asc flags besides the memory and output ones. */
  readonly flags: readonly string[]
  /** Memory in 64 KiB pages. Without `maxPages` it cannot grow, so views of it stay valid. */
  readonly pages: number
  readonly maxPages?: number
  /** Upper bounds in bytes. Raising one is a decision: say why in the commit. */
  readonly budget: { readonly raw: number; readonly brotli: number }
  /** Every export, sorted. */
  readonly exports: readonly string[]
}

/** `--noAssert` drops bounds checks AssemblyScript would add to its own arrays; the kernels use none of those. */
const FLAGS = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--use', 'abort='] as const

const BLS12381_GENERATORS = ['generate/bls12381.ts', 'generate/bls12381-scalar.ts', 'generate/sha256.ts'] as const

export const targets: readonly Target[] = [
  {
    name: 'hashes',
    entry: 'assembly/hashes/index.ts',
    generators: ['generate/keccak.ts', 'generate/sha256.ts'],
    flags: FLAGS,
    pages: 4,
    maxPages: 330, // grows only for trie nodes beyond the window: at most 16 MiB of them, 65,536 with 48 bytes each
    budget: { raw: 40_000, brotli: 12_000 },
    exports: [
      'INPUT',
      'KEY',
      'OUTPUT',
      'RESULT',
      'ROOT',
      'keccak256',
      'keccakBlocks',
      'keccakEnd',
      'keccakMany',
      'keccakStart',
      'memory',
      'poolEnd',
      'poolStart',
      'poolWalk',
      'sha256',
      'sha256Blocks',
      'sha256End',
      'sha256Pairs',
      'sha256Start',
      'sha256dPairs',
      'sszBranchRoot',
      'sszRoot',
      'staticEnd',
      'trieWalk',
    ],
  },
  {
    name: 'secp256k1',
    entry: 'assembly/secp256k1/index.ts',
    generators: [
      'generate/secp256k1-field.ts',
      'generate/secp256k1-points.ts',
      'generate/secp256k1-scalar.ts',
      'generate/sha256.ts',
    ],
    flags: FLAGS,
    pages: 2,
    budget: { raw: 60_000, brotli: 16_000 },
    exports: [
      'DIGEST',
      'EXTRA_ENTROPY',
      'PUBLIC_KEY',
      'SECRET_KEY',
      'SIGNATURE',
      'memory',
      'prepareSigning',
      'prepareVerifying',
      'publicKey',
      'recover',
      'sign',
      'verify',
      'wipe',
    ],
  },
  {
    name: 'bls12381',
    entry: 'assembly/bls12381/index.ts',
    generators: BLS12381_GENERATORS,
    flags: FLAGS,
    pages: 3, // of which the buckets of a batch take 45 KiB and its Miller pairs 20
    budget: { raw: 90_000, brotli: 22_000 }, // 40 KB brotli with the groups,
    exports: [
      'BATCH_ITEMS',
      'INPUT',
      'INPUT_BYTES',
      'OUTPUT',
      'PARSED',
      'WORK',
      'batchEnd',
      'batchKeys',
      'batchKeysEnd',
      'batchMessage',
      'batchSignatures',
      'batchStart',
      'batchWindow',
      'batchWindowEnd',
      'check',
      'f2mul',
      'f2mulLanes',
      'f2mulLanesSum',
      'f2reduce',
      'f2sqr',
      'f2sqrLanes',
      'finalExponentiation',
      'fp12cyclotomicSqr',
      'fp12frobenius',
      'fp12inverse',
      'fp12mul',
      'fp12mulByLines',
      'fp12sqr',
      'hashEndG2',
      'keysParse',
      'memory',
      'messageAdd',
      'messageStart',
      'multiplyLines',
      'pairingAdd',
      'pairingEnd',
      'pairingStart',
      'pointReadG2',
      'pointWriteG2',
      'signatureRead',
      'sumAdd',
      'sumAddParsed',
      'sumEnd',
      'sumNegate',
      'sumStart',
      'sumWrite',
      'sumWriteParsed',
      'testHash',
      'testMap',
      'testPairing',
      'testRoot',
    ],
  },
  {
    name: 'bls12381-groups',
    entry: 'assembly/bls12381-groups/index.ts',
    generators: BLS12381_GENERATORS,
    generated: 'bls12381',
    flags: FLAGS,
    pages: 6, // of which the tables of a sum take 48 KiB, and its buckets the upper half
    budget: { raw: 60_000, brotli: 18_000 },
    exports: [
      'BUCKETS',
      'CHUNK',
      'INPUT',
      'INPUT_BYTES',
      'POINTS',
      'RESULT',
      'SCALARS',
      'bucketsAdd',
      'bucketsEnd',
      'bucketsStart',
      'hashEnd',
      'isIdentity',
      'mapInput',
      'memory',
      'messageAdd',
      'messageStart',
      'multiplyGeneratorG2',
      'negatePoint',
      'pointRead',
      'pointWrite',
      'scalarsAdd',
      'scalarsInvert',
      'scalarsMultiply',
      'scalarsNegate',
      'scalarsReduce',
      'scalarsUnreduced',
      'staticEnd',
      'sumAddPoints',
      'sumAddPublic',
      'sumAddSecret',
      'sumEnd',
      'sumEndPublic',
      'sumStart',
    ],
  },
  {
    name: 'ed25519',
    entry: 'assembly/ed25519/index.ts',
    generators: ['generate/ed25519-field.ts', 'generate/ed25519-scalar.ts', 'generate/sha512.ts'],
    flags: FLAGS,
    pages: 7,
    budget: { raw: 45_000, brotli: 14_000 },
    exports: [
      'BATCH_SIZE',
      'COEFFICIENT',
      'MESSAGE',
      'MESSAGE_BYTES',
      'PUBLIC_KEY',
      'SECRET_KEY',
      'SIGNATURE',
      'batchAdd',
      'batchEnd',
      'batchStart',
      'memory',
      'message',
      'prepareSigning',
      'prepareVerifying',
      'publicKey',
      'signEnd',
      'signNonce',
      'signStart',
      'verify',
      'verifyStart',
      'wipe',
    ],
  },
]
