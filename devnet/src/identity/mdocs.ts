/**
 * ISO mdocs of the devnet, made and verified with @owf/mdoc: a driving licence, signed with a certificate that the verifier
 * here trusts. Loaded when one is first asked for.
 * @module
 */
import 'reflect-metadata'
import { createHash, createPrivateKey, sign, verify, webcrypto, X509Certificate } from 'node:crypto'
import {
  CoseKey,
  DeviceKey,
  DeviceResponse,
  Issuer,
  type MdocContext,
  SessionTranscript,
  SignatureAlgorithm,
  Verifier,
} from '@owf/mdoc'
import { X509CertificateGenerator } from '@peculiar/x509'
import type { EcKey, Json } from './jwt.ts'

export const LICENCE_TYPE = 'org.iso.18013.5.1.mDL'
export const LICENCE_SPACE = 'org.iso.18013.5.1'
const DAY = 86_400_000
const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

export interface Mdocs {
  /** IssuerSigned in base64url. */
  licence(holder: EcKey): Promise<string>
  /** The elements of what was shown for this question. @throws {Error} saying why it is not believed */
  verified(shown: string, asked: MdocAsked): Promise<Json>
}

export interface MdocAsked {
  readonly clientId: string
  readonly nonce: string
  readonly responseUri: string
  /** Of the key the answer was encrypted to. */
  readonly thumbprint: Uint8Array | null
}

/** @param now Unix seconds */
export async function createMdocs(now: () => number): Promise<Mdocs> {
  const keys = await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify'])
  const start = now() * 1000
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      ...{ name: 'CN=Devnet licensing office, C=DE', keys: keys as never, signingAlgorithm: P256 },
      ...{ notBefore: new Date(start - DAY), notAfter: new Date(start + 3650 * DAY) },
    },
    webcrypto as never,
  )
  const der = new Uint8Array(certificate.rawData)
  const jwk = await webcrypto.subtle.exportKey('jwk', keys.privateKey)
  const signingKey = CoseKey.fromJwk({ kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.y, d: jwk.d })

  return {
    async licence(holder) {
      const issuer = new Issuer(LICENCE_TYPE, context)
      issuer.addIssuerNamespace(LICENCE_SPACE, {
        ...{ given_name: 'Erika', family_name: 'Mustermann', issuing_country: 'DE', age_over_18: true },
        ...{ document_number: 'D1234567', birth_date: '1964-08-12' },
      })
      const signed = await issuer.sign({
        ...{ signingKey, algorithm: SignatureAlgorithm.ES256, digestAlgorithm: 'SHA-256' },
        validityInfo: {
          ...{ signed: new Date(now() * 1000), validFrom: new Date(now() * 1000) },
          validUntil: new Date(now() * 1000 + 365 * DAY),
        },
        deviceKeyInfo: { deviceKey: DeviceKey.fromJwk({ kty: 'EC', ...holder }) },
        certificates: [der],
      })
      return signed.encodedForOid4Vci
    },
    async verified(shown, { clientId, nonce, responseUri, thumbprint }) {
      const deviceResponse = DeviceResponse.fromEncodedForOid4Vp(shown)
      const asked = { clientId, nonce, responseUri, ...(thumbprint === null ? {} : { jwkThumbprint: thumbprint }) }
      const sessionTranscript = await SessionTranscript.forOid4Vp(asked, context)
      const trusted = { trustedCertificates: [der], now: new Date(now() * 1000) }
      await Verifier.verifyDeviceResponse({ deviceResponse, sessionTranscript, ...trusted }, context)
      const [document] = deviceResponse.documents ?? []
      if (document?.docType !== LICENCE_TYPE) throw new Error('it is something else')
      const items = document.getIssuerNamespace(LICENCE_SPACE) ?? []
      return Object.fromEntries(items.map(({ elementIdentifier, elementValue }) => [elementIdentifier, elementValue]))
    },
  }
}

/** The crypto that the library leaves to whoever uses it, by Node. */
const context: MdocContext = {
  crypto: {
    random: (length) => webcrypto.getRandomValues(new Uint8Array(length)),
    digest: ({ digestAlgorithm, bytes }) =>
      new Uint8Array(createHash(digestAlgorithm.replace('-', '')).update(bytes).digest()),
    calculateEphemeralMacKey() {
      throw new Error('answers here are signed')
    },
  },
  cose: {
    sign1: {
      sign: ({ toBeSigned, key }) => {
        const private_ = createPrivateKey({ key: key.jwk as never, format: 'jwk' })
        return new Uint8Array(sign('sha256', toBeSigned, { key: private_, dsaEncoding: 'ieee-p1363' }))
      },
      verify({ sign1, key }) {
        const { kty, crv, x, y } = key.jwk as Record<string, string>
        const public_ = { key: { kty, crv, x, y }, format: 'jwk', dsaEncoding: 'ieee-p1363' }
        return verify('sha256', sign1.toBeSigned, public_ as never, sign1.signature)
      },
    },
    mac0: {
      sign() {
        throw new Error('answers here are signed')
      },
      verify: () => false,
    },
  },
  x509: {
    getIssuerNameField: ({ certificate, field }) =>
      new X509Certificate(certificate).issuer
        .split('\n')
        .filter((line) => line.startsWith(`${field}=`))
        .map((line) => line.slice(field.length + 1)),
    getPublicKey: ({ certificate }) =>
      CoseKey.fromJwk(new X509Certificate(certificate).publicKey.export({ format: 'jwk' }) as never),
    verifyCertificateChain({ trustedCertificates, x5chain }) {
      const known = trustedCertificates.some((one) => Buffer.compare(one, x5chain[0]!) === 0)
      if (!known || x5chain.length !== 1) throw new Error('the certificate is not known here')
    },
    getCertificateData({ certificate }) {
      const read = new X509Certificate(certificate)
      return {
        ...{ issuerName: read.issuer, subjectName: read.subject, serialNumber: read.serialNumber },
        ...{ thumbprint: read.fingerprint256, notBefore: new Date(read.validFrom), notAfter: new Date(read.validTo) },
        pem: read.toString(),
      }
    },
  },
}
