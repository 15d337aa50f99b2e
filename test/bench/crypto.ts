/** Our WASM kernels against noble, in one process. */
import { randomBytes } from 'node:crypto'
import { loadEngines, nobleEngines } from '@glowworm/wasm-core'
import { loadEd25519 } from '@glowworm/wasm-core/load-ed25519'
import { nobleEd25519 as noble25519 } from '@glowworm/wasm-core/noble/ed25519'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { buildTrie } from '../../wasm-core/test/trie-builder.ts'
import { compare, type Row, round } from './compare.ts'

const DST = 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_'

export async function run(): Promise<Row[]> {
  const ours = await loadEngines()
  const noble = nobleEngines()
  if (ours.kind !== 'wasm') throw new Error('WebAssembly was refused: there is nothing to compare')
  const small = new Uint8Array(randomBytes(64))
  const nodes = new Uint8Array(randomBytes(64 * 512))
  const large = new Uint8Array(randomBytes(16_384))
  const secret = new Uint8Array(randomBytes(32)).with(0, 1)
  const digest = new Uint8Array(randomBytes(32))
  const signature = noble.secp256k1.sign(digest, secret)
  const publicKey = noble.secp256k1.publicKey(secret)
  const committee = Array.from({ length: 512 }, (_, i) => blsKey(i + 1))
  const message = new Uint8Array(randomBytes(32))
  const aggregateSecret = (512n * 513n) / 2n
  const blsSignature = blsSign(aggregateSecret, message)
  const aggregate = noble.bls.aggregatePublicKeys(committee)
  const absent = committee.slice(0, 5)
  const withoutAbsent = blsSign(aggregateSecret - 15n, message)
  // Keys as an account trie has them: hashed, so that proofs are branches down to a leaf.
  const accounts = Array.from({ length: 4096 }, (_, i) => {
    const key = noble.hashes.keccak256(Uint8Array.of(i >> 8, i & 255))
    return [key, new Uint8Array(78).fill((i % 255) + 1)] as const
  })
  const trie = buildTrie(accounts)
  const account = accounts[1234]![0]
  const proof = trie.proof(account)
  const pair = (name: string, call: (engines: typeof ours) => unknown) =>
    compare(
      name,
      'noble',
      () => call(ours),
      () => call(noble),
    )
  const ed25519 = await loadEd25519()
  const edKey = noble25519.publicKey(secret)
  const edSignature = noble25519.sign(message, secret)
  const updates = Array.from({ length: 60 }, (_, i) => {
    const text = new Uint8Array(32).fill(i + 1)
    return { aggregate, absent: [], message: text, signature: blsSign(aggregateSecret, text) }
  })
  const random = (length: number) => new Uint8Array(randomBytes(length))
  const single = (engines: typeof ours) => {
    const { message: text, signature: signed } = updates[7]!
    return engines.bls.verifyWithoutAbsent(aggregate, [], text, signed)
  }
  const batch = compare(
    'BLS batch of 60 updates, per update',
    'our single verify',
    () => ours.bls.verifyBatch(updates, random),
    () => single(ours),
  )
  const perUpdate = round(batch.ours / 60)
  return [
    { ...batch, ours: perUpdate, ratio: round(batch.peer! / perUpdate) },
    compare(
      'ed25519 verify',
      'noble',
      () => ed25519.verify(edSignature, message, edKey, { rule: 'rfc8032' }),
      () => noble25519.verify(edSignature, message, edKey, { rule: 'rfc8032' }),
    ),
    compare(
      'ed25519 sign, constant time, verified after',
      'noble',
      () => ed25519.sign(message, secret),
      () => noble25519.sign(message, secret),
    ),
    pair('keccak256, 64 B', ({ hashes }) => hashes.keccak256(small)),
    pair('keccak256, 16 KiB', ({ hashes }) => hashes.keccak256(large)),
    pair('sha256, 64 B', ({ hashes }) => hashes.sha256(small)),
    pair('sha256 of 512 nodes of 64 B', ({ hashes }) => hashes.sha256Pairs(nodes)),
    pair(`Merkle-Patricia proof of ${proof.length} nodes`, ({ merkle }) => merkle.trieValue(trie.root, account, proof)),
    pair('secp256k1 public key', ({ secp256k1 }) => secp256k1.publicKey(secret)),
    pair('secp256k1 sign, constant time, verified after', ({ secp256k1 }) => secp256k1.sign(digest, secret)),
    pair('secp256k1 verify', ({ secp256k1 }) => secp256k1.verify(signature.subarray(0, 64), digest, publicKey)),
    pair('secp256k1 recover', ({ secp256k1 }) => secp256k1.recover(signature, digest)),
    pair('BLS verify, one key', ({ bls }) => bls.verify(aggregate, message, blsSignature)),
    pair('BLS aggregate less 5 absent, verify', ({ bls }) =>
      bls.verifyWithoutAbsent(aggregate, absent, message, withoutAbsent),
    ),
    pair('BLS FastAggregateVerify, 512 compressed keys', ({ bls }) =>
      bls.fastAggregateVerify(committee, message, blsSignature),
    ),
    pair('BLS key decompress and subgroup check', ({ bls }) => bls.validatePublicKey(aggregate)),
  ]
}

function blsKey(secret: number): Uint8Array {
  return bls12_381.G1.Point.BASE.multiply(BigInt(secret)).toBytes(true)
}

function blsSign(secret: bigint, message: Uint8Array): Uint8Array {
  const point = bls12_381.G2.hashToCurve(message, { DST }) as InstanceType<typeof bls12_381.G2.Point>
  return point.multiply(secret).toBytes(true)
}
