declare module '@digitalbazaar/bbs-signatures' {
  interface Common {
    readonly ciphersuite: string
    readonly header: Uint8Array
  }
  export function generateKeyPair(given: {
    seed: Uint8Array
    ciphersuite: string
  }): Promise<{ secretKey: Uint8Array; publicKey: Uint8Array }>
  export function sign(
    given: Common & { secretKey: Uint8Array; publicKey: Uint8Array; messages: readonly Uint8Array[] },
  ): Promise<Uint8Array>
  export function verifySignature(
    given: Common & { publicKey: Uint8Array; signature: Uint8Array; messages: readonly Uint8Array[] },
  ): Promise<boolean>
  export function deriveProof(
    given: Common & {
      publicKey: Uint8Array
      signature: Uint8Array
      messages: readonly Uint8Array[]
      presentationHeader: Uint8Array
      disclosedMessageIndexes: readonly number[]
    },
  ): Promise<Uint8Array>
  export function verifyProof(
    given: Common & {
      publicKey: Uint8Array
      proof: Uint8Array
      presentationHeader: Uint8Array
      disclosedMessages: readonly Uint8Array[]
      disclosedMessageIndexes: readonly number[]
    },
  ): Promise<boolean>
}
