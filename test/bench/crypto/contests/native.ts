import { type Contest, contest } from '../../compare.ts'
import { blst } from '../../peers/native.mjs'
import { type BlsInputs, SEATS } from '../bls-inputs.ts'
import type { Contestants } from '../contestants.ts'
import { bothTrue } from '../inputs.ts'

/** Native code, for information: how far WebAssembly is from it. */
export function nativeContests(
  { ours }: Contestants,
  { message, committee, aggregate, signature }: BlsInputs,
): Contest[] {
  const key = blst.PublicKey.fromBytes(aggregate, true)
  const known = ours.bls.parsePublicKeys([aggregate])
  const peerName = '@chainsafe/blst, native'
  return [
    contest({
      name: 'BLS verify, key known',
      peerName,
      ours: () => ours.bls.fastAggregateVerify(known, message, signature),
      peer: () => blst.verify(message, key, blst.Signature.fromBytes(signature, true)),
      agree: bothTrue,
    }),
    contest({
      name: 'BLS G1 decompress and subgroup check',
      peerName,
      ours: () => ours.bls.parsePublicKeys(committee).size,
      peer: () => committee.map((bytes) => blst.PublicKey.fromBytes(bytes, true)).length,
      agree: (mine, theirs) => mine === theirs,
      oursPerCall: SEATS,
      peerPerCall: SEATS,
    }),
  ]
}
