/** Offers and issuers that lie about who they are, or lead elsewhere: nothing is asked there, nothing received. */
import { beforeEach, describe, expect, test } from 'vitest'
import { NOW, ports as people, person, random, signal } from '../credential/people.test-kit.ts'
import { isObject, type JsonObject } from '../jose/jws.ts'
import type { CallbackPorts } from './callbacks.ts'
import { authorize, readOffer, requestCredential, tokenByCode, viewOf } from './receive.ts'

const ISSUER = 'https://issuer.example'
const PRE_AUTHORIZED = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'
const holder = person('ES256', 2)

const OFFER = {
  ...{ credential_issuer: ISSUER, credential_configuration_ids: ['card'] },
  grants: { [PRE_AUTHORIZED]: { 'pre-authorized_code': 'code' } },
}
const BY_PAGE = { ...OFFER, grants: { authorization_code: {} } }
const METADATA = {
  ...{ credential_issuer: ISSUER, credential_endpoint: `${ISSUER}/credential`, nonce_endpoint: `${ISSUER}/nonce` },
  display: [{ name: 'Office' }],
  credential_configurations_supported: {
    card: {
      ...{ format: 'dc+sd-jwt', vct: 'card', cryptographic_binding_methods_supported: ['jwk'] },
      proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
    },
  },
}
const SERVER = {
  ...{ issuer: ISSUER, token_endpoint: `${ISSUER}/token`, authorization_endpoint: `${ISSUER}/authorize` },
  ...{ response_types_supported: ['code'], code_challenge_methods_supported: ['S256'] },
  grant_types_supported: ['authorization_code', PRE_AUTHORIZED],
  'pre-authorized_grant_anonymous_access_supported': true,
}

/** What each address answers; others do not. */
let world: Record<string, unknown>
const asked: string[] = []
const ports: CallbackPorts = {
  ...{ ...people, random },
  aead: { seal: () => Promise.reject(new Error('nothing is encrypted')), open: () => Promise.reject(new Error()) },
  http: async ({ url }) => {
    asked.push(url)
    const answer = world[url]
    const bytes = new TextEncoder().encode(typeof answer === 'string' ? answer : JSON.stringify(answer ?? {}))
    return { status: answer === undefined ? 404 : 200, header: () => 'application/json', bytes }
  },
}
beforeEach(() => {
  asked.splice(0)
  world = {
    [`${ISSUER}/.well-known/openid-credential-issuer`]: METADATA,
    [`${ISSUER}/.well-known/oauth-authorization-server`]: SERVER,
    [`${ISSUER}/token`]: { access_token: 'token', token_type: 'Bearer' },
    [`${ISSUER}/nonce`]: { c_nonce: 'nonce' },
    [`${ISSUER}/credential`]: { credentials: [{ credential: 'one' }] },
  }
})
const link = (offer: unknown) =>
  `openid-credential-offer://?credential_offer=${encodeURIComponent(typeof offer === 'string' ? offer : JSON.stringify(offer))}`
const issuerSays = (changes: JsonObject) => {
  world[`${ISSUER}/.well-known/openid-credential-issuer`] = { ...METADATA, ...changes }
}
const gives = (path: string, answer: unknown) => {
  world[`${ISSUER}/${path}`] = answer
}
const serverSays = (changes: JsonObject) => {
  world[`${ISSUER}/.well-known/oauth-authorization-server`] = { ...SERVER, ...changes }
}
const read = (offer: unknown = OFFER) => readOffer(link(offer), ports, signal)
const received = async () => {
  const open = await read()
  const token = await tokenByCode(open, null, ports, signal)
  return requestCredential(open, 'card', token, async () => [holder], ports, signal)
}
const refusal = (code: string) => ({ code, name: expect.stringMatching(/^Identity\./) })
const elsewhere = () => asked.filter((url) => new URL(url).origin !== ISSUER)

test('an honest one is read, and what it gives is received', async () => {
  expect(viewOf(await read())).toMatchObject({ issuer: { url: ISSUER, name: 'Office' }, redirects: false })
  expect((await received()).copies).toEqual([{ credential: 'one', signer: holder }])
})

describe('the offer', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  test.each<readonly [string, unknown, string]>([
    ['is no JSON', '{', 'EXCHANGE_FAILED'],
    ['is a list', [], 'EXCHANGE_FAILED'],
    ['is nested without end', deep, 'EXCHANGE_FAILED'],
    [
      'is nested without end inside',
      JSON.stringify(OFFER).replace('{}', deep).replace('"code"', deep),
      'EXCHANGE_FAILED',
    ],
    ['names no issuer', { ...OFFER, credential_issuer: undefined }, 'EXCHANGE_FAILED'],
    ['names an unencrypted one', { ...OFFER, credential_issuer: 'http://issuer.example' }, 'INVALID_SERVICE_ADDRESS'],
    ['names one nearby', { ...OFFER, credential_issuer: 'https://10.0.0.1' }, 'INVALID_SERVICE_ADDRESS'],
    ['names one by a local name', { ...OFFER, credential_issuer: 'https://nas.local' }, 'INVALID_SERVICE_ADDRESS'],
    [
      'names one with a password',
      { ...OFFER, credential_issuer: 'https://a:b@issuer.example' },
      'INVALID_SERVICE_ADDRESS',
    ],
    ['offers nothing', { ...OFFER, credential_configuration_ids: [] }, 'UNKNOWN_EXCHANGE'],
    ['offers too much', { ...OFFER, credential_configuration_ids: Array(21).fill('card') }, 'UNKNOWN_EXCHANGE'],
    ['offers what nobody knows', { ...OFFER, credential_configuration_ids: ['toString'] }, 'EXCHANGE_FAILED'],
    ['offers no way', { ...OFFER, grants: {} }, 'EXCHANGE_FAILED'],
  ])('%s', async (_, offer, code) => {
    await expect(read(offer)).rejects.toMatchObject(refusal(code))
    expect(elsewhere()).toEqual([])
  })
})

describe('the issuer', () => {
  test.each<readonly [string, () => void, string]>([
    ['calls itself somebody else', () => issuerSays({ credential_issuer: 'https://other.example' }), 'EXCHANGE_FAILED'],
    [
      'gives a format that nobody reads',
      () =>
        issuerSays({
          credential_configurations_supported: {
            card: { format: 'jwt_vc_json', credential_definition: { type: ['x'] } },
          },
        }),
      'UNSUPPORTED_CREDENTIAL',
    ],
    ['has a server that is another', () => serverSays({ issuer: 'https://other.example' }), 'EXCHANGE_FAILED'],
    [
      'lets a page of this device take the code',
      () => serverSays({ token_endpoint: 'http://127.0.0.1:8545/' }),
      'INVALID_SERVICE_ADDRESS',
    ],
    [
      'lets a machine nearby take the code',
      () => serverSays({ token_endpoint: 'https://192.168.1.1/' }),
      'INVALID_SERVICE_ADDRESS',
    ],
    [
      'takes the code unencrypted',
      () => serverSays({ token_endpoint: 'http://issuer.example/token' }),
      'INVALID_SERVICE_ADDRESS',
    ],
    [
      'gives out elsewhere: on this device',
      () => issuerSays({ credential_endpoint: 'http://localhost:8545/' }),
      'INVALID_SERVICE_ADDRESS',
    ],
    [
      'gives nonces on this device',
      () => issuerSays({ nonce_endpoint: 'http://[::1]:8545/' }),
      'INVALID_SERVICE_ADDRESS',
    ],
    ['gives nothing', () => gives('credential', { credentials: [] }), 'EXCHANGE_FAILED'],
    [
      'gives more than was asked for',
      () => gives('credential', { credentials: [{ credential: 'a' }, { credential: 'b' }] }),
      'EXCHANGE_FAILED',
    ],
    ['gives it later', () => gives('credential', { transaction_id: 'x', interval: 5 }), 'EXCHANGE_FAILED'],
    [
      'wants a certified device',
      () =>
        issuerSays({
          credential_configurations_supported: {
            card: {
              ...METADATA.credential_configurations_supported.card,
              proof_types_supported: {
                jwt: { proof_signing_alg_values_supported: ['ES256'], key_attestations_required: {} },
              },
            },
          },
        }),
      'UNSUPPORTED_CREDENTIAL',
    ],
    [
      'gives a token that is bound to a key',
      () => gives('token', { access_token: 'token', token_type: 'DPoP' }),
      'EXCHANGE_FAILED',
    ],
    ['answers with something else', () => gives('token', '<html>'), 'EXCHANGE_FAILED'],
  ])('%s', async (_, lie, code) => {
    lie()
    await expect(received()).rejects.toMatchObject(refusal(code))
    expect(elsewhere()).toEqual([])
  })

  test.each<readonly [string, JsonObject, string]>([
    ['is on this device', { authorization_endpoint: 'http://127.0.0.1/' }, 'INVALID_SERVICE_ADDRESS'],
    ['is no page', { authorization_endpoint: 'javascript:alert(1)' }, 'EXCHANGE_FAILED'],
    ['binds its answer to nothing', { code_challenge_methods_supported: ['plain'] }, 'EXCHANGE_FAILED'],
  ])('its page %s', async (_, says, code) => {
    serverSays(says)
    const opened = async () => authorize(await read(BY_PAGE), 'https://wallet.example/', ports, signal)
    await expect(opened()).rejects.toMatchObject(refusal(code))
  })

  test('says about itself what is short, and seen as it is', async () => {
    const turned = `Office\u202Egro.live${'x'.repeat(250)}`
    const { card } = METADATA.credential_configurations_supported
    issuerSays({
      display: [{ name: turned }],
      credential_configurations_supported: { card: { ...card, vct: turned } },
    })
    const code = { 'pre-authorized_code': 'code', tx_code: { description: turned } }
    const view = viewOf(await read({ ...OFFER, grants: { [PRE_AUTHORIZED]: code } }))
    for (const text of [view.issuer.name, view.credentials[0]!.type, view.code!.text])
      expect(text).toMatch(/^Office gro\.livex{1,300}$/)
  })
})

test('what is kept while the issuer’s page is open does not grow without end', async () => {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
  gives(
    '.well-known/openid-credential-issuer',
    JSON.stringify({ ...METADATA, more: 0 }).replace('"more":0', `"more":${deep}`),
  )
  const opened = async () => authorize(await read(BY_PAGE), 'https://wallet.example/', ports, signal)
  await expect(opened()).rejects.toMatchObject(refusal('EXCHANGE_FAILED'))
  issuerSays({ more: 'x'.repeat(1 << 18) })
  await expect(opened()).rejects.toMatchObject(refusal('EXCHANGE_FAILED'))
})

test('what proves the key is made for this issuer, and says when', async () => {
  const bodies: unknown[] = []
  const noting: CallbackPorts = {
    ...ports,
    http: (request) => {
      if (request.url.endsWith('/credential')) bodies.push(JSON.parse(request.body as string))
      return ports.http(request)
    },
  }
  const open = await read()
  await requestCredential(open, 'card', 'token', async () => [holder], noting, signal)
  const [body] = bodies
  const proof = isObject(body) && isObject(body.proofs) ? (body.proofs.jwt as string[])[0]! : ''
  const [, payload] = proof.split('.')
  expect(JSON.parse(Buffer.from(payload!, 'base64url').toString())).toMatchObject({
    ...{ aud: ISSUER, nonce: 'nonce', iat: NOW / 1000 },
  })
})
