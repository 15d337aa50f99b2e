/**
 * Receiving credentials: OpenID for Verifiable Credential Issuance 1.0 with @openid4vc/openid4vci, by a code that was given
 * beforehand or by a page of the issuer. What comes back is not looked into here, and not believed yet.
 * @module
 */
import { clientAuthenticationNone, getAuthorizationServerMetadataFromList, Oauth2Client } from '@openid4vc/oauth2'
import {
  type CredentialOfferObject,
  determineAuthorizationServerForCredentialOffer,
  type IssuerMetadataResult,
  Openid4vciClient,
} from '@openid4vc/openid4vci'
import type { OfferView } from '../../facade/identity.ts'
import { serviceAddress } from '../credential/address.ts'
import { UnsupportedCredential } from '../credential/errors.ts'
import { plainWords } from '../credential/plain-words.ts'
import { didKeyOf, multikeyOf } from '../did/did-key-writing.ts'
import type { PublicJwk } from '../did/jwk.ts'
import type { Signer } from '../jose/algorithms.ts'
import { isObject } from '../jose/jws.ts'
import { type CallbackPorts, callbacksFor } from './callbacks.ts'
import { ExchangeFailed, UnknownExchange } from './errors.ts'

export interface OpenOffer {
  readonly offer: CredentialOfferObject
  readonly metadata: IssuerMetadataResult
}

/** What can be received, in the order of preference. */
const FORMATS = ['dc+sd-jwt', 'vc+sd-jwt', 'ldp_vc', 'mso_mdoc'] as const
const PRE_AUTHORIZED = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'
/** Copies with keys of their own, so that several verifiers can be shown different ones. */
const MOST_COPIES = 5
const MOST_CONFIGURATIONS = 20
/** Characters kept in the vault while the issuer's page is open. */
const MOST_CONTEXT = 1 << 18

export const isOffer = (text: string): boolean =>
  /^(openid-credential-offer|haip-vci|https?):\/\/[^#]*[?&]credential_offer(_uri)?=/.test(text)

/** Reads the offer and who makes it. @throws {UnknownExchange | ExchangeFailed | ExchangeUnreachable} */
export async function readOffer(text: string, ports: CallbackPorts, signal: AbortSignal): Promise<OpenOffer> {
  const { callbacks, exchanged } = callbacksFor(ports, null, [], signal)
  const client = new Openid4vciClient({ callbacks })
  const offer = await exchanged('the offer', () => client.resolveCredentialOffer(text))
  const { host } = serviceAddress(offer.credential_issuer, 'the issuer')
  const metadata = await exchanged(host, () => client.resolveIssuerMetadata(offer.credential_issuer))
  if (metadata.credentialIssuer.credential_issuer !== offer.credential_issuer) {
    throw new ExchangeFailed(host, 'it calls itself something else than the offer does')
  }
  const ids = offer.credential_configuration_ids
  if (ids.length === 0 || ids.length > MOST_CONFIGURATIONS) throw new UnknownExchange('it offers nothing, or too much')
  for (const id of ids) configurationOf(metadata, id)
  const { grants } = offer
  if (!grants?.[PRE_AUTHORIZED] && !grants?.authorization_code)
    throw new ExchangeFailed(host, 'it offers no way to receive it')
  return { offer, metadata }
}

export function viewOf({ offer, metadata }: OpenOffer): Omit<OfferView, 'kind' | 'id'> {
  const grant = offer.grants?.[PRE_AUTHORIZED]
  const code = grant?.tx_code
  return {
    issuer: { url: offer.credential_issuer, name: nameIn(metadata.credentialIssuer.display) },
    credentials: offer.credential_configuration_ids.map((id) => {
      const configuration = configurationOf(metadata, id)
      return { id, name: nameOf(metadata, id), type: plainWords(typeIn(configuration) ?? id, 300) ?? '?' }
    }),
    code: code
      ? {
          length: code.length ?? null,
          numeric: code.input_mode !== 'text',
          text: plainWords(code.description, 300),
        }
      : null,
    redirects: !grant,
  }
}

/** The access token for a code given beforehand. @throws {ExchangeFailed | ExchangeUnreachable} */
export async function tokenByCode(
  { offer, metadata }: OpenOffer,
  code: string | null,
  ports: CallbackPorts,
  signal: AbortSignal,
): Promise<string> {
  const { callbacks, exchanged } = callbacksFor(ports, offer.credential_issuer, [], signal)
  const client = new Openid4vciClient({ callbacks })
  const { accessTokenResponse } = await exchanged(hostOf(offer), () =>
    client.retrievePreAuthorizedCodeAccessTokenFromOffer({
      ...{ credentialOffer: offer, issuerMetadata: metadata },
      ...(code === null ? {} : { txCode: code }),
    }),
  )
  return bearerOf(accessTokenResponse, offer)
}

/** Tokens that are bound to a key (DPoP) are not used here. @throws {ExchangeFailed} */
function bearerOf(
  answer: { readonly access_token: string; readonly token_type: string },
  offer: CredentialOfferObject,
) {
  if (answer.token_type.toLowerCase() === 'bearer') return answer.access_token
  throw new ExchangeFailed(hostOf(offer), 'its token is of a kind that is not known here (DPoP)')
}

/** What is kept while the issuer's page is open. */
export interface Authorization {
  readonly url: string
  readonly state: string
  /** JSON. */
  readonly context: string
}

/** The issuer's page. Its answer belongs to this offer alone: by a state and by PKCE (RFC 7636). @throws {ExchangeFailed} */
export async function authorize(
  { offer, metadata }: OpenOffer,
  returnTo: string,
  ports: CallbackPorts,
  signal: AbortSignal,
): Promise<Authorization> {
  const { callbacks, exchanged, mayAsk } = callbacksFor(ports, offer.credential_issuer, [], signal)
  // Openid4vciClient forgets the state on the way.
  const client = new Oauth2Client({ callbacks })
  const host = hostOf(offer)
  const state = hex(ports.random.bytes(16))
  const scopes = offer.credential_configuration_ids.map((id) => scopeOf(metadata, id))
  const issuerState = offer.grants?.authorization_code?.issuer_state
  const flow = await exchanged(host, () =>
    client.createAuthorizationRequestUrl({
      ...{
        authorizationServerMetadata: authorizationServer({ offer, metadata }),
        clientId: returnTo,
        redirectUri: returnTo,
      },
      ...{ state, resource: offer.credential_issuer },
      ...(scopes.every((scope) => scope !== null) ? { scope: scopes.join(' ') } : {}),
      additionalRequestPayload: issuerState === undefined ? {} : { issuer_state: issuerState },
    }),
  )
  if (flow.pkce?.codeChallengeMethod !== 'S256') {
    throw new ExchangeFailed(host, 'its page cannot be bound to this offer (PKCE)')
  }
  const page = serviceAddress(flow.authorizationRequestUrl, 'the issuer’s page')
  mayAsk(page)
  const { codeVerifier } = flow.pkce
  // What is nested without end cannot be written down: that is its fault.
  const context = await exchanged(host, async () => JSON.stringify({ offer, metadata, codeVerifier, returnTo }))
  if (context.length > MOST_CONTEXT) throw new ExchangeFailed(host, 'it says too much about itself')
  return { url: page.href, state, context }
}

/** Whether a page led back here with the answer to this very question. */
export const answers = (answer: string, state: string): boolean =>
  URL.canParse(answer) && new URL(answer).searchParams.get('state') === state

/** The access token for the code the issuer's page came back with; see `answers`. @throws {ExchangeFailed} */
export async function tokenByRedirect(
  context: string,
  answer: string,
  ports: CallbackPorts,
  signal: AbortSignal,
): Promise<{ open: OpenOffer; accessToken: string }> {
  const { offer, metadata, codeVerifier, returnTo } = JSON.parse(context) as OpenOffer & {
    readonly codeVerifier: string
    readonly returnTo: string
  }
  const { callbacks, exchanged } = callbacksFor(ports, offer.credential_issuer, [], signal)
  const client = new Openid4vciClient({
    callbacks: { ...callbacks, clientAuthentication: clientAuthenticationNone({ clientId: returnTo }) },
  })
  const host = hostOf(offer)
  const accessToken = await exchanged(host, async () => {
    const authorizationServerMetadata = authorizationServer({ offer, metadata })
    const parsed = client.parseAndVerifyAuthorizationResponseRedirectUrl({ url: answer, authorizationServerMetadata })
    if (parsed.code === undefined) throw new ExchangeFailed(host, 'its page said no')
    const { accessTokenResponse } = await client.retrieveAuthorizationCodeAccessTokenFromOffer({
      ...{ credentialOffer: offer, issuerMetadata: metadata, redirectUri: returnTo },
      ...{ authorizationCode: parsed.code as string, pkceCodeVerifier: codeVerifier },
    })
    return bearerOf(accessTokenResponse, offer)
  })
  return { open: { offer, metadata }, accessToken }
}

export interface Received {
  /** As the offer's configuration has them. */
  readonly format: string
  readonly type: string | null
  readonly name: string | null
  /** As they came; each bound to the signer of its place, or to none. */
  readonly copies: readonly { readonly credential: unknown; readonly signer: Signer | null }[]
}

/**
 * @param makeSigners fresh keys for this issuer
 * @throws {ExchangeFailed | ExchangeUnreachable | UnsupportedCredential}
 */
export async function requestCredential(
  open: OpenOffer,
  id: string,
  accessToken: string,
  makeSigners: (count: number) => Promise<readonly Signer[]>,
  ports: CallbackPorts,
  signal: AbortSignal,
): Promise<Received> {
  const { offer, metadata } = open
  const configuration = configurationOf(metadata, id)
  const size = metadata.credentialIssuer.batch_credential_issuance?.batch_size ?? 1
  const method = bindingOf(configuration)
  const signers = method ? await makeSigners(Math.max(1, Math.min(MOST_COPIES, Math.floor(size)))) : []
  const { callbacks, exchanged } = callbacksFor(ports, offer.credential_issuer, signers, signal)
  const client = new Openid4vciClient({ callbacks })
  return exchanged(hostOf(offer), async () => {
    const nonce = metadata.credentialIssuer.nonce_endpoint
      ? (await client.requestNonce({ issuerMetadata: metadata })).c_nonce
      : undefined
    const proofs = await Promise.all(
      signers.map(async ({ algorithm, publicJwk }) => {
        const { jwt } = await client.createCredentialRequestJwtProof({
          signer:
            method === 'jwk'
              ? { method, alg: algorithm, publicJwk: { ...publicJwk } }
              : didSigner(algorithm, publicJwk),
          ...{ issuerMetadata: metadata, credentialConfigurationId: id, issuedAt: new Date(ports.clock.now()) },
          ...(nonce === undefined ? {} : { nonce }),
        })
        return jwt
      }),
    )
    const { credentialResponse } = await client.retrieveCredentials({
      ...{ issuerMetadata: metadata, credentialConfigurationId: id, accessToken },
      ...(proofs.length === 0 ? {} : { proofs: { jwt: proofs as [string, ...string[]] } }),
    })
    if (credentialResponse.transaction_id !== undefined) {
      throw new ExchangeFailed(hostOf(offer), 'it wants to be asked again later, which is not known here')
    }
    const credentials = (credentialResponse.credentials ?? [credentialResponse.credential]).map((entry: unknown) =>
      isObject(entry) && Object.hasOwn(entry, 'credential') ? entry.credential : entry,
    )
    if (credentials.length !== Math.max(1, signers.length)) {
      throw new ExchangeFailed(hostOf(offer), 'it gave another number of credentials than was asked for')
    }
    const copies = credentials.map((credential: unknown, i: number) => ({ credential, signer: signers[i] ?? null }))
    return { format: configuration.format, type: typeIn(configuration), name: nameOf(metadata, id), copies }
  })
}

function authorizationServer({ offer, metadata }: OpenOffer) {
  const named = offer.grants?.authorization_code?.authorization_server
  const issuer = determineAuthorizationServerForCredentialOffer({
    issuerMetadata: metadata,
    ...(named === undefined ? {} : { grantAuthorizationServer: named }),
  })
  return getAuthorizationServerMetadataFromList(metadata.authorizationServers, issuer)
}

type Configuration = IssuerMetadataResult['credentialIssuer']['credential_configurations_supported'][string]

function configurationOf({ credentialIssuer }: IssuerMetadataResult, id: string): Configuration {
  const known = credentialIssuer.credential_configurations_supported
  const configuration = Object.hasOwn(known, id) ? known[id] : undefined
  if (!configuration)
    throw new ExchangeFailed(new URL(credentialIssuer.credential_issuer).host, 'it does not know what it offers')
  if (!FORMATS.includes(configuration.format as (typeof FORMATS)[number])) {
    throw new UnsupportedCredential(`the format ${JSON.stringify(configuration.format.slice(0, 40))}`)
  }
  return configuration
}

/** How the issuer binds it to a key on P-256: named as a JWK, or as a did:key; null: to none. @throws {UnsupportedCredential} */
function bindingOf(configuration: Configuration): 'jwk' | 'did:key' | null {
  const { cryptographic_binding_methods_supported: methods = ['jwk'], proof_types_supported: proofs } = configuration
  if (configuration.cryptographic_binding_methods_supported === undefined && proofs === undefined) return null
  const jwt = proofs?.jwt
  // A key in COSE is given as a JWK in the proof (Appendix F.1).
  const given = methods.map((one) => (one === 'cose_key' ? 'jwk' : one))
  const method = (['jwk', 'did:key'] as const).find((one) => given.includes(one))
  if (!method || !jwt?.proof_signing_alg_values_supported.includes('ES256'))
    throw new UnsupportedCredential('it is bound to keys of a kind that this wallet does not make')
  if (jwt.key_attestations_required !== undefined)
    throw new UnsupportedCredential('its issuer wants a certified device')
  return method
}

const didSigner = (alg: string, publicJwk: PublicJwk) =>
  ({ method: 'did', alg, didUrl: `${didKeyOf(publicJwk)}#${multikeyOf(publicJwk)}` }) as const

function nameOf(metadata: IssuerMetadataResult, id: string): string | null {
  const configuration: unknown = metadata.credentialIssuer.credential_configurations_supported[id]
  if (!isObject(configuration)) return null
  const { credential_metadata: inner, display } = configuration
  return nameIn(isObject(inner) ? inner.display : display)
}

/** The first name for display. */
function nameIn(display: unknown): string | null {
  const first: unknown = Array.isArray(display) ? display[0] : null
  return plainWords(isObject(first) ? first.name : null, 80)
}

function typeIn(configuration: Configuration): string | null {
  const { vct, doctype, credential_definition: definition } = configuration as Record<string, unknown>
  if (typeof vct === 'string' || typeof doctype === 'string') return String(vct ?? doctype)
  const types = isObject(definition) && Array.isArray(definition.type) ? definition.type : []
  return typeof types.at(-1) === 'string' ? (types.at(-1) as string) : null
}

function scopeOf(metadata: IssuerMetadataResult, id: string): string | null {
  return metadata.credentialIssuer.credential_configurations_supported[id]?.scope ?? null
}

const hostOf = (offer: CredentialOfferObject): string => new URL(offer.credential_issuer).host
const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
