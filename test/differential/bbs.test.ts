/** Our BBS and @digitalbazaar/bbs-signatures, each on what the other made. */

import * as theirs from '@digitalbazaar/bbs-signatures'
import { createBbs } from '@glowworm/wallet-core/identity/bbs/bbs'
import type { CiphersuiteName } from '@glowworm/wallet-core/identity/bbs/ciphersuite'
import { secureRandom } from '@glowworm/wasm-core/infrastructure/secure-random'
import { loadBls12381Groups } from '@glowworm/wasm-core/load-bls12381-groups'
import { describe, expect, test } from 'vitest'

const groups = await loadBls12381Groups()
const text = (value: string) => new TextEncoder().encode(value)

describe.each<CiphersuiteName>(['BLS12-381-SHA-256', 'BLS12-381-SHAKE-256'])('%s', (ciphersuite) => {
  const ours = createBbs(groups, ciphersuite, secureRandom)
  const keyMaterial = secureRandom.bytes(32)
  const secretKey = ours.keyGen({ keyMaterial })
  const publicKey = ours.skToPk(secretKey)

  test('the same keys from the same material', async () => {
    expect(await theirs.generateKeyPair({ seed: keyMaterial, ciphersuite })).toEqual({ secretKey, publicKey })
  })

  test.each([
    { count: 1, disclosedIndexes: [0] },
    { count: 3, disclosedIndexes: [] },
    { count: 6, disclosedIndexes: [0, 2, 5] },
  ])('$count messages, disclosed $disclosedIndexes', async ({ count, disclosedIndexes }) => {
    const messages = Array.from({ length: count }, (_, i) => secureRandom.bytes(9 * i))
    const [header, presentationHeader] = [secureRandom.bytes(20), text('for you only')]
    const common = { ciphersuite, publicKey, header }
    const signature = ours.sign({ secretKey, publicKey, header, messages })
    expect(await theirs.sign({ ...common, secretKey, messages })).toEqual(signature)
    expect(await theirs.verifySignature({ ...common, signature, messages })).toBe(true)

    const disclosedMessages = disclosedIndexes.map((i) => messages[i]!)
    const proof = ours.proofGen({ publicKey, signature, header, presentationHeader, messages, disclosedIndexes })
    const shown = { presentationHeader, disclosedMessages }
    const toThem = { ...common, ...shown, disclosedMessageIndexes: disclosedIndexes }
    expect(await theirs.verifyProof({ ...toThem, proof })).toBe(true)
    expect(await theirs.verifyProof({ ...toThem, proof, presentationHeader: text('for others') })).toBe(false)

    const other = await theirs.deriveProof({ ...toThem, signature, messages })
    const toUs = { publicKey, header, ...shown, disclosedIndexes }
    expect(ours.proofVerify({ ...toUs, proof: other })).toBe(true)
    expect(ours.proofVerify({ ...toUs, proof: other, presentationHeader: text('for others') })).toBe(false)
  })
})
