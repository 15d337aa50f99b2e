/** What is used of packages that have no types of their own. */
type LoadDocument = (url: string) => Promise<{ contextUrl: null; documentUrl: string; document: unknown }>
interface DataKeyPair {
  id: string
  controller: string
  readonly publicKeyMultibase: string
  signer(): unknown
}

declare module '@digitalbazaar/credentials-context' {
  export const contexts: ReadonlyMap<string, unknown>
}
declare module '@digitalbazaar/ed25519-multikey' {
  export function generate(given: { seed: Uint8Array }): Promise<DataKeyPair>
}
declare module '@digitalbazaar/bls12-381-multikey' {
  export const ALGORITHMS: { readonly BBS_BLS12381_SHA256: string }
  export function generateBbsKeyPair(given: { seed: Uint8Array; algorithm: string }): Promise<DataKeyPair>
}
declare module '@digitalbazaar/eddsa-jcs-2022-cryptosuite' {
  export function createSignCryptosuite(): unknown
  export function createVerifyCryptosuite(): unknown
}
declare module '@digitalbazaar/bbs-2023-cryptosuite' {
  export function createSignCryptosuite(given: { mandatoryPointers: readonly string[] }): unknown
  export function createVerifyCryptosuite(given: { expectedPresentationHeader: Uint8Array }): unknown
}
declare module '@digitalbazaar/data-integrity' {
  export class DataIntegrityProof {
    constructor(given: { signer?: unknown; date?: string; cryptosuite: unknown })
  }
}
declare module 'jsonld-signatures' {
  class AssertionProofPurpose {
    constructor(given?: { controller?: object })
  }
  const jsigs: {
    readonly purposes: { readonly AssertionProofPurpose: typeof AssertionProofPurpose }
    sign(document: object, options: object): Promise<Record<string, unknown>>
    verify(
      document: object,
      options: object,
    ): Promise<{ readonly verified: boolean; readonly error?: Error & { readonly errors?: readonly Error[] } }>
  }
  export default jsigs
}
