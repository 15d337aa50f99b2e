/** Questions of verifiers that lie about who they are, whom they ask or where the answer goes; each refused before consent. */
import { base64urlnopad } from '@scure/base'
import { beforeEach, describe, expect, test } from 'vitest'
import { NOW, ports as people, person, random, signal } from '../credential/people.test-kit.ts'
import type { JsonObject } from '../jose/jws.ts'
import { signJws } from '../jose/sign-jws.ts'
import { readQuestion } from './answer.ts'
import type { CallbackPorts } from './callbacks.ts'

const asker = person('ES256', 5)
const somebody = person('ES256', 6)
const ANSWER = 'https://verifier.example/response'
const REQUEST = 'https://verifier.example/request'
const ASKER = `decentralized_identifier:${asker.did}`
const seconds = NOW / 1000

const QUESTION = {
  ...{ response_type: 'vp_token', response_mode: 'direct_post', response_uri: ANSWER, client_id: ASKER },
  ...{ nonce: 'n-0123456789', state: 's', aud: 'https://self-issued.me/v2' },
  client_metadata: { client_name: 'Library', vp_formats_supported: {} },
  dcql_query: { credentials: [{ id: 'card', format: 'dc+sd-jwt', meta: { vct_values: ['x'] } }] },
}

const asked: string[] = []
let request = ''
const ports: CallbackPorts = {
  ...{ ...people, random },
  aead: { seal: () => Promise.reject(new Error('nothing leaves')), open: () => Promise.reject(new Error()) },
  http: async ({ url }) => {
    asked.push(url)
    return { status: 200, header: () => 'application/oauth-authz-req+jwt', bytes: new TextEncoder().encode(request) }
  },
}
beforeEach(() => void asked.splice(0))

const text = (value: unknown) => base64urlnopad.encode(new TextEncoder().encode(JSON.stringify(value)))
const LINK = `openid4vp://authorize?client_id=${encodeURIComponent(ASKER)}&request_uri=${encodeURIComponent(REQUEST)}`

async function signed(changes: JsonObject = {}, header: JsonObject = {}, by = asker) {
  const head = { typ: 'oauth-authz-req+jwt', kid: by.keyId, ...header }
  request = await signJws(head, JSON.parse(JSON.stringify({ ...QUESTION, ...changes })), by)
  return LINK
}

/** Of the signed question these parts are others. */
async function forged(change: (parts: { header: string; payload: string; signature: string }) => string[]) {
  await signed()
  const [header, payload, signature] = request.split('.') as [string, string, string]
  request = change({ header, payload, signature }).join('.')
  return LINK
}

function unsigned(changes: JsonObject) {
  const all = Object.entries({ ...QUESTION, client_id: `redirect_uri:${ANSWER}`, ...changes })
  const given = all.filter(([, value]) => value !== undefined)
  const params = given.map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  return `openid4vp://authorize?${new URLSearchParams(params)}`
}

const refused = (link: string, code: string) =>
  expect(readQuestion(link, ports, signal)).rejects.toMatchObject({ code, name: expect.stringMatching(/^Identity\./) })

test('who signed is who asks; who did not sign is known by where the answer goes', async () => {
  expect(await readQuestion(await signed(), ports, signal)).toMatchObject({
    ...{ clientId: ASKER, name: 'Library', signatory: { did: asker.did } },
    responseUri: new URL(ANSWER),
  })
  expect(await readQuestion(unsigned({}), ports, signal)).toMatchObject({
    ...{ clientId: `redirect_uri:${ANSWER}`, signatory: null },
    responseUri: new URL(ANSWER),
  })
  expect(asked).toEqual([REQUEST])
})

test('what it is asked for is said of all that has to be answered, and of nothing else', async () => {
  const asked = async (credential_sets: readonly object[]) => {
    const dcql_query = { ...QUESTION.dcql_query, credential_sets }
    return (await readQuestion(await signed({ dcql_query }), ports, signal)).purpose
  }
  const options = [['card']]
  expect(
    await asked([
      { options, purpose: 'A prize for you', required: false },
      { options, purpose: 'To log you in' },
    ]),
  ).toBe('To log you in')
  expect(
    await asked([
      { options, purpose: 'One' },
      { options, purpose: 'Two\u202E' },
    ]),
  ).toBe('One · Two')
  expect(await asked([{ options }])).toBeNull()
})

describe('somebody else than who asks has signed', () => {
  test.each<readonly [string, () => Promise<string>, string]>([
    ['another DID', () => signed({}, {}, somebody), 'EXCHANGE_FAILED'],
    ['another key under that DID', () => signed({}, { kid: asker.keyId }, somebody), 'CREDENTIAL_SIGNATURE'],
    [
      'a key that comes along',
      () => signed({}, { kid: asker.keyId, jwk: somebody.publicJwk }, somebody),
      'CREDENTIAL_SIGNATURE',
    ],
    ['a key that comes along alone', () => signed({}, { kid: undefined, jwk: asker.publicJwk }), 'EXCHANGE_FAILED'],
    [
      'a certificate that comes along',
      () => signed({}, { kid: asker.keyId, x5c: ['AA'] }, somebody),
      'CREDENTIAL_SIGNATURE',
    ],
    [
      'another name inside',
      () => signed({ client_id: `decentralized_identifier:${somebody.did}` }, {}, somebody),
      'EXCHANGE_FAILED',
    ],
    ['a name that is not signed for', () => signed({ client_id: `redirect_uri:${ANSWER}` }), 'EXCHANGE_FAILED'],
    ['nobody', async () => unsigned({ client_id: ASKER }), 'EXCHANGE_FAILED'],
    [
      '"none"',
      () => forged(({ payload }) => [text({ alg: 'none', kid: asker.keyId }), payload, '']),
      'EXCHANGE_FAILED',
    ],
    [
      'a shared secret',
      () =>
        forged(({ payload }) => [
          text({ alg: 'HS256', typ: 'oauth-authz-req+jwt', kid: asker.keyId }),
          payload,
          text(asker.publicJwk),
        ]),
      'CREDENTIAL_ALGORITHM',
    ],
    [
      'with another payload',
      () => forged(({ header, signature }) => [header, text({ ...QUESTION, nonce: 'n-9876543210' }), signature]),
      'CREDENTIAL_SIGNATURE',
    ],
    ['with what must be understood', () => signed({}, { crit: ['x'], x: 1 }), 'CREDENTIAL_ALGORITHM'],
    ['something else', () => signed({}, { typ: 'JWT' }), 'EXCHANGE_FAILED'],
    ['long ago', () => signed({ exp: seconds - 3600 }), 'CREDENTIAL_EXPIRED'],
    ['tomorrow', () => signed({ iat: seconds + 3600 }), 'CREDENTIAL_NOT_YET_VALID'],
    ['for another wallet', () => signed({ aud: 'https://wallet.example' }), 'EXCHANGE_FAILED'],
  ])('%s', async (_, link, code) => refused(await link(), code))
})

describe('the answer would go elsewhere', () => {
  const evil = 'https://evil.example/response'
  const to = (response_uri: string) => unsigned({ response_uri, client_id: `redirect_uri:${response_uri}` })
  test.each([
    ['than the name says', unsigned({ response_uri: evil }), 'EXCHANGE_FAILED'],
    [
      'than the name says, in one of two places',
      unsigned({ response_uri: evil, redirect_uri: ANSWER }),
      'EXCHANGE_FAILED',
    ],
    ['in the address line', unsigned({ response_uri: undefined, redirect_uri: ANSWER }), 'INVALID_SERVICE_ADDRESS'],
    ['unencrypted', to('http://verifier.example/response'), 'INVALID_SERVICE_ADDRESS'],
    ['to a machine nearby', to('https://192.168.1.1/response'), 'INVALID_SERVICE_ADDRESS'],
    ['to a machine nearby, written as a number', to('https://3232235777/'), 'INVALID_SERVICE_ADDRESS'],
    ['to a machine nearby, in IPv6', to('https://[fd00::1]/'), 'INVALID_SERVICE_ADDRESS'],
    ['to a name nearby', to('https://printer.local/'), 'INVALID_SERVICE_ADDRESS'],
    ['to a name without a dot', to('https://printer/'), 'INVALID_SERVICE_ADDRESS'],
  ])('%s', (_, link, code) => refused(link, code))

  test('to this device, though a host on the internet asks', async () => {
    await refused(await signed({ response_uri: 'http://127.0.0.1:8545/' }), 'INVALID_SERVICE_ADDRESS')
    // What runs on this device may ask itself.
    expect((await readQuestion(to('http://127.0.0.1:8545/'), ports, signal)).responseUri.port).toBe('8545')
  })
})

test('what cannot be answered, or read in full', async () => {
  await refused(await signed({ response_mode: 'fragment' }), 'EXCHANGE_FAILED')
  await refused(await signed({ client_metadata: undefined, client_metadata_uri: REQUEST }), 'EXCHANGE_FAILED')
  await refused(await signed({ transaction_data: [text({ type: 'x', credential_ids: ['card'] })] }), 'EXCHANGE_FAILED')
  await refused(await signed({ nonce: 'short' }), 'EXCHANGE_FAILED')
  await refused(await signed({ dcql_query: undefined, scope: 'card' }), 'UNKNOWN_EXCHANGE')
  for (const client_id of ['x509_san_dns:verifier.example', 'verifier.example', 'origin:https://verifier.example'])
    await refused(unsigned({ client_id }), 'EXCHANGE_FAILED')
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  await refused(`${unsigned({ dcql_query: undefined })}&dcql_query=${deep}`, 'UNKNOWN_EXCHANGE')
  await refused(
    await forged(({ header, signature }) => [header, base64urlnopad.encode(new TextEncoder().encode(deep)), signature]),
    'EXCHANGE_FAILED',
  )
  const metadata = { client_name: `Library\u202Egro.live${'x'.repeat(500)}`, vp_formats_supported: {} }
  const { name } = await readQuestion(await signed({ client_metadata: metadata }), ports, signal)
  expect(name).toMatch(/^Library gro\.livex{1,70}$/)
})
