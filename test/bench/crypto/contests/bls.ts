import { bls12_381 } from '@noble/curves/bls12-381.js'
import { type Contest, contest } from '../../compare.ts'
import type { MclG1, MclG2 } from '../../peers/peers.mjs'
import { type BlsInputs, SEATS, UPDATES } from '../bls-inputs.ts'
import type { Contestants } from '../contestants.ts'
import { bothTrue, randomBytes, sameBytes } from '../inputs.ts'
import { herumiOf } from './herumi.ts'

/** Of the seats, one in twenty. */
const ABSENT = Math.round(SEATS / 20)

/**
 * Every side reads the signature from its 96 bytes and checks its subgroup. Parsed keys are what each keeps of a key:
 * affine coordinates here, an object there.
 */
export function blsContests({ ours, peers }: Contestants, inputs: BlsInputs): Contest[] {
  const { domain, message, committee, aggregate, signature, updates } = inputs
  const herumi = herumiOf(peers)
  const knownKey = ours.bls.parsePublicKeys([aggregate])
  const herumiKey = herumi.readKey(aggregate)
  const { longSignatures } = bls12_381
  const nobleKey = bls12_381.G1.Point.fromBytes(aggregate)
  const parsed = ours.bls.parsePublicKeys(committee)
  const herumiCommittee = committee.map(herumi.readKey)
  const seats = ours.bls.formCommittee(parsed)
  const absent = Array.from({ length: ABSENT }, (_, i) => 19 * i)
  const present = herumiCommittee.filter((_, i) => !absent.includes(i))
  const verifyKnown = () => ours.bls.fastAggregateVerify(knownKey, message, signature)
  const herumiVerify = () => herumiKey.verify(herumi.readSignature(signature), message)
  return [
    contest({
      name: 'BLS verify, key known',
      peerName: 'bls-eth-wasm',
      ours: verifyKnown,
      peer: herumiVerify,
      agree: bothTrue,
    }),
    contest({
      name: 'BLS verify, key known',
      peerName: 'noble',
      ours: verifyKnown,
      peer: () => longSignatures.verify(signature, longSignatures.hash(message, domain), nobleKey),
      agree: bothTrue,
    }),
    contest({
      name: 'BLS FastAggregateVerify, 512 parsed keys',
      peerName: 'bls-eth-wasm',
      ours: () => ours.bls.fastAggregateVerify(parsed, message, signature),
      peer: () => herumi.readSignature(signature).fastAggregateVerify(herumiCommittee, message),
      agree: bothTrue,
    }),
    contest({
      name: 'BLS FastAggregateVerify, 512 compressed keys',
      peerName: 'bls-eth-wasm',
      ours: () => ours.bls.fastAggregateVerify(committee, message, signature),
      peer: () => herumi.readSignature(signature).fastAggregateVerify(committee.map(herumi.readKey), message),
      agree: bothTrue,
    }),
    contest({
      name: 'BLS committee aggregate, 5 % absent, parsed keys',
      peerName: 'bls-eth-wasm',
      ours: () => ours.bls.aggregatePresent(seats, absent),
      peer: () => herumi.sum(present),
      agree: (mine, theirs) => sameBytes(mine, theirs.serialize()),
    }),
    contest({
      name: `BLS batch of ${UPDATES} updates, per update`,
      peerName: 'bls-eth-wasm, one by one',
      ours: () => ours.bls.verifyBatch(updates, randomBytes) === -1,
      peer: herumiVerify,
      agree: bothTrue,
      oursPerCall: UPDATES,
    }),
    contest({
      name: 'BLS G1 decompress and subgroup check',
      peerName: 'bls-eth-wasm',
      ours: () => ours.bls.parsePublicKeys(committee).size,
      peer: () => committee.map(herumi.readKey).length,
      agree: (mine, theirs) => mine === theirs,
      oursPerCall: SEATS,
      peerPerCall: SEATS,
    }),
  ]
}

/** Pairings and the map to G2 by themselves, which herumi's library for signatures does not offer and mcl does. */
export function pairingContests({ ours, peers: { mcl } }: Contestants, inputs: BlsInputs): Contest[] {
  const { g1, g2, pairingProductIsOne } = ours.groups
  const domain = new TextEncoder().encode(inputs.domain)
  const { message, aggregate, signature } = inputs
  const hashed = g2.hash(message, domain)
  // e(aggregate, H(message)) · e(-generator, signature) = 1
  const [p, q] = [g1.decode(aggregate), g1.negate(g1.generator)]
  const pairs = [
    { g1: p, g2: hashed },
    { g1: q, g2: g2.decode(signature) },
  ]
  mcl.setETHserialization(true)
  const read = <Point extends MclG1 | MclG2>(point: Point, bytes: Uint8Array): Point => {
    point.deserialize(bytes)
    return point
  }
  const points = {
    p: [read(new mcl.G1(), g1.encode(p)), read(new mcl.G1(), g1.encode(q))],
    q: [read(new mcl.G2(), g2.encode(hashed)), read(new mcl.G2(), signature)],
  } as const
  const miller = (i: 0 | 1) => mcl.millerLoop(points.p[i], points.q[i])
  const at = placed(mcl, points)
  const hash = (peerName: string, mode: 0 | 5, agree: (mine: unknown, theirs: MclG2) => boolean) =>
    contest({
      name: 'BLS hash to G2',
      peerName,
      ours: () => g2.hash(message, domain),
      peer: () => mcl.hashAndMapToG2(message),
      agree,
      before: () => mcl.setMapToMode(mode),
    })
  return [
    contest({
      name: 'BLS two-pairing check',
      peerName: 'mcl-wasm',
      ours: () => pairingProductIsOne(pairs),
      peer: () => mcl.finalExp(mcl.mul(miller(0), miller(1))).isOne(),
      agree: bothTrue,
    }),
    contest({
      name: 'BLS two-pairing check',
      peerName: 'mcl-wasm, internal vector call',
      ours: () => pairingProductIsOne(pairs),
      peer: () => {
        mcl.mod._mclBn_millerLoopVec(at.result, at.p, at.q, 2)
        mcl.mod._mclBn_finalExp(at.result, at.result)
        return mcl.mod._mclBnGT_isOne(at.result) === 1
      },
      agree: bothTrue,
    }),
    // Its own map is not that of the standard, so only that it gives a point can be seen.
    hash('mcl-wasm, its own map', 0, (_, theirs) => !theirs.isZero()),
    hash('mcl-wasm, the map of RFC 9380', 5, (_, theirs) => !theirs.isZero()),
  ]
}

/** The points in mcl's memory, for calls that its interface does not have. */
function placed(
  mcl: Contestants['peers']['mcl'],
  { p, q }: { readonly p: readonly [MclG1, MclG1]; readonly q: readonly [MclG2, MclG2] },
) {
  const place = (points: readonly (MclG1 | MclG2)[]) => {
    const bytes = 4 * points[0]!.a_.length
    const address = mcl.mod._malloc(points.length * bytes)
    for (const [i, point] of points.entries()) point.copyToMem(address + i * bytes)
    return address
  }
  return { p: place(p), q: place(q), result: mcl.mod._malloc(576) }
}
