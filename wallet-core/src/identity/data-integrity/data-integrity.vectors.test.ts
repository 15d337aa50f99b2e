/** The W3C's own vectors: proofs that hold, with each intermediate value where our parts can be compared. */
import { contexts as citizenship } from '@digitalbazaar/citizenship-context'
import { secureRandom } from '@glowworm/wasm-core/infrastructure/secure-random'
import { loadBls12381Groups } from '@glowworm/wasm-core/load-bls12381-groups'
import { hexToBytes } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import { describeVectors, vectorJson } from '../../../test/vectors.ts'
import { createBbs } from '../bbs/bbs.ts'
import { ports as people, random, signal } from '../credential/people.test-kit.ts'
import type { JsonObject } from '../jose/jws.ts'
import { deriveBbs, signBbs } from './bbs-2023.ts'
import { secureJcs } from './jcs-suites.ts'
import { fromMultibase, type SecuredDocument, unsecure } from './proof.ts'
import { BUNDLED_CONTEXTS, rdfOptions } from './rdf.ts'
import { type DataIntegrityPorts, verifyProof } from './verify.ts'

const loadBbs = async () => createBbs(await loadBls12381Groups(), 'BLS12-381-SHA-256', secureRandom)
const NOW = Date.parse('2025-06-01T00:00:00Z')
const ports: DataIntegrityPorts = { ...people, clock: { now: () => NOW }, loadBbs, contexts: citizenship }
const options = rdfOptions(new Map([...BUNDLED_CONTEXTS, ...citizenship]))
const base = { as: 'base' } as const
const derived = (presentationHeader: Uint8Array) => ({ as: 'derived', presentationHeader }) as const
const vector = <T = SecuredDocument>(path: string) => vectorJson<T>(`did-vc/${path}`)
const refused = (fault: string) => expect.objectContaining({ code: `CREDENTIAL_${fault}` })

/** Every leaf of the document, changed a little. */
function* changed(value: unknown): Generator<unknown> {
  if (typeof value === 'string') yield `${value.slice(0, -1)}${value.endsWith('A') ? 'B' : 'A'}`
  else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      for (const other of changed(inner)) {
        yield Array.isArray(value) ? value.with(Number(name), other) : { ...value, [name]: other }
      }
    }
  }
}

describeVectors('Data Integrity vectors', () => {
  test.each([
    'vc-di-eddsa/eddsa-jcs-2022/signedJCS.json',
    'vc-di-ecdsa/ecdsa-jcs-2019-p256/signedJCSECDSAP256.json',
    'vc-di-ecdsa/ecdsa-jcs-2019-p384/signedJCSECDSAP384.json',
  ])('%s holds, and nothing can be changed in it', async (path) => {
    const document = vector(path)
    await verifyProof(document, base, ports, signal)
    for (const other of changed(document)) {
      await expect(verifyProof(other as JsonObject, base, ports, signal)).rejects.toMatchObject({
        code: expect.stringMatching(/^(CREDENTIAL|MALFORMED|UNSUPPORTED)_/),
      })
    }
  })

  test('eddsa-jcs-2022: the same signature is made with the same key', async () => {
    const { proof, ...document } = vector('vc-di-eddsa/eddsa-jcs-2022/signedJCS.json')
    const { privateKeyMultibase } = vector<{ privateKeyMultibase: string }>('vc-di-eddsa/keyPair.json')
    const { edSigner } = await import('./ed-signer.test-kit.ts')
    const signer = edSigner(fromMultibase(privateKeyMultibase).subarray(2))
    const toSecure = {
      cryptosuite: 'eddsa-jcs-2022',
      verificationMethod: proof.verificationMethod as string,
      created: proof.created as string,
    } as const
    expect((await secureJcs(document, toSecure, signer)).proof.proofValue).toBe(proof.proofValue)
  })

  test('ecdsa-sd-2023: the derived proof holds, and no statement can be changed, added or dropped', async () => {
    const document = vector('vc-di-ecdsa/ecdsa-sd-2023/prc/derivedRevealDocument.json')
    await verifyProof(document, derived(new Uint8Array()), ports, signal)
    const subject = document.credentialSubject as JsonObject
    const { birthCountry: _, ...less } = subject
    const forgeries = [
      { ...document, credentialSubject: { ...subject, birthCountry: 'Utopia' } },
      { ...document, credentialSubject: { ...subject, givenName: 'JANE' } },
      { ...document, credentialSubject: less },
      { ...document, validUntil: '2035-12-16T23:59:59Z' },
    ]
    for (const forgery of forgeries) {
      await expect(verifyProof(forgery, derived(new Uint8Array()), ports, signal)).rejects.toThrow(refused('SIGNATURE'))
    }
    const full = vector('vc-di-ecdsa/ecdsa-sd-2023/prc/addSignedSDBase.json')
    await expect(verifyProof(full, base, ports, signal)).rejects.toMatchObject({ code: 'UNSUPPORTED_CREDENTIAL' })
  })

  test.each(['vc-di-bbs', 'vc-di-bbs/prc'])(
    '%s: base and derived proof hold; derived anew it holds too',
    async (path) => {
      const bbs = await loadBbs()
      const full = vector(`${path}/addSignedSDBase.json`)
      await verifyProof(full, base, ports, signal)
      const document = vector(`${path}/derivedRevealDocument.json`)
      const { presentationHeader } = vector<{ presentationHeader: Record<string, number> }>(
        `${path}/derivedDisclosureData.json`,
      )
      const header = Uint8Array.from(Object.values(presentationHeader))
      await verifyProof(document, derived(header), ports, signal)
      await expect(verifyProof(document, derived(random.bytes(8)), ports, signal)).rejects.toThrow(refused('NONCE'))
      const selective = vector<string[]>(`vc-di-bbs/${path.endsWith('prc') ? 'prCredSelective' : 'windSelective'}.json`)
      const nonce = random.bytes(32)
      const anew = await deriveBbs(unsecure(full, NOW), selective, nonce, bbs, options)
      const { proof: _, ...content } = anew
      const { proof: __, ...expected } = document
      expect(content).toEqual(expected)
      await verifyProof(anew, derived(nonce), ports, signal)
      await expect(verifyProof(anew, base, ports, signal)).rejects.toMatchObject({ code: 'UNSUPPORTED_CREDENTIAL' })
    },
  )

  test('bbs-2023: the same base proof is made with the same keys', async () => {
    const bbs = await loadBbs()
    const keys = vector<Record<'publicKeyHex' | 'privateKeyHex' | 'hmacKeyString', string>>(
      'vc-di-bbs/BBSKeyMaterial.json',
    )
    const { proof, ...document } = vector('vc-di-bbs/prc/addSignedSDBase.json')
    const toSign = {
      verificationMethod: proof.verificationMethod as string,
      created: proof.created as string,
      mandatoryPointers: vector<string[]>('vc-di-bbs/prCredMandatory.json'),
      publicKey: hexToBytes(keys.publicKeyHex),
      secretKey: hexToBytes(keys.privateKeyHex),
      hmacKey: hexToBytes(keys.hmacKeyString),
    }
    expect((await signBbs(document, toSign, bbs, options)).proof.proofValue).toBe(proof.proofValue)
  })
})
