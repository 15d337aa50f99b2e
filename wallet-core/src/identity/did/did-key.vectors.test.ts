/** did:key against the documents of an independent implementation. */
import { loadBls12381Groups } from '@glowworm/wasm-core/load-bls12381-groups'
import { expect, test } from 'vitest'
import { describeVectors, vectorJson, vectorNames } from '../../../test/vectors.ts'
import { parseDid } from './did.ts'
import { createDidKey } from './did-key.ts'
import type { DidDocument } from './document.ts'
import { isSelfCertified } from './resolution.ts'

interface Case {
  readonly 'application/did+json': { readonly didDocument: DidDocument }
}

const resolve = createDidKey(loadBls12381Groups)
const CURVES = ['ed25519', 'x25519', 'secp256k1', 'secp256r1', 'secp384r1'] as const
const documentsOf = (curve: string): DidDocument[] =>
  vectorNames(`did-vc/did-key/${curve}`).map(
    (name) => vectorJson<Case>(`did-vc/did-key/${curve}/${name}`)['application/did+json'].didDocument,
  )

describeVectors('did:key', () => {
  test.each(CURVES)('%s', async (curve) => {
    const documents = documentsOf(curve)
    expect(documents.length).toBe(2)
    for (const document of documents) {
      const resolved = await resolve(parseDid(document.id))
      expect(resolved.value).toEqual(document)
      expect(isSelfCertified(resolved)).toBe(true)
    }
  })

  // The cases hold a key in G1 and one in G2 together, a form that was given up; the key in G2 alone has this identifier.
  test('bls12381, the key in G2', async () => {
    for (const { verificationMethod, id } of documentsOf('bls12381')) {
      const inG2 = verificationMethod.find(({ publicKeyJwk }) => publicKeyJwk?.crv === 'BLS12381_G2')!
      const key = inG2.id.slice(id.length + 1)
      const { value } = await resolve(parseDid(`did:key:${key}`))
      expect(value.verificationMethod).toEqual([{ ...inG2, id: `did:key:${key}#${key}`, controller: `did:key:${key}` }])
      await expect(resolve(parseDid(id))).rejects.toMatchObject({ code: 'UNSUPPORTED_DID' })
    }
  })
})
