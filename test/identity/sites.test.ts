/**
 * Sites that ask the person behind the wallet, through the provider, where identity lives at the far end of a channel, as in
 * the extension: the same commands, the same errors, and no key that crosses.
 */
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import type { Wallet } from '@glowworm/wallet-core'
import { type Channel, channelPair } from '@glowworm/wallet-core/facade/channel'
import type { Approval } from '@glowworm/wallet-core/facade/facade'
import type { OfferView, RequestView } from '@glowworm/wallet-core/facade/identity'
import { verifyAuthentication } from '@glowworm/wallet-core/identity/authentication/verify'
import { carryIdentity } from '@glowworm/wallet-core/identity/carriage/carry-identity'
import { commandIdentity } from '@glowworm/wallet-core/identity/carriage/command-identity'
import { createNodeVerifier } from '@glowworm/wallet-core/identity/headless/node'
import { createCarriedIdentity } from '@glowworm/wallet-core/identity/holder/identity'
import { rememberTaken } from '@glowworm/wallet-core/identity/sd-jwt/take-once'
import { webAead, webRandom } from '@glowworm/wallet-core/infrastructure/web-crypto'
import { loadBls12381Groups } from '@glowworm/wasm-core/load-bls12381-groups'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { verifyJWT } from 'did-jwt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ports, resolver, signal } from '../../wallet-core/src/identity/credential/people.test-kit.ts'
import { withHolderKey } from '../../wallet-core/src/identity/holder/holder-keys.ts'
import type { KeyPlace } from '../../wallet-core/src/identity/holder/records.ts'
import type { Secret } from '../../wallet-core/src/vault/secrets.ts'
import { PHRASE, until } from '../../wallet-core/test/wallet.ts'
import type { Following } from '../calls/devnet-client.ts'
import { clockOf, followWithIdentity, walletWith } from './credential-wallet.ts'

const SITE = 'https://library.example'
const OTHER = 'https://forum.example'
const NONCE = 'n-0S6_WzA2Mj'
let following: Following
let wallet: Wallet
/** Everything that crossed, in both directions. */
const crossed: string[] = []
let counted = 0

beforeAll(async () => {
  following = await followWithIdentity()
  const [near, far] = channelPair()
  const watched = (channel: Channel): Channel => ({
    ...channel,
    send(message) {
      crossed.push(JSON.stringify(message))
      channel.send(message)
    },
  })
  const nearby = { clock: clockOf(following.devnet), random: webRandom, aead: webAead, keccak256: keccak_256 }
  carryIdentity(watched(far), nearby, async (access, readHistory) =>
    createCarriedIdentity(access, { http: platformHttp, loadGroups: loadBls12381Groups }, readHistory),
  )
  wallet = await walletWith(following, following.client, commandIdentity(watched(near)))
})
afterAll(() => following?.close())

const people = () => following.devnet.identity!
const code = (expected: string) => expect.objectContaining({ problem: expect.objectContaining({ code: expected }) })
const ask = (origin: string, method: string, params: unknown) =>
  wallet.provider.handle({ origin, id: String(++counted), method, params: [params] })
const waiting = (kind: Approval['kind']) =>
  until(() => wallet.facade.state.approvals.find((one) => one.kind === kind), `an approval ${kind}`)

async function received(credential: 'membership' | 'diploma' | 'residence' = 'membership'): Promise<string> {
  const offer = (await wallet.facade.readExchange({ text: people().issuer.offer({ credential }) })) as OfferView
  const got = await wallet.facade.acceptOffer({ id: offer.id, code: null, returnTo: 'http://127.0.0.1/' })
  return (got as { credentials: string[] }).credentials[0]!
}

async function authenticated(origin: string, nonce = NONCE) {
  const answer = ask(origin, 'glowworm_authenticate', { nonce, statement: 'To see your loans' })
  const { id, revision } = await waiting('authenticate')
  await wallet.facade.approve({ id, revision })
  return (await answer) as { did: string; jwt: string }
}

test('issued by an issuer whose name is proven in the worker, revoked, and looked at again: as without a channel', async () => {
  const { facade } = wallet
  const id = await received()
  const held = () => facade.state.identity.credentials.find((one) => one.id === id)!
  expect(held()).toMatchObject({ copies: 3, trust: { kind: 'proven', words: expect.any(String) } })
  const asked = people().verifier.ask([['age_over_18']])
  const request = (await facade.readExchange({ text: asked.link })) as RequestView
  expect(request.verifier).toMatchObject({ site: false, trust: { kind: 'proven' } })
  await facade.present({ id: request.id, choices: [{ want: 'membership', credentialId: id }] })
  expect(people().verifier.result(asked.id)).toMatchObject({ accepted: true })
  expect(facade.state.identity.presentations).toHaveLength(1)
  for (const place of people().issuer.issued) people().issuer.revoke(place)
  await expect(facade.checkCredential({ id })).rejects.toEqual(code('CREDENTIAL_REVOKED'))
  await expect(facade.readExchange({ text: 'hello' })).rejects.toEqual(code('UNKNOWN_EXCHANGE'))
  await facade.removeCredential({ id })
  const resolved = await facade.resolveDid({ did: people().issuer.identity.did })
  expect(resolved).toMatchObject({ trust: { kind: 'proven' }, deactivated: false })
  expect(resolved.document).toContain('Ed25519')
})

test('a name for each site, that did-jwt believes: another site sees another, and the same one comes back', async () => {
  const first = await authenticated(SITE)
  const again = await authenticated(SITE, 'another nonce')
  const other = await authenticated(OTHER)
  expect(again.did).toBe(first.did)
  expect(other.did).not.toBe(first.did)
  expect(wallet.facade.state.identity.dids.map(({ party }) => party)).toEqual(expect.arrayContaining([SITE, OTHER]))

  // did-jwt, with our did:key documents: an independent reading of the JWT.
  const oracle = {
    resolve: async (did: string) => {
      const { value } = await resolver.resolve(did, signal)
      return { didDocument: value, didDocumentMetadata: {}, didResolutionMetadata: {} } as never
    },
  }
  const now = following.devnet.time()
  const policies = { now }
  const { payload, verified, issuer } = await verifyJWT(first.jwt, { resolver: oracle, audience: SITE, policies })
  expect([verified, issuer, payload.nonce, payload.sub]).toEqual([true, first.did, NONCE, first.did])
  await expect(verifyJWT(first.jwt, { resolver: oracle, audience: OTHER, policies })).rejects.toThrow()

  const once = rememberTaken({ now: () => now * 1000 })
  const check = (jwt: string, expected = { audience: SITE, nonce: NONCE }) =>
    verifyAuthentication(jwt, expected, once, { ...ports, clock: { now: () => now * 1000 } }, signal)
  expect((await check(first.jwt)).did).toBe(first.did)
  await expect(check(first.jwt)).rejects.toMatchObject({ code: 'CREDENTIAL_REPLAYED' })
  await expect(check(other.jwt)).rejects.toMatchObject({ code: 'CREDENTIAL_AUDIENCE' })
  await expect(check(again.jwt)).rejects.toMatchObject({ code: 'CREDENTIAL_NONCE' })
  const [header, body, signature] = first.jwt.split('.') as [string, string, string]
  const foreign = other.jwt.split('.')[0]!
  await expect(check(`${foreign}.${body}.${signature}`)).rejects.toMatchObject({ code: 'CREDENTIAL_ISSUER' })
  const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')
  await expect(check(`${none}.${body}.`)).rejects.toMatchObject({ code: 'CREDENTIAL_ALGORITHM' })
  await expect(
    check(`${header}.${body}.${signature.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'))}`),
  ).rejects.toMatchObject({ code: 'CREDENTIAL_SIGNATURE' })
})

test('a presentation for a site: consent first, then exactly that, for that site and nonce, and logged', async () => {
  const { facade } = wallet
  const id = await received()
  const question = {
    credentials: [
      {
        ...{ id: 'card', format: 'dc+sd-jwt', meta: { vct_values: ['https://devnet.example/membership'] } },
        claims: [{ path: ['age_over_18'] }],
      },
    ],
  }
  const answer = ask(SITE, 'glowworm_present', { nonce: NONCE, purpose: 'To lend you a book', dcql_query: question })
  const approval = await waiting('present')
  const request = await facade.readSiteQuestion({ approvalId: approval.id })
  expect(request).toMatchObject({
    verifier: { id: `origin:${SITE}`, host: 'library.example', site: true, trust: null },
    purpose: 'To lend you a book',
    wants: [{ choices: expect.arrayContaining([expect.objectContaining({ credentialId: id })]) }],
  })
  // A yes without a choice is none.
  await expect(facade.approve({ id: approval.id, revision: 1 })).rejects.toEqual(code('CHOICE_MISSING'))
  await facade.present({ id: request.id, choices: [{ want: 'card', credentialId: id }] })
  const { vp_token } = (await answer) as { vp_token: { card: string[] } }
  expect(facade.state.approvals).toEqual([])
  expect(facade.state.identity.presentations[0]).toMatchObject({
    ...{ verifier: `origin:${SITE}`, host: 'library.example', purpose: 'To lend you a book' },
    shown: [{ claims: ['age_over_18'], issuerTrust: { kind: 'proven' } }],
  })

  // Whoever serves the site checks it as any presentation.
  const door = createNodeVerifier(following.client, { clock: clockOf(following.devnet) })
  await door.learn(people().issuer.identity.did, [`${people().issuer.url}/status/1`], signal)
  const shown = vp_token.card[0]!
  await expect(door.verify(shown, { audience: `origin:${OTHER}`, nonce: NONCE }, signal)).rejects.toMatchObject({
    code: 'CREDENTIAL_AUDIENCE',
  })
  const verified = await door.verify(shown, { audience: `origin:${SITE}`, nonce: NONCE }, signal)
  expect(verified.claims).toMatchObject({ age_over_18: true })
  expect(verified.claims).not.toHaveProperty('given_name')
})

test('no means no; what cannot be read, or is asked twice at once, is refused; nothing is shown', async () => {
  const { facade } = wallet
  const before = facade.state.identity.presentations.length
  const query = { credentials: [{ id: 'x', format: 'dc+sd-jwt', meta: {} }] }
  const rejected = ask(SITE, 'glowworm_present', { nonce: NONCE, dcql_query: query })
  const { id } = await waiting('present')
  await expect(ask(SITE, 'glowworm_present', { nonce: NONCE, dcql_query: query })).rejects.toMatchObject({
    code: -32002,
  })
  await facade.reject({ id })
  await expect(rejected).rejects.toMatchObject({ code: 4001 })

  const unreadable = ask(SITE, 'glowworm_present', { nonce: NONCE, dcql_query: { credentials: [{ id: '!' }] } })
  unreadable.catch(() => undefined)
  const approvalId = (await waiting('present')).id
  await expect(facade.readSiteQuestion({ approvalId })).rejects.toEqual(code('UNKNOWN_EXCHANGE'))
  await expect(unreadable).rejects.toMatchObject({ code: -32602 })
  await expect(facade.readSiteQuestion({ approvalId })).rejects.toEqual(code('APPROVAL_GONE'))

  for (const bad of [
    {},
    { nonce: 'short' },
    { nonce: NONCE, dcql_query: 'x' },
    { nonce: NONCE, dcql_query: query, purpose: 7 },
    { nonce: NONCE, dcql_query: { credentials: [], more: 'x'.repeat(20_000) } },
  ])
    await expect(ask(SITE, 'glowworm_present', bad), JSON.stringify(bad).slice(0, 80)).rejects.toMatchObject({
      code: -32602,
    })
  for (const bad of [{}, { nonce: 'a\u0000bcdefghij' }, { nonce: NONCE, statement: 'x'.repeat(301) }])
    await expect(ask(SITE, 'glowworm_authenticate', bad)).rejects.toMatchObject({ code: -32602 })
  expect(facade.state.approvals).toEqual([])
  expect(facade.state.identity.presentations).toHaveLength(before)
})

test('no key crosses: neither the phrase nor what follows from it', () => {
  const all = crossed.join('\n')
  const places = crossed.flatMap((message) => {
    const { message: inner } = JSON.parse(message) as { message: { call?: string; request?: KeyPlace[] } }
    return inner.call === 'publicKeys' ? inner.request! : []
  })
  expect(places.length).toBeGreaterThan(5)
  const phrase: Secret = { kind: 'phrase', entropy: mnemonicToEntropy(PHRASE, wordlist), passphrase: new Uint8Array(0) }
  const secrets = [phrase.entropy, ...places.map((place) => withHolderKey([phrase], place, (key) => key.slice()))]
  for (const secret of secrets) {
    const bytes = Buffer.from(secret)
    for (const text of [
      bytes.toString('hex'),
      bytes.toString('base64').slice(0, 20),
      bytes.toString('base64url').slice(0, 20),
    ])
      expect(all).not.toContain(text)
  }
  expect(all).not.toContain(PHRASE)
})
