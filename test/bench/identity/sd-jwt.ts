/**
 * What a wallet computes to show an SD-JWT of twelve claims in part, three of them asked for: read what is held, find what
 * answers, choose the disclosures, sign the key binding with a key that is derived from a
 * seed for it. @sd-jwt/core chooses by names that it is given, and signs with a key at hand.
 */

import { answerWith, readQuery } from '@glowworm/wallet-core/identity/exchange/dcql'
import { holderKeys, holderSigner } from '@glowworm/wallet-core/identity/holder/holder-keys'
import { signWith } from '@glowworm/wallet-core/identity/jose/algorithms'
import { issueSdJwt } from '@glowworm/wallet-core/identity/sd-jwt/issue'
import { disclosuresFor, presentSdJwt } from '@glowworm/wallet-core/identity/sd-jwt/present'
import { readSdJwt } from '@glowworm/wallet-core/identity/sd-jwt/read'
import { secureRandom } from '@glowworm/wasm-core/infrastructure/secure-random'
import { sha256 } from '@noble/hashes/sha2.js'
import { SDJwtInstance } from '@sd-jwt/core'
import { median, type Row, round } from '../compare.ts'

const NAMES = Array.from({ length: 12 }, (_, i) => `claim_${i}`)
const ASKED = NAMES.slice(0, 3)
const SEED = { kind: 'seed', seed: new Uint8Array(64).fill(7) } as const
const ROUNDS = 30
const QUESTION = { audience: 'verifier', nonce: 'a nonce of the verifier', issuedAt: 1_790_000_000 }

export async function sdJwt(): Promise<Row> {
  const place = { secret: 0, party: 'openid4vci:https://issuer.example', number: 1 }
  const signer = await holderSigner(
    place,
    holderKeys(async (use) => use([SEED])),
  )
  const held = await issueSdJwt(
    {
      ...{
        issuer: 'did:example:issuer',
        keyId: '#key',
        type: 'https://id.example/person',
        holderKey: signer.publicJwk,
      },
      claims: Object.fromEntries(NAMES.map((name) => [name, `the value of ${name}`])),
      ...{ frame: { _sd: NAMES }, issuedAt: QUESTION.issuedAt, expiresAt: null },
    },
    signer,
    secureRandom,
  )
  const query = readQuery({
    credentials: [{ id: 'one', format: 'dc+sd-jwt', claims: ASKED.map((name) => ({ path: [name] })) }],
  }).credentials[0]!
  const key = secureRandom.bytes(32)
  const library = new SDJwtInstance({
    hasher: (data) => sha256(typeof data === 'string' ? new TextEncoder().encode(data) : new Uint8Array(data)),
    kbSignAlg: 'ES256',
    kbSigner: (data) => Buffer.from(signWith('ES256', key, new TextEncoder().encode(data))).toString('base64url'),
  })
  const frame = Object.fromEntries(ASKED.map((name) => [name, true]))
  const { audience: aud, nonce, issuedAt: iat } = QUESTION
  const ours = async () => {
    const sdJwt = readSdJwt(held)
    return presentSdJwt(sdJwt, disclosuresFor(sdJwt, answerWith(query, sdJwt.claims)!), QUESTION, signer)
  }
  const theirs = () => library.present(held, frame, { kb: { payload: { aud, nonce, iat } } })
  for (const text of [await ours(), await theirs()]) {
    if (text.split('~').length - 2 !== ASKED.length)
      throw new Error('another number of claims is shown than was asked for')
  }
  const [mine, peers]: [number[], number[]] = [[], []]
  for (let i = 0; i < ROUNDS; i++) {
    mine.push(await timed(ours))
    peers.push(await timed(theirs))
  }
  const [time, peer] = [median(mine), median(peers)]
  const unit = 'ms' as const
  return {
    name: 'SD-JWT presentation',
    ours: round(time),
    unit,
    peer: round(peer),
    peerName: '@sd-jwt/core',
    ratio: round(peer / time),
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
