/**
 * A verifier over OpenID4VP 1.0 on loopback: its question is signed by its DID, which is in the devnet's registry, and asks
 * with DCQL; what it is shown is checked with @sd-jwt/sd-jwt-vc and the issuer's status list, or as a document.
 * @module
 */
import { createHash, randomBytes } from 'node:crypto'
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import { compactDecrypt, exportJWK, generateKeyPair } from 'jose'
import { type Answer, json, type LoopbackServer, page, type Question, serveLoopback } from '../server/http.ts'
import type { Documents } from './documents.ts'
import { type Configuration, MEMBER_TYPE } from './issuer.ts'
import { base64url, type EcKey, type Json, makeJwt, readJwt, verifiesEs256, verifiesEs256k } from './jwt.ts'
import type { Mdocs } from './mdocs.ts'
import type { EthrIdentity } from './registry.ts'

export interface Verifier {
  readonly url: string
  readonly identity: EthrIdentity
  /** A link that asks for these claims, and the name of the question. */
  ask(claims: Claims, options?: AskOptions): { id: string; link: string }
  /** What was learned; undefined: no answer yet. */
  result(id: string): VerifierResult | undefined
  /** Every answer as it came, character for character. */
  readonly received: readonly string[]
  close(): Promise<void>
}

/** Paths, as DCQL has them. */
type Claims = readonly (readonly (string | number | null)[])[]

export interface AskOptions {
  /** By default `membership`. */
  readonly credential?: Configuration
  /** Shown to who is asked. */
  readonly purpose?: string
  /** Without a signature: the verifier is known by its address only. */
  readonly unsigned?: boolean
  /** The answer is to be encrypted to a key of the verifier. */
  readonly encrypted?: boolean
  readonly type?: string
}

export type VerifierResult =
  | { readonly accepted: true; readonly claims: Json }
  | { readonly accepted: false; readonly reason: string }

interface Asked {
  readonly nonce: string
  readonly clientId: string
  readonly query: Json
  readonly credential: Configuration
  readonly unsigned: boolean
  readonly encrypted: boolean
  result?: VerifierResult
}

/** @param trusted issuers it believes @param now Unix seconds */
export async function startVerifier(
  identity: EthrIdentity,
  trusted: readonly EthrIdentity[],
  documents: () => Promise<Documents>,
  mdocs: () => Promise<Mdocs>,
  now: () => number,
  port = 0,
): Promise<Verifier> {
  const questions = new Map<string, Asked>()
  const received: string[] = []
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true })
  const answerKey = { ...(await exportJWK(publicKey)), use: 'enc', alg: 'ECDH-ES', kid: 'answers' }
  let url = ''

  const payloadOf = (id: string, { nonce, clientId, query, encrypted }: Asked): Json => ({
    ...{ response_type: 'vp_token', response_mode: encrypted ? 'direct_post.jwt' : 'direct_post' },
    ...{ client_id: clientId, nonce, state: id },
    ...{
      response_uri: `${url}/response/${id}`,
      dcql_query: query,
      client_metadata: metadata(encrypted ? answerKey : null),
    },
  })

  async function verified(presentation: string, asked: Asked): Promise<Json> {
    const issuer = trusted.find(({ did }) => did === readJwt(presentation.split('~')[0]!).payload.iss)
    if (!issuer) throw new Error('the issuer is not known here')
    const library = new SDJwtVcInstance({
      hasher: (data) =>
        createHash('sha256')
          .update(typeof data === 'string' ? data : new Uint8Array(data))
          .digest(),
      verifier: async (data, signature) => verifiesEs256k(issuer, data, signature),
      kbVerifier: async (data, signature, payload) => verifiesEs256((payload.cnf?.jwk ?? {}) as EcKey, data, signature),
      statusListFetcher: async (uri: string) => (await fetch(uri)).text(),
      statusVerifier: async (data: string, signature: string) => verifiesEs256k(issuer, data, signature),
    })
    const { payload, kb } = await library.verify(presentation, { keyBindingNonce: asked.nonce, currentDate: now() })
    if (kb?.payload.aud !== asked.clientId) throw new Error('it was made for another verifier')
    return payload as unknown as Json
  }

  /** The members of the answer; encrypted ones with jose. */
  async function opened(form: URLSearchParams, encrypted: boolean): Promise<Json> {
    const response = form.get('response')
    if (encrypted !== (response !== null)) throw new Error('the answer is not encrypted as was asked')
    if (response === null)
      return { ...Object.fromEntries(form), vp_token: JSON.parse(form.get('vp_token') ?? '') as Json }
    const { plaintext } = await compactDecrypt(response, privateKey)
    return JSON.parse(new TextDecoder().decode(plaintext)) as Json
  }

  async function believed(shown: unknown, asked: Asked, responseUri: string): Promise<Json> {
    if (asked.credential === 'membership') return verified(String(shown), asked)
    if (asked.credential !== 'licence') return (await documents()).verified(shown as Json, asked)
    const { crv, kty, x, y } = answerKey as Record<string, unknown>
    const thumbprint = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest()
    const way = { responseUri, thumbprint: asked.encrypted ? new Uint8Array(thumbprint) : null }
    return (await mdocs()).verified(String(shown), { ...asked, ...way })
  }

  async function respond(id: string, form: URLSearchParams): Promise<Answer> {
    const asked = questions.get(id)
    const members = asked && (await opened(form, asked.encrypted).catch(() => null))
    if (!asked || !members || asked.result || members.state !== id) return json(400, { error: 'invalid_request' })
    try {
      const [shown] = (members.vp_token as Record<string, unknown[]>)[asked.credential]!
      const claims = await believed(shown, asked, `${url}/response/${id}`)
      asked.result = { accepted: true, claims }
      return json(200, { redirect_uri: `${url}/done#${id}` })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      asked.result = { accepted: false, reason }
      return json(400, { error: 'invalid_request', error_description: reason })
    }
  }

  async function answer({ method, url: asked, body }: Question): Promise<Answer> {
    if (asked.pathname === '/') return page('A verifier', 'Paste this into the wallet:', ask([['age_over_18']]).link)
    // For whoever plays the library: a question, and what was answered.
    if (method === 'POST' && asked.pathname === '/questions') {
      const { claims, ...options } = JSON.parse(body) as { claims: string[][] } & AskOptions
      return json(200, ask(claims, options))
    }
    const [, what = '', id = ''] = asked.pathname.split('/')
    const question = questions.get(id)
    if (what === 'request' && question) {
      const payload = { ...payloadOf(id, question), aud: 'https://self-issued.me/v2', iat: now() }
      const jwt = await makeJwt(identity, { typ: 'oauth-authz-req+jwt' }, payload)
      return { status: 200, type: 'application/oauth-authz-req+jwt', body: jwt }
    }
    if (what === 'response' && method === 'POST') {
      received.push(body)
      return respond(id, new URLSearchParams(body))
    }
    if (what === 'results') return json(200, question?.result ?? null)
    if (what === 'done')
      return { status: 200, type: 'text/html', body: '<!doctype html><title>Done</title><p>Thank you.</p>' }
    return json(404, { error: 'not_found' })
  }

  const server: LoopbackServer = await serveLoopback({ port, what: 'the verifier', answer })
  url = server.url
  return {
    ...{ url, identity, received, ask, close: server.close },
    result: (id) => questions.get(id)?.result,
  }

  function ask(claims: Claims, options: AskOptions = {}) {
    const { credential = 'membership', purpose, unsigned = false, encrypted = false } = options
    const id = base64url(randomBytes(12))
    const clientId = unsigned ? `redirect_uri:${url}/response/${id}` : `decentralized_identifier:${identity.did}`
    const paths = claims.map((path) => ({ path }))
    const query = {
      credentials: [{ id: credential, ...wanted(credential, options.type), claims: paths }],
      credential_sets: [{ options: [[credential]], ...(purpose === undefined ? {} : { purpose }) }],
    }
    const asked: Asked = { nonce: base64url(randomBytes(16)), clientId, query, credential, unsigned, encrypted }
    questions.set(id, asked)
    const parameters = unsigned
      ? Object.entries(payloadOf(id, asked)).map(([name, value]): [string, string] => [
          name,
          typeof value === 'string' ? value : JSON.stringify(value),
        ])
      : Object.entries({ client_id: clientId, request_uri: `${url}/request/${id}`, request_uri_method: 'post' })
    return { id, link: `openid4vp://authorize?${new URLSearchParams(parameters)}` }
  }
}

/** The part of a query that says which credential it is (OpenID4VP Appendix B). */
function wanted(credential: Configuration, type = MEMBER_TYPE): Json {
  if (credential === 'membership') return { format: 'dc+sd-jwt', meta: { vct_values: [type] } }
  if (credential === 'licence') return { format: 'mso_mdoc', meta: { doctype_value: 'org.iso.18013.5.1.mDL' } }
  const types = { diploma: 'Diploma', residence: 'ResidenceCard' }
  const meta = { type_values: [[`https://devnet.example/terms#${types[credential]}`]] }
  return { format: 'ldp_vc', meta, require_cryptographic_holder_binding: credential === 'diploma' }
}

const metadata = (answerKey: Json | null): Json => ({
  ...(answerKey === null
    ? {}
    : { jwks: { keys: [answerKey] }, encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'] }),
  client_name: 'Devnet library',
  vp_formats_supported: {
    mso_mdoc: { issuerauth_alg_values: [-7], deviceauth_alg_values: [-7] },
    ldp_vc: { proof_type_values: ['DataIntegrityProof'], cryptosuite_values: ['eddsa-jcs-2022', 'bbs-2023'] },
    'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256K'], 'kb-jwt_alg_values': ['ES256'] },
  },
})
