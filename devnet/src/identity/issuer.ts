/**
 * An issuer of SD-JWT VCs and W3C credentials over OpenID4VCI 1.0 on loopback: by a code given beforehand, or by a page of its own. Its DID is in
 * the devnet's registry. It asks nobody who they are: everybody is Erika Mustermann.
 * @module
 */
import { createHash, randomBytes } from 'node:crypto'
import { StatusList } from '@sd-jwt/jwt-status-list'
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import { type Answer, json, type LoopbackServer, page, type Question, serveLoopback } from '../server/http.ts'
import type { Documents } from './documents.ts'
import { base64url, type EcKey, type Json, keyOfDid, makeJwt, readJwt, signEs256k, verifiesEs256 } from './jwt.ts'
import type { Mdocs } from './mdocs.ts'
import type { EthrIdentity } from './registry.ts'

export interface Issuer {
  readonly url: string
  readonly identity: EthrIdentity
  /** A link that offers a credential. `code`: one that is to be given in another way. `page`: by the issuer's own page. */
  offer(options?: OfferOptions): string
  /** Places in the status list of what was issued, in order. */
  readonly issued: readonly number[]
  /** Takes back what was issued at that place. */
  revoke(place: number): void
  close(): Promise<void>
}

export interface OfferOptions {
  /** By default `membership`. */
  readonly credential?: Configuration
  readonly code?: string
  /** `asks`: the page waits for somebody who agrees; else it leads back at once. */
  readonly page?: boolean | 'asks'
}

export const MEMBER_TYPE = 'https://devnet.example/membership'
/** An SD-JWT VC; a W3C credential bound to a did:key; one that is bound to nobody; an ISO mdoc. */
export type Configuration = 'membership' | 'diploma' | 'residence' | 'licence'
const CLAIMS = {
  given_name: 'Erika',
  family_name: 'Mustermann',
  birthdate: '1964-08-12',
  address: { locality: 'Köln', country: 'DE' },
  nationalities: ['DE', 'FR'],
  age_over_18: true,
}
const FRAME = {
  _sd: ['given_name', 'family_name', 'birthdate', 'address', 'nationalities', 'age_over_18'],
  address: { _sd: ['locality', 'country'] },
  nationalities: { _sd: [0, 1] },
}
const BATCH = 3
const LIST_LENGTH = 1024
/** Seconds. */
const LIST_LIFETIME = 3600
const PRE_AUTHORIZED = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'
const DAY = 86_400

interface Holder {
  /** Empty where the key was given as it is. */
  readonly did: string
  readonly jwk: EcKey
}

interface Grant {
  readonly credential: Configuration
  readonly code: string | null
  readonly challenge: string | null
  readonly redirectUri: string | null
}

/** @param now Unix seconds */
export async function startIssuer(
  identity: EthrIdentity,
  documents: () => Promise<Documents>,
  mdocs: () => Promise<Mdocs>,
  now: () => number,
  port = 0,
): Promise<Issuer> {
  const grants = new Map<string, Grant>()
  const tokens = new Map<string, Configuration>()
  const nonces = new Set<string>()
  const offers = new Map<string, Json>()
  /** Of offers whose page asks: what `issuer_state` says. */
  const asking = new Set<string>()
  const issued: number[] = []
  const revoked = new Set<number>()
  const fresh = () => base64url(randomBytes(16))
  const remember = (set: Set<string>) => {
    const value = fresh()
    set.add(value)
    return value
  }
  const place = () => {
    issued.push(issued.length)
    return issued.length - 1
  }
  let url = ''
  let kept: { readonly answer: Answer; readonly revoked: number; readonly at: number } | null = null

  async function issue(holder: EcKey): Promise<string> {
    const library = new SDJwtVcInstance({
      ...{ signAlg: 'ES256K', hashAlg: 'sha-256', signer: (data: string) => signEs256k(identity, data) },
      hasher: (data) =>
        createHash('sha256')
          .update(typeof data === 'string' ? data : new Uint8Array(data))
          .digest(),
      saltGenerator: fresh,
    })
    return library.issue(
      {
        ...{ ...CLAIMS, iss: identity.did, vct: MEMBER_TYPE, iat: now(), nbf: now(), exp: now() + 365 * DAY },
        ...{ cnf: { jwk: holder }, status: { status_list: { idx: place(), uri: `${url}/status/1` } } },
      },
      FRAME as object,
      { header: { typ: 'dc+sd-jwt', kid: identity.keyId } },
    )
  }

  function token(form: URLSearchParams): Answer {
    const refused = (error: string) => json(400, { error })
    const byPage = form.get('grant_type') === 'authorization_code'
    const code = form.get(byPage ? 'code' : 'pre-authorized_code') ?? ''
    const grant = grants.get(code)
    if (!grant || (!byPage && form.get('grant_type') !== PRE_AUTHORIZED)) return refused('invalid_grant')
    if (grant.code !== null && form.get('tx_code') !== grant.code) return refused('invalid_grant')
    if (byPage) {
      const challenge = base64url(
        createHash('sha256')
          .update(form.get('code_verifier') ?? '')
          .digest(),
      )
      if (challenge !== grant.challenge || form.get('redirect_uri') !== grant.redirectUri)
        return refused('invalid_grant')
    }
    grants.delete(code)
    const access = fresh()
    tokens.set(access, grant.credential)
    return json(200, { access_token: access, token_type: 'Bearer', expires_in: 300 })
  }

  /** OpenID4VCI Appendix F.1: for this issuer, with a nonce of its own, by the key that its header holds or names. */
  function holderOf(proof: string): Holder | null {
    const { header, payload } = readJwt(proof)
    const [first, second, signature] = proof.split('.') as [string, string, string]
    const [did] = String(header.kid ?? '').split('#') as [string]
    const jwk = did.startsWith('did:key:') ? keyOfDid(did) : (header.jwk as EcKey | undefined)
    const fits = header.typ === 'openid4vci-proof+jwt' && header.alg === 'ES256' && payload.aud === url
    if (!jwk || !fits || !nonces.has(String(payload.nonce))) return null
    return verifiesEs256(jwk, `${first}.${second}`, signature) ? { did, jwk } : null
  }

  async function credential(bearer: string, body: string): Promise<Answer> {
    const access = bearer.replace(/^Bearer /, '')
    const granted = tokens.get(access)
    tokens.delete(access)
    if (granted === undefined) return json(401, { error: 'invalid_token' })
    const request = JSON.parse(body) as { credential_configuration_id?: string; proofs?: { jwt?: string[] } }
    const proofs = request.proofs?.jwt ?? []
    if (request.credential_configuration_id !== granted) return json(400, { error: 'unknown_credential_configuration' })
    if (granted === 'residence')
      return json(200, { credentials: [{ credential: await (await documents()).residence() }] })
    const holders = proofs.map(holderOf)
    if (holders.length === 0 || holders.length > BATCH || holders.includes(null))
      return json(400, { error: 'invalid_proof' })
    for (const proof of proofs) nonces.delete(String(readJwt(proof).payload.nonce))
    const credentials: { credential: unknown }[] = []
    for (const holder of holders) {
      const made =
        granted === 'membership'
          ? await issue(holder!.jwk)
          : granted === 'licence'
            ? await (await mdocs()).licence(holder!.jwk)
            : await (await documents()).diploma(holder!.did, { uri: `${url}/status/2`, place: place() })
      credentials.push({ credential: made })
    }
    return json(200, { credentials })
  }

  function authorize(query: URLSearchParams): Answer {
    const redirectUri = query.get('redirect_uri') ?? ''
    const challenge = query.get('code_challenge')
    if (!URL.canParse(redirectUri) || query.get('code_challenge_method') !== 'S256' || challenge === null) {
      return json(400, { error: 'invalid_request' })
    }
    const code = fresh()
    const credential = (query.get('scope') ?? 'membership') as Configuration
    grants.set(code, { credential, code: null, challenge, redirectUri })
    const back = new URL(redirectUri)
    back.searchParams.set('code', code)
    back.searchParams.set('iss', url)
    const state = query.get('state')
    if (state !== null) back.searchParams.set('state', state)
    if (asking.has(query.get('issuer_state') ?? '')) {
      return { status: 200, type: 'text/html', body: agreement(back) }
    }
    return { status: 302, type: 'text/html', headers: { location: back.href }, body: '' }
  }

  /** Made anew when something was taken back, or when its time is over: until then it is the same, byte for byte. */
  async function statusList(): Promise<Answer> {
    if (kept && kept.revoked === revoked.size && kept.at + LIST_LIFETIME > now()) return kept.answer
    kept = { answer: await makeStatusList(), revoked: revoked.size, at: now() }
    return kept.answer
  }

  async function makeStatusList(): Promise<Answer> {
    const list = new StatusList(
      Array.from({ length: LIST_LENGTH }, (_, place) => (revoked.has(place) ? 1 : 0)),
      1,
    )
    const body = await makeJwt(
      identity,
      { typ: 'statuslist+jwt' },
      {
        ...{ sub: `${url}/status/1`, iat: now(), ttl: LIST_LIFETIME },
        status_list: { bits: 1, lst: list.compressStatusList() },
      },
    )
    return { status: 200, type: 'application/statuslist+jwt', body }
  }

  async function answer({ method, url: asked, body, authorization = '' }: Question): Promise<Answer> {
    const path = asked.pathname
    const open = offers.get(path)
    if (method === 'GET' && open) return json(200, open)
    switch (`${method} ${path}`) {
      case 'GET /':
        return page('An issuer', 'Paste this into the wallet:', offer())
      // For whoever plays the office: an offer, and taking back everything that was issued.
      case 'POST /offers':
        return json(200, { link: offer(JSON.parse(body || '{}') as OfferOptions) })
      case 'POST /revocations':
        for (const place of issued) revoked.add(place)
        return json(200, { revoked: issued.length })
      case 'GET /.well-known/openid-credential-issuer':
        return json(200, metadata(url))
      case 'GET /.well-known/oauth-authorization-server':
        return json(200, authorizationServer(url))
      case 'GET /authorize':
        return authorize(asked.searchParams)
      case 'POST /token':
        return token(new URLSearchParams(body))
      case 'POST /nonce':
        return json(200, { c_nonce: remember(nonces) })
      case 'POST /credential':
        return credential(authorization, body)
      case 'GET /status/1':
        return statusList()
      case 'GET /status/2':
        return json(200, await (await documents()).statusList(`${url}/status/2`, revoked))
      default:
        return json(404, { error: 'not_found' })
    }
  }

  const server: LoopbackServer = await serveLoopback({ port, what: 'the issuer', answer })
  url = server.url
  return { ...{ url, identity, issued, offer, close: server.close }, revoke: (place) => void revoked.add(place) }

  function offer({ credential: id = 'membership', code, page: byPage = false }: OfferOptions = {}): string {
    const grant = fresh()
    if (!byPage) grants.set(grant, { credential: id, code: code ?? null, challenge: null, redirectUri: null })
    if (byPage === 'asks') asking.add(grant)
    const path = `/offer/${fresh()}`
    const transaction = code === undefined ? {} : { tx_code: { length: code.length, input_mode: 'numeric' } }
    offers.set(path, {
      ...{ credential_issuer: url, credential_configuration_ids: [id] },
      grants: byPage
        ? { authorization_code: { issuer_state: grant } }
        : { [PRE_AUTHORIZED]: { 'pre-authorized_code': grant, ...transaction } },
    })
    return `openid-credential-offer://?credential_offer_uri=${encodeURIComponent(`${url}${path}`)}`
  }
}

const agreement = ({ href }: URL): string =>
  `<!doctype html><title>An issuer</title><p>A wallet asks for a card.<p><a href="${href.replaceAll('&', '&amp;')}">I agree</a>`

const metadata = (url: string): Json => ({
  ...{ credential_issuer: url, credential_endpoint: `${url}/credential`, nonce_endpoint: `${url}/nonce` },
  batch_credential_issuance: { batch_size: BATCH },
  display: [{ name: 'Devnet registry office', locale: 'en' }],
  credential_configurations_supported: {
    membership: {
      ...{ format: 'dc+sd-jwt', vct: MEMBER_TYPE, scope: 'membership' },
      ...boundTo('jwk'),
      credential_signing_alg_values_supported: ['ES256K'],
      credential_metadata: { display: [{ name: 'Membership card', locale: 'en' }] },
    },
    diploma: {
      ...{ format: 'ldp_vc', scope: 'diploma', credential_definition: definition('Diploma') },
      ...boundTo('did:key'),
      credential_signing_alg_values_supported: ['eddsa-jcs-2022'],
      credential_metadata: { display: [{ name: 'Diploma', locale: 'en' }] },
    },
    licence: {
      ...{ format: 'mso_mdoc', scope: 'licence', doctype: 'org.iso.18013.5.1.mDL' },
      ...boundTo('cose_key'),
      credential_signing_alg_values_supported: [-7],
      credential_metadata: { display: [{ name: 'Driving licence', locale: 'en' }] },
    },
    residence: {
      ...{ format: 'ldp_vc', scope: 'residence', credential_definition: definition('ResidenceCard') },
      credential_signing_alg_values_supported: ['bbs-2023'],
      credential_metadata: { display: [{ name: 'Residence card', locale: 'en' }] },
    },
  },
})

const boundTo = (method: string): Json => ({
  cryptographic_binding_methods_supported: [method],
  proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
})

const definition = (type: string): Json => ({
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  type: ['VerifiableCredential', type],
})

const authorizationServer = (url: string): Json => ({
  ...{ issuer: url, token_endpoint: `${url}/token`, authorization_endpoint: `${url}/authorize` },
  ...{ response_types_supported: ['code'], code_challenge_methods_supported: ['S256'] },
  grant_types_supported: ['authorization_code', PRE_AUTHORIZED],
  'pre-authorized_grant_anonymous_access_supported': true,
})
