import { type Contest, contest } from '../../compare.ts'
import type { Contestants } from '../contestants.ts'
import { bothTrue, randomBytes, sameBytes } from '../inputs.ts'

const BATCH = 100

export function ed25519Contests({ ours, noble, peers }: Contestants): Contest[] {
  const secret = randomBytes(32)
  const publicKey = noble.ed25519.publicKey(secret)
  const message = randomBytes(32)
  const signature = noble.ed25519.sign(message, secret)
  const items = Array.from({ length: BATCH }, () => {
    const own = randomBytes(32)
    const text = randomBytes(32)
    return { signature: noble.ed25519.sign(text, own), message: text, publicKey: noble.ed25519.publicKey(own) }
  })
  const random = { bytes: randomBytes }
  const { verify: oxVerify } = peers.ox.Ed25519
  const verify = (peerName: string, peer: () => boolean) =>
    contest({
      name: 'ed25519 verify',
      peerName,
      ours: () => ours.ed25519.verify(signature, message, publicKey, { rule: 'rfc8032' }),
      peer,
      agree: bothTrue,
    })
  return [
    verify('noble', () => noble.ed25519.verify(signature, message, publicKey, { rule: 'rfc8032' })),
    verify('ox/wasm', () => oxVerify(signature, message, publicKey)),
    contest({
      name: `ed25519 batch of ${BATCH}, per signature`,
      peerName: 'noble, one by one',
      ours: () => ours.ed25519.verifyBatch(items, random) === null,
      peer: () => noble.ed25519.verify(signature, message, publicKey, { rule: 'zip215' }),
      agree: bothTrue,
      oursPerCall: BATCH,
    }),
    contest({
      name: 'ed25519 sign, constant time, verified after',
      peerName: 'noble',
      ours: () => ours.ed25519.sign(message, secret),
      peer: () => noble.ed25519.sign(message, secret),
      agree: sameBytes,
    }),
    contest({
      name: 'ed25519 sign, constant time, verified after',
      peerName: 'ox/wasm',
      ours: () => ours.ed25519.sign(message, secret),
      peer: () => peers.ox.Ed25519.sign(message, secret),
      agree: sameBytes,
    }),
  ]
}
