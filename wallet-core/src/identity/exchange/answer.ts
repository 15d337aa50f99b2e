/**
 * Answering questions for credentials: OpenID for Verifiable Presentations 1.0 with @openid4vc/openid4vp. Verifiers are
 * known by a DID that signed the question, or by the address the answer goes to; nobody else is answered.
 * @module
 */

import { sha256 } from '@noble/hashes/sha2.js'
import {
  isOpenid4vpAuthorizationRequestDcApi,
  type Openid4vpAuthorizationRequest,
  Openid4vpClient,
} from '@openid4vc/openid4vp'
import { serviceAddress } from '../credential/address.ts'
import type { Signatory } from '../credential/issuer.ts'
import { plainWords } from '../credential/plain-words.ts'
import type { VpToken } from '../holder/access.ts'
import { JWE_ENCRYPTIONS } from '../jose/jwe.ts'
import { isObject } from '../jose/jws.ts'
import type { Handover } from '../mdoc/present.ts'
import { type CallbackPorts, callbacksFor } from './callbacks.ts'
import { type Query, readQuery } from './dcql.ts'
import { ExchangeFailed, UnknownExchange } from './errors.ts'

/** Encrypted to the key in the question, not signed: what is shown is bound to its holder already. */
const ENCRYPTED = {
  encryption: { nonce: '' },
  serverMetadata: {
    authorization_signing_alg_values_supported: [],
    authorization_encryption_alg_values_supported: ['ECDH-ES'],
    authorization_encryption_enc_values_supported: JWE_ENCRYPTIONS,
  },
}
const MOST_NAME = 2048
/** Whom a question is for, when its verifier has not looked for a wallet (OpenID4VP §5.8). */
const ANY_WALLET = 'https://self-issued.me/v2'

export interface OpenQuestion {
  readonly payload: Openid4vpAuthorizationRequest
  /** `client_id` with its prefix: the audience of what is shown. */
  readonly clientId: string
  readonly nonce: string
  readonly query: Query
  readonly responseUri: URL
  /** Null: unsigned. */
  readonly signatory: Signatory | null
  readonly name: string | null
  readonly purpose: string | null
}

export const isQuestion = (text: string): boolean =>
  /^(openid4vp|haip|haip-vp|eudi-openid4vp|https?):\/\/[^#]*[?&](client_id|request_uri|request)=/.test(text)

/** @throws {UnknownExchange | ExchangeFailed | ExchangeUnreachable} @throws {CredentialRefused} whoever asks is not who it says */
export async function readQuestion(text: string, ports: CallbackPorts, signal: AbortSignal): Promise<OpenQuestion> {
  const { callbacks, exchanged, signatory, mayAsk } = callbacksFor(ports, null, [], signal)
  const client = new Openid4vpClient({ callbacks })
  const resolved = await exchanged('the verifier', async () => {
    const { params } = client.parseOpenid4vpAuthorizationRequest({ authorizationRequest: text })
    if (isObject(params) && params.client_metadata_uri !== undefined) {
      throw new ExchangeFailed('the verifier', 'what it is called would have to be asked elsewhere')
    }
    return client.resolveOpenId4vpAuthorizationRequest({ authorizationRequestPayload: params })
  })
  const payload = resolved.authorizationRequestPayload
  if (isOpenid4vpAuthorizationRequestDcApi(payload))
    throw new UnknownExchange('it comes in a way that is not known here')
  const { prefix, effective } = resolved.client
  if (prefix !== 'decentralized_identifier' && prefix !== 'redirect_uri') {
    throw new ExchangeFailed('the verifier', `it names itself in a way that cannot be checked here (${prefix})`)
  }
  if (payload.response_mode !== 'direct_post' && payload.response_mode !== 'direct_post.jwt') {
    throw new ExchangeFailed('the verifier', 'it wants its answer in a way that is not known here')
  }
  if (!resolved.dcql) throw new UnknownExchange('it has no query that is known here (DCQL)')
  if (resolved.transactionData)
    throw new ExchangeFailed('the verifier', 'it wants something else to be confirmed with it')
  // Both are kept: one in the log, the other in what is shown.
  if (effective.length > MOST_NAME || payload.nonce.length > MOST_NAME) {
    throw new ExchangeFailed('the verifier', 'its name or its nonce is too long')
  }
  if (payload.nonce.length < 8) throw new ExchangeFailed('the verifier', 'its question could be asked twice (nonce)')
  if (payload.aud !== undefined && ![payload.aud].flat().includes(ANY_WALLET)) {
    throw new ExchangeFailed('the verifier', 'it asks another wallet')
  }
  const responseUri = serviceAddress(payload.response_uri, 'the address of the answer')
  mayAsk(responseUri)
  const metadata: unknown = payload.client_metadata
  return {
    ...{ payload, clientId: effective, nonce: payload.nonce, query: readQuery(resolved.dcql.query), responseUri },
    signatory: prefix === 'decentralized_identifier' ? signatory() : null,
    name: plainWords(isObject(metadata) ? metadata.client_name : null, 80),
    purpose: purposeOf(payload),
  }
}

/**
 * Sends what was chosen, by the id of its query.
 * @returns where the verifier's page goes on, if it says so
 * @throws {ExchangeFailed | ExchangeUnreachable}
 */
export async function sendAnswer(
  { payload, responseUri }: OpenQuestion,
  vpToken: VpToken,
  ports: CallbackPorts,
  signal: AbortSignal,
): Promise<string | null> {
  const { callbacks, exchanged } = callbacksFor(ports, responseUri.href, [], signal)
  const client = new Openid4vpClient({ callbacks })
  return exchanged(responseUri.host, async () => {
    const { authorizationResponsePayload, jarm } = await client.createOpenid4vpAuthorizationResponse({
      authorizationRequestPayload: payload,
      authorizationResponsePayload: { vp_token: vpToken as Record<string, [string | Record<string, unknown>]> },
      ...(payload.response_mode === 'direct_post.jwt' ? { jarm: ENCRYPTED } : {}),
    })
    const { response } = await client.submitOpenid4vpAuthorizationResponse({
      authorizationRequestPayload: { response_uri: responseUri.href },
      authorizationResponsePayload,
      ...(jarm ? { jarm } : {}),
    })
    const body: unknown = await response.json().catch(() => null)
    if (!response.ok) {
      const reason = isObject(body) ? plainWords(body.error_description ?? body.error, 200) : null
      throw new ExchangeFailed(responseUri.host, `it refuses the answer${reason === null ? '' : `: ${reason}`}`)
    }
    const redirect = isObject(body) ? body.redirect_uri : undefined
    return redirect === undefined ? null : serviceAddressWithFragment(redirect)
  })
}

/** What an mdoc signs of the way its answer takes. @throws {ExchangeFailed} several keys: which of them is used is not ours to say */
export function handoverOf({ payload, clientId, nonce, responseUri }: OpenQuestion): Handover {
  const way = { kind: 'openid4vp', clientId, nonce, responseUri: responseUri.href } as const
  if (payload.response_mode !== 'direct_post.jwt') return { ...way, thumbprint: null }
  const metadata: unknown = payload.client_metadata
  const jwks: unknown = isObject(metadata) && isObject(metadata.jwks) ? metadata.jwks.keys : []
  const [key, ...more] = Array.isArray(jwks) ? jwks : []
  if (more.length > 0 || !isObject(key))
    throw new ExchangeFailed(responseUri.host, 'it names several keys for its answer, or none')
  const { crv, kty, x, y } = key
  return { ...way, thumbprint: sha256(new TextEncoder().encode(JSON.stringify({ crv, kty, x, y }))) }
}

/** The response code may stand in the fragment (OpenID4VP §8.2). */
function serviceAddressWithFragment(text: unknown): string {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null
  const hash = url?.hash ?? ''
  if (url) url.hash = ''
  return `${serviceAddress(url?.href, 'the page of the verifier').href}${hash}`
}

/** Said by the verifier about itself, shown as its words: for all that has to be answered, or for the question as a whole. */
function purposeOf(payload: Openid4vpAuthorizationRequest): string | null {
  const query: unknown = payload.dcql_query
  const sets: unknown = isObject(query) ? query.credential_sets : null
  const required = (Array.isArray(sets) ? sets : []).filter((set) => isObject(set) && set.required !== false)
  const purposes = required.flatMap(({ purpose }) => plainWords(purpose, 300) ?? [])
  const metadata: unknown = payload.client_metadata
  return plainWords(purposes.join(' · '), 600) ?? plainWords(isObject(metadata) ? metadata.purpose : null, 300)
}
