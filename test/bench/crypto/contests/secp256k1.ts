import { type Contest, contest } from '../../compare.ts'
import type { Contestants } from '../contestants.ts'
import { bothTrue, randomBytes, sameBytes } from '../inputs.ts'

/** Keys are given uncompressed, so that nobody takes a square root; digests, so that nobody hashes. */
export function secp256k1Contests({ ours, noble, peers }: Contestants): Contest[] {
  const { libauth, tinySecp256k1, ox } = peers
  const secret = randomBytes(32).fill(1, 0, 1)
  const digest = randomBytes(32)
  const key = noble.secp256k1.publicKey(secret)
  const signature = noble.secp256k1.sign(digest, secret)
  const compact = signature.slice(0, 64)
  const bit = signature[64]!
  const bitFirst = Uint8Array.of(bit, ...compact)
  const verify = (peerName: string, peer: () => boolean) =>
    contest({
      name: 'secp256k1 verify',
      peerName,
      ours: () => ours.secp256k1.verify(compact, digest, key),
      peer,
      agree: bothTrue,
    })
  const recover = (peerName: string, peer: () => unknown) =>
    contest({
      name: 'secp256k1 recover',
      peerName,
      ours: () => ours.secp256k1.recover(signature, digest),
      peer,
      agree: sameBytes,
    })
  const sign = (peerName: string, peer: () => unknown, verified = true) =>
    contest({
      name: verified ? 'secp256k1 sign, verified after' : 'secp256k1 sign, constant time',
      peerName,
      ours: () => (verified ? ours.secp256k1.sign(digest, secret) : ours.signUnverified(digest, secret)),
      peer,
      agree: (mine, theirs) => theirs instanceof Uint8Array && sameBytes(mine.slice(0, 64), theirs.slice(0, 64)),
    })
  const libauthSign = () => libauth.signMessageHashCompact(secret, digest)
  const oxSign = () => ox.Secp256k1.sign(digest, secret, { prehash: false, extraEntropy: false }).subarray(1)
  return [
    verify('libauth', () => libauth.verifySignatureCompactLowS(compact, key, digest)),
    verify('tiny-secp256k1', () => tinySecp256k1.verify(digest, key, compact, true)),
    verify('ox/wasm', () => ox.Secp256k1.verify(compact, digest, key, { prehash: false, lowS: true })),
    verify('noble', () => noble.secp256k1.verify(compact, digest, key)),
    recover('libauth', () => libauth.recoverPublicKeyUncompressed(compact, bit, digest)),
    recover('tiny-secp256k1', () => tinySecp256k1.recover(digest, compact, bit, false)),
    recover('ox/wasm', () => ox.Secp256k1.recoverPublicKey(bitFirst, digest)),
    recover('noble', () => noble.secp256k1.recover(signature, digest)),
    sign('libauth', libauthSign, false),
    sign('ox/wasm', oxSign, false),
    sign('libauth', libauthSign),
    sign('tiny-secp256k1', () => tinySecp256k1.sign(digest, secret)),
    sign('ox/wasm', oxSign),
    sign('noble', () => noble.secp256k1.sign(digest, secret)),
    contest({
      name: 'secp256k1 public key, constant time',
      peerName: 'libauth',
      ours: () => ours.secp256k1.publicKey(secret),
      peer: () => libauth.derivePublicKeyUncompressed(secret),
      agree: sameBytes,
    }),
  ]
}
