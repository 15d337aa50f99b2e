import type { HttpAnswer, HttpRequest } from '@glowworm/light-client/infrastructure/ports'
import { isVerified } from '@glowworm/light-client/ledgers/verified'
import { describe, expect, test } from 'vitest'
import { parseDid } from './did.ts'
import { createDidWeb, documentUrl, LONGEST_KEPT, lifetimeOf, MOST_DOCUMENT_BYTES, MOST_KEPT } from './did-web.ts'
import { isSelfCertified } from './resolution.ts'

const DID = 'did:web:issuer.example'
const JWK = {
  ...{ kty: 'EC', crv: 'P-256' },
  x: 'acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0',
  y: '_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE',
}
const METHOD = { id: `${DID}#key-1`, type: 'JsonWebKey2020', controller: DID, publicKeyJwk: JWK }
const DOCUMENT = { id: DID, verificationMethod: [METHOD], assertionMethod: ['#key-1'] }
const signal = new AbortController().signal

/** A web server and a clock in one's hands. */
function world(document: unknown, { status = 200, cache = null as string | null } = {}) {
  const asked: HttpRequest[] = []
  const state = { now: 1_000_000, document, status, cache }
  const resolve = createDidWeb({
    clock: { now: () => state.now },
    http: async (request): Promise<HttpAnswer> => {
      asked.push(request)
      const text = typeof state.document === 'string' ? state.document : JSON.stringify(state.document)
      const header = (name: string) => (name === 'cache-control' ? state.cache : null)
      return { status: state.status, header, bytes: new TextEncoder().encode(text) }
    },
  })
  return { asked, state, resolve: (did = DID) => resolve(parseDid(did), signal) }
}

test('where documents lie', () => {
  const at = (did: string) => documentUrl(did, parseDid(did).id).href
  expect(at('did:web:w3c-ccg.github.io')).toBe('https://w3c-ccg.github.io/.well-known/did.json')
  expect(at('did:web:w3c-ccg.github.io:user:alice')).toBe('https://w3c-ccg.github.io/user/alice/did.json')
  expect(at('did:web:example.com%3A3000:user:alice')).toBe('https://example.com:3000/user/alice/did.json')
})

test.each([
  '127.0.0.1',
  '10.0.0.1',
  '0x7f.1',
  'localhost',
  'wallet.localhost',
  'printer.local',
  'node.internal',
  'router.home.arpa',
  'example.com%2Fevil',
  'user%40example.com',
  'Example.com',
  'example..com',
  '-a.example',
  'example.com:..:x',
  'example.com:%2e%2e:x',
  'example.com::x',
  'example.com%3A0',
  'example.com%3A99999',
  'example.com%3A80%3A81',
  'example.com:a%2Fb',
  'example.com.',
  '1.2.3.4%3A443',
  'a.example:x%3Fy',
  '2130706433',
])('did:web:%s is refused before anything is asked', async (id) => {
  const { asked, resolve } = world(DOCUMENT)
  await expect(resolve(`did:web:${id}`)).rejects.toMatchObject({ code: 'MALFORMED_DID' })
  expect(asked).toEqual([])
})

test('a document is attested, never more, and says whose word it is', async () => {
  const { asked, resolve } = world(DOCUMENT)
  const answer = await resolve()
  expect(answer.value).toEqual({ ...DOCUMENT, assertionMethod: [`${DID}#key-1`] })
  expect(answer.by).toMatch(/^issuer\.example .*DNS and TLS/)
  expect(answer.attested).toBe(true)
  expect(isVerified(answer) || isSelfCertified(answer)).toBe(false)
  expect(asked[0]).toMatchObject({ method: 'GET', maxBytes: MOST_DOCUMENT_BYTES })
})

describe('keeping answers', () => {
  test.each([
    [null, 300_000],
    ['max-age=60', 60_000],
    ['public, Max-Age=60', 60_000],
    ['max-age=0', 0],
    ['no-store, max-age=60', 0],
    ['no-cache', 0],
    ['max-age=99999999', LONGEST_KEPT],
    ['max-age=nonsense', 300_000],
  ])('cache-control %s', (header, lifetime) => expect(lifetimeOf(header)).toBe(lifetime))

  test('until their time is over, with the time they were fetched', async () => {
    const { asked, state, resolve } = world(DOCUMENT, { cache: 'max-age=60' })
    const first = await resolve()
    state.now += 59_999
    expect(await resolve()).toBe(first)
    state.now += 1
    expect((await resolve()).checkedAt).toBe(state.now)
    expect(asked.length).toBe(2)
  })

  test('a failure is not answered from what was kept too long', async () => {
    const { state, resolve } = world(DOCUMENT, { cache: 'max-age=60' })
    await resolve()
    state.now += 60_000
    state.status = 503
    await expect(resolve()).rejects.toMatchObject({ code: 'DID_DOCUMENT_UNREACHABLE' })
  })

  test('not without end', async () => {
    const { asked, state, resolve } = world(DOCUMENT)
    const fetch = async (n: number) => {
      state.document = { id: `did:web:n${n}.example` }
      await resolve(`did:web:n${n}.example`)
    }
    for (let n = 0; n <= MOST_KEPT; n++) await fetch(n)
    await fetch(MOST_KEPT)
    expect(asked.length).toBe(MOST_KEPT + 1)
    await fetch(0)
    expect(asked.length).toBe(MOST_KEPT + 2)
  })
})

test.each<[string, unknown]>([
  ['of another identifier', { ...DOCUMENT, id: 'did:web:other.example' }],
  ['without identifier', { verificationMethod: [] }],
  ['that is a list', [DOCUMENT]],
  ['that is not JSON', '<html>'],
  ['with methods that are no list', { ...DOCUMENT, verificationMethod: METHOD }],
  ['with a method without controller', { ...DOCUMENT, verificationMethod: [{ ...METHOD, controller: undefined }] }],
  ['with a method that is text', { ...DOCUMENT, verificationMethod: ['#key-1'] }],
  ['with two methods of one id', { ...DOCUMENT, verificationMethod: [METHOD, METHOD] }],
  ['with a relative id of the same name', { ...DOCUMENT, verificationMethod: [METHOD, { ...METHOD, id: '#key-1' }] }],
  ['with an id that is no DID URL', { ...DOCUMENT, verificationMethod: [{ ...METHOD, id: 'key-1' }] }],
  ['with a private key', { ...DOCUMENT, verificationMethod: [{ ...METHOD, publicKeyJwk: { ...JWK, d: 'AA' } }] }],
  [
    'with a key off its curve',
    { ...DOCUMENT, verificationMethod: [{ ...METHOD, publicKeyJwk: { ...JWK, y: JWK.x } }] },
  ],
  ['with a number for a relationship', { ...DOCUMENT, authentication: [7] }],
  [
    'with too many methods',
    { ...DOCUMENT, verificationMethod: Array.from({ length: 101 }, (_, i) => ({ ...METHOD, id: `#${i}` })) },
  ],
  ['with a service without endpoint', { ...DOCUMENT, service: [{ id: '#s', type: 'X' }] }],
])('a document %s is refused', async (_, document) => {
  await expect(world(document).resolve()).rejects.toMatchObject({ code: 'INVALID_DID_DOCUMENT' })
})

test('methods may stand in a relationship, and keys of unknown kinds are left out', async () => {
  const odd = { id: '#odd', type: 'X', controller: DID, publicKeyJwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } }
  const { value } = await world({
    id: DID,
    authentication: [METHOD, odd],
    service: [{ id: '#s', type: ['X'], serviceEndpoint: 'https://a.example' }],
  }).resolve()
  expect(value.verificationMethod).toEqual([METHOD, { id: `${DID}#odd`, type: 'X', controller: DID }])
  expect(value.authentication).toEqual([`${DID}#key-1`, `${DID}#odd`])
  expect(value.service).toHaveLength(1)
})

test.each([301, 302, 404, 500])('status %i is no document', async (status) => {
  await expect(world(DOCUMENT, { status }).resolve()).rejects.toMatchObject({ code: 'DID_DOCUMENT_UNREACHABLE' })
})

test('a host that is not there, and a resolution that is given up', async () => {
  const failing = createDidWeb({
    clock: { now: () => 0 },
    http: async () => {
      throw new TypeError('fetch failed')
    },
  })
  await expect(failing(parseDid(DID), signal)).rejects.toMatchObject({ code: 'DID_DOCUMENT_UNREACHABLE' })
  const given = new AbortController()
  given.abort(new Error('given up'))
  await expect(failing(parseDid(DID), given.signal)).rejects.toThrow('given up')
})
