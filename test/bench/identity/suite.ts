/**
 * Credentials: BBS proofs against @digitalbazaar/bbs-signatures, interleaved, under Node, for ten claims of which four are
 * disclosed, as in the fixtures of the draft; and identifiers on chain.
 * @module
 */
import * as digitalbazaar from '@digitalbazaar/bbs-signatures'
import { createBbs } from '@glowworm/wallet-core/identity/bbs/bbs'
import { secureRandom } from '@glowworm/wasm-core/infrastructure/secure-random'
import { loadBls12381Groups } from '@glowworm/wasm-core/load-bls12381-groups'
import { type Contest, contest, measure, type Row } from '../compare.ts'
import { didEthr } from './did-ethr.ts'
import { sdJwt } from './sd-jwt.ts'

const PEER = '@digitalbazaar/bbs-signatures'
const CIPHERSUITE = 'BLS12-381-SHA-256'

/** What peer time / our time is to reach at least. */
export const GOALS: Readonly<Record<string, number>> = { 'BBS proof derive and verify': 6 }

export async function run(only: string): Promise<(Row & { goal?: number })[]> {
  const rows: (Row & { goal?: number })[] = []
  for (const each of (await contests()).filter(({ name }) => name.includes(only))) {
    const row = await measure(each, 'node')
    const goal = GOALS[row.name]
    rows.push(goal === undefined ? row : { ...row, goal })
  }
  if ('SD-JWT presentation'.includes(only)) rows.push(await sdJwt())
  if ('did:ethr'.includes(only) || only.startsWith('did:ethr')) rows.push(...(await didEthr()))
  return rows
}

async function contests(): Promise<Contest[]> {
  const groups = await loadBls12381Groups()
  const bbs = createBbs(groups, CIPHERSUITE, secureRandom)
  const secretKey = bbs.keyGen({ keyMaterial: secureRandom.bytes(32) })
  const publicKey = bbs.skToPk(secretKey)
  const [header, presentationHeader] = [secureRandom.bytes(16), secureRandom.bytes(32)]
  const messages = Array.from({ length: 10 }, () => secureRandom.bytes(40))
  const indexes = [0, 2, 4, 6]
  const disclosedMessages = indexes.map((i) => messages[i]!)
  const signature = bbs.sign({ secretKey, publicKey, header, messages })

  const toDisclose = { publicKey, signature, header, presentationHeader, messages, disclosedIndexes: indexes }
  const disclosed = { publicKey, header, presentationHeader, disclosedMessages, disclosedIndexes: indexes }
  const common = { ciphersuite: CIPHERSUITE, publicKey, header }
  const shown = { ...common, presentationHeader, disclosedMessageIndexes: indexes }
  const derive = () => bbs.proofGen(toDisclose)
  const verify = (proof: Uint8Array) => bbs.proofVerify({ ...disclosed, proof })
  const theirDerive = () => digitalbazaar.deriveProof({ ...shown, signature, messages })
  const theirVerify = (proof: Uint8Array) => digitalbazaar.verifyProof({ ...shown, disclosedMessages, proof })
  const proof = derive()
  const bothTrue = (ours: boolean, theirs: boolean) => ours && theirs

  return [
    contest<boolean, boolean>({
      name: 'BBS proof derive and verify',
      peerName: PEER,
      ours: () => verify(derive()),
      peer: async () => theirVerify(await theirDerive()),
      agree: bothTrue,
    }),
    contest<boolean, boolean>({
      name: 'BBS proof derive and verify, no generators kept',
      peerName: PEER,
      ours: () => {
        const fresh = createBbs(groups, CIPHERSUITE, secureRandom)
        const proof = fresh.proofGen(toDisclose)
        return createBbs(groups, CIPHERSUITE, secureRandom).proofVerify({ ...disclosed, proof })
      },
      peer: async () => theirVerify(await theirDerive()),
      agree: bothTrue,
    }),
    contest<Uint8Array, Uint8Array>({
      name: 'BBS proof derive',
      peerName: PEER,
      ours: derive,
      peer: theirDerive,
      agree: (ours, theirs) => verify(ours) && verify(theirs),
    }),
    contest<boolean, boolean>({
      name: 'BBS proof verify',
      peerName: PEER,
      ours: () => verify(proof),
      peer: () => theirVerify(proof),
      agree: bothTrue,
    }),
    contest<Uint8Array, Uint8Array>({
      name: 'BBS sign, verified after',
      peerName: PEER,
      ours: () => bbs.sign({ secretKey, publicKey, header, messages }),
      peer: () => digitalbazaar.sign({ ...common, secretKey, messages }),
      agree: (ours, theirs) => ours.every((byte, i) => byte === theirs[i]),
    }),
  ]
}
