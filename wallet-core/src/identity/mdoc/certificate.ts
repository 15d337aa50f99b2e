/** The certificate that an issuer signs mdocs with. Whether its authority may vouch for it is not decided here. @module */
import { AsnParser } from '@peculiar/asn1-schema'
import { Certificate, type Name } from '@peculiar/asn1-x509'
import { MalformedCredential, UnsupportedCredential } from '../credential/errors.ts'
import { plainWords } from '../credential/plain-words.ts'
import { type EcCurve, ecJwk, type PublicJwk } from '../did/jwk.ts'

export interface SigningCertificate {
  /** Its subject's name, as the certificate says. */
  readonly subject: string
  readonly publicKey: PublicJwk
  /** ms since the epoch. */
  readonly validFrom: number
  readonly validUntil: number
}

const EC_PUBLIC_KEY = '1.2.840.10045.2.1'
/** Object identifiers in DER. */
const CURVES: Readonly<Record<string, EcCurve>> = { '06082a8648ce3d030107': 'P-256', '06052b81040022': 'P-384' }
/** X.520: common name, organization, country. */
const NAMED = ['2.5.4.3', '2.5.4.10', '2.5.4.6']

/** @param der X.509 (RFC 5280) @throws {MalformedCredential | UnsupportedCredential} */
export function readCertificate(der: Uint8Array): SigningCertificate {
  const { tbsCertificate } = parsed(der)
  const { algorithm, subjectPublicKey } = tbsCertificate.subjectPublicKeyInfo
  const curve = CURVES[hex(new Uint8Array(algorithm.parameters ?? new ArrayBuffer(0)))]
  if (algorithm.algorithm !== EC_PUBLIC_KEY || curve === undefined) {
    throw new UnsupportedCredential('the certificate of its issuer holds a key of a kind that is not known here')
  }
  const { notBefore, notAfter } = tbsCertificate.validity
  return {
    subject: nameOf(tbsCertificate.subject),
    publicKey: ecJwk(curve, new Uint8Array(subjectPublicKey)),
    validFrom: notBefore.getTime().getTime(),
    validUntil: notAfter.getTime().getTime(),
  }
}

function parsed(der: Uint8Array): Certificate {
  try {
    return AsnParser.parse(new Uint8Array(der), Certificate)
  } catch (cause) {
    throw new MalformedCredential('the certificate of its issuer cannot be read', cause)
  }
}

function nameOf(name: Name): string {
  const parts = name.flatMap((relative) => [...relative])
  const known = NAMED.flatMap((type) => parts.find((part) => part.type === type)?.value.toString() ?? [])
  return plainWords(known.join(', '), 120) ?? '?'
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
