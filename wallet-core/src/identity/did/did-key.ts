/** did:key: the identifier is the key (W3C CCG did:key 0.9), with documents of JSON Web Keys. @module */
import type { Bls12381Groups } from '@glowworm/wasm-core'
import { InvalidPoint } from '@glowworm/wasm-core/errors'
import { base58, base64urlnopad } from '@scure/base'
import type { Did } from './did.ts'
import type { DidDocument, Relationship, VerificationMethod } from './document.ts'
import { InvalidKey, MalformedDid, UnsupportedDid } from './errors.ts'
import { ecJwk, okpJwk, type PublicJwk, x25519Of } from './jwk.ts'
import { type SelfCertified, selfCertify } from './resolution.ts'

export const JWS_2020 = ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1']

/** Multicodec codes as unsigned varints, in hexadecimal. */
const CODECS = {
  ed01: 'Ed25519',
  ec01: 'X25519',
  e701: 'secp256k1',
  '8024': 'P-256',
  '8124': 'P-384',
  eb01: 'BLS12381_G2',
} as const
type Codec = (typeof CODECS)[keyof typeof CODECS]

const SIGNING: readonly Relationship[] = [
  'assertionMethod',
  'authentication',
  'capabilityInvocation',
  'capabilityDelegation',
]

/** @param loadGroups loads the groups of BLS12-381 when such a key comes. */
export function createDidKey(loadGroups: () => Promise<Bls12381Groups>) {
  return async ({ did, id }: Did): Promise<SelfCertified<DidDocument>> => {
    const { codec, key } = readMultikey(did, id)
    try {
      const jwk = codec === 'BLS12381_G2' ? blsJwk(await loadGroups(), key) : jwkOf(codec, key)
      return selfCertify(documentOf(did, id, jwk, key), 'the identifier is the key itself')
    } catch (error) {
      if (error instanceof InvalidKey) throw new MalformedDid(did, error.message, error)
      throw error
    }
  }
}

/** A key in multibase base58btc with its multicodec. @throws {MalformedDid | UnsupportedDid} */
function readMultikey(did: string, id: string): { codec: Codec; key: Uint8Array } {
  if (!id.startsWith('z')) throw new MalformedDid(did, 'expected a key in base58btc, which begins with "z"')
  let bytes: Uint8Array
  try {
    bytes = base58.decode(id.slice(1))
  } catch (cause) {
    throw new MalformedDid(did, 'a character is not of base58btc', cause)
  }
  const code = Array.from(bytes.subarray(0, 2), (byte) => byte.toString(16).padStart(2, '0')).join('')
  if (!Object.hasOwn(CODECS, code)) throw new UnsupportedDid(did, 'a kind of key that is not known here')
  return { codec: CODECS[code as keyof typeof CODECS], key: bytes.subarray(2) }
}

function jwkOf(codec: Exclude<Codec, 'BLS12381_G2'>, key: Uint8Array): PublicJwk {
  if (codec === 'Ed25519' || codec === 'X25519') return okpJwk(codec, key)
  const length = codec === 'P-384' ? 49 : 33
  if (key.length !== length)
    throw new InvalidKey(codec, `expected ${length} bytes, a compressed point, got ${key.length}`)
  return ecJwk(codec, key)
}

function blsJwk({ g2 }: Bls12381Groups, key: Uint8Array): PublicJwk {
  try {
    if (g2.isIdentity(g2.decode(key))) throw new InvalidKey('BLS12381_G2', 'the identity is no key')
  } catch (error) {
    if (error instanceof InvalidPoint) throw new InvalidKey('BLS12381_G2', error.reason, error)
    throw error
  }
  return { kty: 'EC', crv: 'BLS12381_G2', x: base64urlnopad.encode(key) }
}

function documentOf(did: string, id: string, jwk: PublicJwk, key: Uint8Array): DidDocument {
  const own = methodOf(did, id, jwk)
  const listed = (names: readonly Relationship[], method: VerificationMethod) =>
    Object.fromEntries(names.map((name) => [name, [method.id]]))
  const document = { '@context': JWS_2020, id: did }
  switch (jwk.crv) {
    case 'Ed25519': {
      const montgomery = x25519Of(key)
      const agreement = methodOf(did, multikey('ec01', montgomery), okpJwk('X25519', montgomery))
      const relationships = { ...listed(SIGNING, own), ...listed(['keyAgreement'], agreement) }
      return { ...document, verificationMethod: [own, agreement], ...relationships }
    }
    case 'X25519':
      return { ...document, verificationMethod: [own], ...listed(['keyAgreement'], own) }
    case 'BLS12381_G2':
      return { ...document, verificationMethod: [own], ...listed(SIGNING, own) }
    default:
      return { ...document, verificationMethod: [own], ...listed([...SIGNING, 'keyAgreement'], own) }
  }
}

function methodOf(did: string, fragment: string, publicKeyJwk: PublicJwk): VerificationMethod {
  return { id: `${did}#${fragment}`, type: 'JsonWebKey2020', controller: did, publicKeyJwk }
}

function multikey(code: keyof typeof CODECS, key: Uint8Array): string {
  const prefix = [0, 2].map((at) => Number.parseInt(code.slice(at, at + 2), 16))
  return `z${base58.encode(Uint8Array.from([...prefix, ...key]))}`
}
