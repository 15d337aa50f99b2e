/** Showing an mdoc for a question of OpenID4VP 1.0 (Appendix B.2): the elements that were chosen, signed by its device. @module */
import { sha256 } from '@noble/hashes/sha2.js'
import type { Signer } from '../jose/algorithms.ts'
import { embedded, fromCbor, mapOf, toCbor } from './cbor.ts'
import { type Item, type Mdoc, toMdocText } from './read.ts'
import { toBeSigned } from './verify.ts'

/** Which question it answers, and by which way: what is signed with it. */
export type Handover =
  | {
      readonly kind: 'openid4vp'
      readonly clientId: string
      readonly nonce: string
      readonly responseUri: string
      /** SHA-256 thumbprint (RFC 7638) of the key the answer is encrypted to; null: it is not. */
      readonly thumbprint: Uint8Array | null
    }
  /** Asked by a page, which the browser names. */
  | { readonly kind: 'site'; readonly origin: string; readonly nonce: string }

/** ES256, in COSE. */
const PROTECTED = toCbor(new Map([[1, -7]]))

/** @param raw as its issuer gave it @returns a DeviceResponse (ISO/IEC 18013-5 §8.3.2.1.2.2) in base64url */
export async function presentMdoc(
  mdoc: Mdoc,
  raw: Uint8Array,
  chosen: readonly Item[],
  handover: Handover,
  holder: Signer,
): Promise<string> {
  const nameSpaces = new Map<string, unknown[]>()
  for (const { namespace, bytes } of chosen) {
    nameSpaces.set(namespace, [...(nameSpaces.get(namespace) ?? []), embedded(bytes)])
  }
  const ofDevice = embedded(toCbor(new Map()))
  const authentication = ['DeviceAuthentication', transcriptOf(handover), mdoc.docType, ofDevice]
  const signature = await holder.sign(toBeSigned(PROTECTED, toCbor(embedded(toCbor(authentication)))))
  const issuerAuth = mapOf(fromCbor(raw, 'it'), 'it').get('issuerAuth')
  const document = {
    docType: mdoc.docType,
    issuerSigned: { nameSpaces, issuerAuth },
    deviceSigned: { nameSpaces: ofDevice, deviceAuth: { deviceSignature: [PROTECTED, new Map(), null, signature] } },
  }
  return toMdocText(toCbor({ version: '1.0', documents: [document], status: 0 }))
}

/** OpenID4VP 1.0 §B.2.6. */
export function transcriptOf(handover: Handover): unknown[] {
  const [name, info] =
    handover.kind === 'site'
      ? ['OpenID4VPDCAPIHandover', [handover.origin, handover.nonce, null]]
      : ['OpenID4VPHandover', [handover.clientId, handover.nonce, handover.thumbprint, handover.responseUri]]
  return [null, null, [name, sha256(toCbor(info))]]
}
