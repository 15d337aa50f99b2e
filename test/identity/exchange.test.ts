/** Credentials through the whole wallet: issued, held, shown in part, taken back; with an issuer whose DID is proven. */
import { createHash } from 'node:crypto'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import type { Http } from '@glowworm/light-client/infrastructure/ports'
import type { OfferView, RequestView } from '@glowworm/wallet-core/facade/identity'
import { afterAll, expect, test } from 'vitest'
import { clientOf } from '../calls/devnet-client.ts'
import { openCredentialStand, withCode } from './credential-stand.ts'
import { credentialWallet, executionRpcSource, PASSWORD, utf8 } from './credential-wallet.ts'
import { everyLayer } from './every-layer.ts'

const RETURN_TO = 'http://127.0.0.1:5173/'

const { following, facade, sent, people } = await openCredentialStand()
afterAll(() => following.close())

const readOffer = async (link: string) => (await facade.readExchange({ text: link })) as OfferView
const readRequest = async (link: string) => (await facade.readExchange({ text: link })) as RequestView

async function received(): Promise<string> {
  const { id } = await readOffer(people.issuer.offer())
  const got = await facade.acceptOffer({ id, code: null, returnTo: RETURN_TO })
  if (!('credentials' in got)) throw new Error('a page was to be opened')
  return got.credentials[0]!
}

async function show(claims: readonly (readonly (string | number | null)[])[], credentialId: string) {
  const { id, link } = people.verifier.ask(claims)
  const request = await readRequest(link)
  const { redirect } = await facade.present({ id: request.id, choices: [{ want: 'membership', credentialId }] })
  return { request, redirect, result: people.verifier.result(id) }
}

test('by a code given beforehand: received, with as many keys as there are copies, its issuer proven', async () => {
  const offer = await readOffer(people.issuer.offer({ code: '4711' }))
  expect(offer).toMatchObject({
    issuer: { name: 'Devnet registry office' },
    credentials: [{ name: 'Membership card' }],
    code: { length: 4, numeric: true },
    redirects: false,
  })
  await expect(facade.acceptOffer({ id: offer.id, code: '0000', returnTo: RETURN_TO })).rejects.toEqual(
    withCode('EXCHANGE_FAILED'),
  )
  await facade.acceptOffer({ id: offer.id, code: '4711', returnTo: RETURN_TO })
  const [credential] = facade.state.identity.credentials
  expect(credential).toMatchObject({
    ...{ format: 'dc+sd-jwt', name: 'Membership card', issuer: people.issuer.identity.did, copies: 3, unseen: 3 },
    trust: { kind: 'proven', words: expect.any(String) },
    status: { state: 'valid', by: expect.stringContaining('127.0.0.1') },
  })
  const detail = await facade.credential({ id: credential!.id })
  expect(detail.selectable).toContainEqual({ path: ['address', 'locality'], value: 'Köln' })
  expect(detail.always.map(({ path }) => path[0])).toContain('iss')
  await expect(facade.acceptOffer({ id: offer.id, code: '4711', returnTo: RETURN_TO })).rejects.toEqual(
    withCode('EXCHANGE_GONE'),
  )
})

test('by the issuer’s page: the answer belongs to the offer that was opened', async () => {
  const offer = await readOffer(people.issuer.offer({ page: true }))
  expect(offer.redirects).toBe(true)
  const answer = await facade.acceptOffer({ id: offer.id, code: null, returnTo: RETURN_TO })
  if (!('url' in answer)) throw new Error('no page')
  expect(facade.state.identity.authorizing).toBe(true)
  const page = await fetch(answer.url, { redirect: 'manual' })
  const back = page.headers.get('location')!
  const { credentials } = await facade.resumeOffer({ url: back })
  expect(credentials).toHaveLength(1)
  await expect(facade.resumeOffer({ url: back })).rejects.toEqual(withCode('EXCHANGE_GONE'))

  const other = await readOffer(people.issuer.offer({ page: true }))
  const second = (await facade.acceptOffer({ id: other.id, code: null, returnTo: RETURN_TO })) as { url: string }
  const own = (await fetch(second.url, { redirect: 'manual' })).headers.get('location')!
  const foreign = new URL(own)
  foreign.searchParams.set('state', 'other')
  await expect(facade.resumeOffer({ url: foreign.href })).rejects.toEqual(withCode('EXCHANGE_FAILED'))
  await expect(facade.resumeOffer({ url: 'hello' })).rejects.toEqual(withCode('EXCHANGE_FAILED'))
  // Whoever led here with something else has closed nothing.
  expect((await facade.resumeOffer({ url: own })).credentials).toHaveLength(1)
})

test('pressed twice, it is received once, and shown once', async () => {
  const offer = await readOffer(people.issuer.offer())
  const before = facade.state.identity.credentials.length
  const accept = () => facade.acceptOffer({ id: offer.id, code: null, returnTo: RETURN_TO })
  const [first, second] = await Promise.allSettled([accept(), accept()])
  expect([first!.status, second!.status]).toEqual(['fulfilled', 'rejected'])
  expect((second as PromiseRejectedResult).reason).toEqual(withCode('EXCHANGE_GONE'))
  expect(facade.state.identity.credentials).toHaveLength(before + 1)

  const { id } = await readRequest(people.verifier.ask([['age_over_18']]).link)
  const choices = [{ want: 'membership', credentialId: facade.state.identity.credentials[0]!.id }]
  const sentBefore = people.verifier.received.length
  const shown = await Promise.allSettled([facade.present({ id, choices }), facade.present({ id, choices })])
  expect(shown.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  expect(people.verifier.received.length).toBe(sentBefore + 1)
})

test('what its issuer gives is what was offered', async () => {
  const other: Http = async (request) => {
    const answer = await platformHttp(request)
    if (!request.url.endsWith('openid-credential-issuer')) return answer
    const text = new TextDecoder().decode(answer.bytes).replace('devnet.example/membership', 'devnet.example/passport')
    return { ...answer, bytes: new TextEncoder().encode(text) }
  }
  const deceived = await credentialWallet(following, following.client, other)
  const offer = (await deceived.readExchange({ text: people.issuer.offer() })) as OfferView
  expect(offer.credentials).toMatchObject([{ type: 'https://devnet.example/passport' }])
  const accepting = deceived.acceptOffer({ id: offer.id, code: null, returnTo: RETURN_TO })
  await expect(accepting).rejects.toEqual(withCode('CREDENTIAL_TYPE'))
  expect(deceived.state.identity.credentials).toEqual([])
})

test('consent says who asks, why, what leaves and what stays; then exactly that leaves', async () => {
  const id = await received()
  const asked = people.verifier.ask([['address', 'country'], ['nationalities', null], ['age_over_18']], {
    purpose: 'To lend you a book',
  })
  const request = await readRequest(asked.link)
  expect(request).toMatchObject({
    verifier: { name: 'Devnet library', host: expect.stringMatching(/^127\.0\.0\.1:/), trust: { kind: 'proven' } },
    purpose: 'To lend you a book',
    blocked: null,
  })
  const choice = request.wants[0]!.choices.find(({ credentialId }) => credentialId === id)!
  expect(choice.learns).toEqual(
    expect.arrayContaining([
      { path: ['address', 'country'], value: 'DE' },
      { path: ['nationalities', 0], value: 'DE' },
      { path: ['nationalities', 1], value: 'FR' },
      { path: ['age_over_18'], value: 'true' },
    ]),
  )
  expect(choice.learns).toHaveLength(4)
  expect(choice.hidden).toEqual(expect.arrayContaining([['given_name'], ['birthdate'], ['address', 'locality']]))
  expect(choice.linkable).toBe(false)

  const before = sent.length
  const { redirect } = await facade.present({
    id: request.id,
    choices: [{ want: 'membership', credentialId: id }],
  })
  expect(redirect).toBe(`${people.verifier.url}/done#${asked.id}`)
  const result = people.verifier.result(asked.id)
  if (!result?.accepted) throw new Error(`not accepted: ${JSON.stringify(result)}`)
  expect(result.claims).toMatchObject({ address: { country: 'DE' }, nationalities: ['DE', 'FR'], age_over_18: true })
  expect(result.claims).not.toHaveProperty('given_name')

  // All that left the device for it: one request, to the verifier, and nothing but what was agreed to in it.
  const left = sent.slice(before)
  expect(left.map(({ method, url }) => `${method} ${new URL(url).origin}`)).toEqual([`POST ${people.verifier.url}`])
  const readable = everyLayer(JSON.stringify(left))
  expect(readable).toContain('age_over_18')
  for (const secret of ['Erika', 'Mustermann', '1964', 'Köln', 'given_name', 'birthdate', 'locality', 'family_name']) {
    expect(readable).not.toContain(secret)
  }

  const [entry] = facade.state.identity.presentations
  expect(entry).toMatchObject({
    ...{ purpose: 'To lend you a book', host: new URL(people.verifier.url).host, verifierTrust: { kind: 'proven' } },
    shown: [{ credentialId: id, issuerTrust: { kind: 'proven' }, status: { state: 'valid' } }],
  })
  expect(entry!.shown[0]!.claims).toContain('address.country')
  expect(JSON.stringify(entry, (_, value) => (typeof value === 'bigint' ? `${value}` : value))).not.toContain('FR')
})

test('encrypted, where the verifier asks for it: nobody on the way reads anything', async () => {
  const id = await received()
  const asked = people.verifier.ask([['age_over_18']], { encrypted: true })
  const request = await readRequest(asked.link)
  await facade.present({ id: request.id, choices: [{ want: 'membership', credentialId: id }] })
  expect(people.verifier.result(asked.id)).toMatchObject({ accepted: true, claims: { age_over_18: true } })
  const readable = everyLayer(people.verifier.received.at(-1)!)
  expect(readable).toContain('ECDH-ES')
  // Long ones: three letters stand in any ciphertext.
  for (const secret of ['age_over_18', people.issuer.identity.did, 'devnet.example'])
    expect(readable).not.toContain(secret)
})

test('two verifiers see two copies; the one who asks again sees its own; then a third is warned about', async () => {
  const id = await received()
  const { verifier } = people
  const unsigned = () => verifier.ask([['age_over_18']], { unsigned: true })
  const seen = async (link: string) => {
    const request = await readRequest(link)
    await facade.present({ id: request.id, choices: [{ want: 'membership', credentialId: id }] })
    const choice = request.wants[0]!.choices.find(({ credentialId }) => credentialId === id)!
    const token = JSON.parse(new URLSearchParams(verifier.received.at(-1)).get('vp_token')!) as { membership: string[] }
    return { linkable: choice.linkable, jwt: token.membership[0]!.split('~')[0], trust: request.verifier.trust }
  }
  const known = () => verifier.ask([['age_over_18']]).link
  const [first, again] = [await seen(known()), await seen(known())]
  // Each of these is another verifier: it is known by the address of its answer alone.
  const [second, third, fourth] = [
    await seen(unsigned().link),
    await seen(unsigned().link),
    await seen(unsigned().link),
  ]
  expect(again.jwt).toBe(first.jwt)
  expect(new Set([first.jwt, second.jwt, third.jwt]).size).toBe(3)
  expect([first, again, second, third, fourth].map(({ linkable }) => linkable)).toEqual([
    false,
    false,
    false,
    false,
    true,
  ])
  expect(second.trust).toBeNull()
})

test('two questions are open at once: a copy that was new to both is not shown to both', async () => {
  const id = await received()
  const { verifier } = people
  const asked = () => verifier.ask([['age_over_18']], { unsigned: true }).link
  const [first, second] = [await readRequest(asked()), await readRequest(asked())]
  const linkable = ({ wants }: RequestView) =>
    wants[0]!.choices.find(({ credentialId }) => credentialId === id)!.linkable
  expect([first, second].map(linkable)).toEqual([false, false])
  const choices = [{ want: 'membership', credentialId: id }]
  await facade.present({ id: first.id, choices })
  const before = verifier.received.length
  await expect(facade.present({ id: second.id, choices })).rejects.toEqual(withCode('EXCHANGE_GONE'))
  expect(verifier.received.length).toBe(before)
  const again = await readRequest(asked())
  await facade.present({ id: again.id, choices })
  const jwts = verifier.received.slice(-2).map((body) => {
    const token = JSON.parse(new URLSearchParams(body).get('vp_token')!) as { membership: string[] }
    return token.membership[0]!.split('~')[0]
  })
  expect(new Set(jwts).size).toBe(2)
})

test('taken back by its issuer: the verifier refuses, the wallet learns why when it is asked, and shows it no more', async () => {
  const id = await received()
  expect((await show([['age_over_18']], id)).result).toMatchObject({ accepted: true })
  const { issuer, verifier } = people
  for (const place of issuer.issued.slice(-3)) issuer.revoke(place)
  const { id: question, link } = verifier.ask([['age_over_18']])
  const request = await readRequest(link)
  await expect(facade.present({ id: request.id, choices: [{ want: 'membership', credentialId: id }] })).rejects.toEqual(
    withCode('EXCHANGE_FAILED'),
  )
  expect(verifier.result(question)).toMatchObject({ accepted: false, reason: expect.stringMatching(/status/i) })
  await expect(facade.checkCredential({ id })).rejects.toEqual(withCode('CREDENTIAL_REVOKED'))
  expect(facade.state.identity.credentials.find((one) => one.id === id)?.status?.state).toBe('revoked')
  const next = await readRequest(verifier.ask([['age_over_18']]).link)
  await expect(facade.present({ id: next.id, choices: [{ want: 'membership', credentialId: id }] })).rejects.toEqual(
    withCode('CREDENTIAL_REVOKED'),
  )
})

test('what cannot be answered, or read, says so; nothing leaves', async () => {
  const { verifier } = people
  const before = verifier.received.length
  const unmet = await readRequest(verifier.ask([['shoe_size']]).link)
  expect(unmet).toMatchObject({ wants: [], blocked: { code: 'NOTHING_TO_SHOW' } })
  await expect(facade.present({ id: unmet.id, choices: [] })).rejects.toEqual(withCode('CHOICE_MISSING'))
  const { link } = verifier.ask([['age_over_18']])
  const forged = new URL(link)
  forged.searchParams.set('client_id', `decentralized_identifier:${people.issuer.identity.did}`)
  const other = await readRequest(link)
  expect(other.blocked).toBeNull()
  for (const [text, expected] of [
    ['hello', 'UNKNOWN_EXCHANGE'],
    [`openid4vp://authorize?client_id=${'x'.repeat(1 << 18)}`, 'UNKNOWN_EXCHANGE'],
    ['https://example.com/', 'UNKNOWN_EXCHANGE'],
    ['openid4vp://authorize?client_id=x', 'EXCHANGE_FAILED'],
    [forged.href, 'EXCHANGE_FAILED'],
    ['openid4vp://authorize?client_id=x&request_uri=http://example.com/', 'INVALID_SERVICE_ADDRESS'],
    ['openid-credential-offer://?credential_offer_uri=http://127.0.0.1:1/', 'EXCHANGE_UNREACHABLE'],
    ['openid-credential-offer://?credential_offer={', 'EXCHANGE_FAILED'],
  ] as const) {
    await expect(facade.readExchange({ text }), text).rejects.toEqual(withCode(expected))
  }
  expect(verifier.received.length).toBe(before)
})

test('exported with everything but keys, erased for good; not without the password', async () => {
  await expect(facade.exportIdentity({ password: utf8('wrong password') })).rejects.toEqual(withCode('WRONG_PASSWORD'))
  const { file } = await facade.exportIdentity({ password: utf8(PASSWORD) })
  const exported = JSON.parse(new TextDecoder().decode(file)) as { credentials: unknown[]; presentations: unknown[] }
  expect(exported.credentials).toHaveLength(facade.state.identity.credentials.length)
  expect(exported.presentations.length).toBeGreaterThan(0)
  const [first] = facade.state.identity.presentations
  await facade.removePresentations({ id: first!.id })
  expect(facade.state.identity.presentations.some(({ id }) => id === first!.id)).toBe(false)
  await facade.eraseIdentity({ password: utf8(PASSWORD) })
  expect(facade.state.identity).toMatchObject({ credentials: [], presentations: [], dids: [] })
})

test('a node that withholds one event of the issuer is named, and nothing is received through it', async () => {
  const { devnet } = following
  const withoutEvents: Http = async (request) => {
    const answer = await platformHttp(request)
    if (!request.body?.includes('Receipt')) return answer
    const lied = JSON.stringify(JSON.parse(new TextDecoder().decode(answer.bytes)), (_, value) =>
      Array.isArray(value?.logs) ? { ...value, logs: value.logs.slice(1) } : value,
    )
    return { ...answer, bytes: new TextEncoder().encode(lied) }
  }
  const liar = executionRpcSource({ url: devnet.executionUrl, http: withoutEvents })
  const client = clientOf(devnet, [liar])
  const deceived = await credentialWallet(following, client)
  const offer = (await deceived.readExchange({ text: people.issuer.offer() })) as OfferView
  await expect(deceived.acceptOffer({ id: offer.id, code: null, returnTo: RETURN_TO })).rejects.toMatchObject({
    problem: { code: 'INVALID_BLOCK_CONTENT' },
  })
  expect(deceived.state.identity.credentials).toEqual([])
  expect(deceived.state.sources.find(({ lie }) => lie !== null)?.lie?.code).toBe('INVALID_BLOCK_CONTENT')
  await client.close()
})

test('a status list that the issuer anchored on the ledger rests on its proof, and another one is not taken', async () => {
  const id = await received()
  const uri = `${people.issuer.url}/status/1`
  const anchor = async () => {
    const list = await (await fetch(uri)).text()
    const sha256 = createHash('sha256').update(list).digest('base64url')
    await people.registry.listIssuerService('StatusListAnchor', { uri, sha256 })
    await following.devnet.advance(3)
    await untilHead()
  }
  await anchor()
  await facade.checkCredential({ id })
  const statusOf = () => facade.state.identity.credentials.find((one) => one.id === id)?.status
  expect(statusOf()).toMatchObject({ state: 'valid', anchored: { kind: 'proven' } })
  // The list is another one as soon as something is taken back, and nobody has anchored that.
  people.issuer.revoke(people.issuer.issued.at(-1)!)
  await expect(facade.checkCredential({ id })).rejects.toEqual(withCode('CREDENTIAL_STATUS'))
  expect(statusOf()).toMatchObject({ state: 'valid' })
  await anchor()
  await facade.checkCredential({ id })
  expect(statusOf()).toMatchObject({ state: 'valid', anchored: { kind: 'proven' } })
})

test('a key that its issuer took off its DID signs nothing that is believed', async () => {
  const id = await received()
  await people.registry.revokeIssuerKey()
  await following.devnet.advance(3)
  await untilHead()
  await expect(facade.checkCredential({ id })).rejects.toEqual(withCode('CREDENTIAL_ISSUER'))
  const offer = await readOffer(people.issuer.offer())
  await expect(facade.acceptOffer({ id: offer.id, code: null, returnTo: RETURN_TO })).rejects.toEqual(
    withCode('CREDENTIAL_ISSUER'),
  )
})

async function untilHead(): Promise<void> {
  const number = BigInt(await following.devnet.execution<string>('eth_blockNumber'))
  for (let turns = 0; turns < 500; turns++) {
    const { status } = following.client
    if (status.state === 'following' && status.head.optimistic.blockNumber >= number - 1n) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('the client does not follow')
}
