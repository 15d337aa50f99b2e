import type { OfferView, RequestView } from '@glowworm/wallet-core/facade/identity'
import { afterAll, expect, test } from 'vitest'
import { openCredentialStand, withCode } from './credential-stand.ts'
import { everyLayer } from './every-layer.ts'

const { following, facade, sent, people } = await openCredentialStand()
afterAll(() => following.close())

const heldAs = (id: string) => facade.state.identity.credentials.find((one) => one.id === id)!

async function received(credential: 'diploma' | 'residence'): Promise<string> {
  const offer = (await facade.readExchange({ text: people.issuer.offer({ credential }) })) as OfferView
  const got = await facade.acceptOffer({ id: offer.id, code: null, returnTo: 'http://127.0.0.1/' })
  if (!('credentials' in got)) throw new Error('a page was to be opened')
  return got.credentials[0]!
}

async function asked(
  credential: 'diploma' | 'residence',
  claims: readonly (readonly (string | number)[])[],
  unsigned = false,
) {
  const { id, link } = people.verifier.ask(claims, { credential, unsigned })
  const request = (await facade.readExchange({ text: link })) as RequestView
  const choose = (credentialId: string) => request.wants[0]!.choices.find((one) => one.credentialId === credentialId)!
  const show = (credentialId: string) =>
    facade.present({ id: request.id, choices: [{ want: credential, credentialId }] })
  return { id, request, choose, show, result: () => people.verifier.result(id) }
}

test('a diploma: bound to a did:key of its own, shown whole by its holder, taken back and refused', async () => {
  const id = await received('diploma')
  expect(heldAs(id)).toMatchObject({
    ...{
      format: 'ldp_vc',
      name: 'Diploma',
      type: 'https://devnet.example/terms#Diploma',
      copies: 3,
      trust: { kind: 'proven' },
    },
    status: { state: 'valid' },
  })
  const question = await asked('diploma', [['credentialSubject', 'degree', 'name']])
  const choice = question.choose(id)
  // Its suite hides nothing, and the consent says so.
  expect(choice).toMatchObject({ hidden: [], bearer: false, linkable: false })
  expect(choice.learns).toContainEqual({ path: ['credentialSubject', 'degree', 'name'], value: 'Master of Arts' })
  expect(choice.learns).toContainEqual({ path: ['credentialSubject', 'given_name'], value: 'Erika' })
  await question.show(id)
  expect(question.result()).toMatchObject({ accepted: true, claims: { credentialSubject: { given_name: 'Erika' } } })
  expect(facade.state.identity.presentations[0]!.shown[0]!.claims).toContain('credentialSubject.given_name')

  // Another verifier sees another copy, about another did:key.
  const subjects = [question.result(), (await shownTo(id)).result()].map(subjectOf)
  expect(new Set(subjects).size).toBe(2)

  for (const place of people.issuer.issued.slice(-3)) people.issuer.revoke(place)
  await expect(facade.checkCredential({ id })).rejects.toEqual(withCode('CREDENTIAL_REVOKED'))
  await expect((await asked('diploma', [])).show(id)).rejects.toEqual(withCode('CREDENTIAL_REVOKED'))
})

async function shownTo(id: string) {
  const question = await asked('diploma', [['credentialSubject', 'degree']], true)
  await question.show(id)
  return question
}
const subjectOf = (result: unknown) =>
  (result as { claims: { credentialSubject: { id?: string } } }).claims.credentialSubject.id

test('a residence card: only what was asked for leaves, and two showings have nothing in common', async () => {
  const id = await received('residence')
  expect(heldAs(id)).toMatchObject({ copies: 1, trust: { kind: 'self-certified' }, status: null })
  const detail = await facade.credential({ id })
  expect(detail.selectable).toContainEqual({ path: ['credentialSubject', 'birthdate'], value: '1964-08-12' })
  expect(detail.always.map(({ path }) => path[0])).toEqual(expect.arrayContaining(['issuer', 'validUntil']))

  const question = await asked('residence', [['credentialSubject', 'address', 'country']])
  const choice = question.choose(id)
  expect(choice.learns).toEqual([{ path: ['credentialSubject', 'address', 'country'], value: 'DE' }])
  expect(choice.hidden).toEqual(
    expect.arrayContaining([
      ['credentialSubject', 'address', 'locality'],
      ['credentialSubject', 'birthdate'],
      ['credentialSubject', 'nationalities', 1],
    ]),
  )
  // One of two in a list is named by its place among what is held.
  const list = (await asked('residence', [['credentialSubject', 'nationalities', 1]])).choose(id)
  expect(list.learns).toEqual([{ path: ['credentialSubject', 'nationalities', 1], value: 'FR' }])
  expect(list.hidden).toContainEqual(['credentialSubject', 'nationalities', 0])
  expect(list.hidden).not.toContainEqual(['credentialSubject', 'nationalities', 1])

  const before = sent.length
  await question.show(id)
  expect(question.result()).toMatchObject({
    accepted: true,
    claims: { credentialSubject: { address: { country: 'DE' } } },
  })
  const left = sent.slice(before)
  expect(left.map(({ method, url }) => `${method} ${new URL(url).origin}`)).toEqual([`POST ${people.verifier.url}`])
  const readable = everyLayer(JSON.stringify(left))
  expect(readable).toContain('country')
  for (const secret of ['Erika', '1964', 'Köln', 'given_name', 'birthdate', 'locality', 'nationalities', '"FR"'])
    expect(readable).not.toContain(secret)

  // Somebody else asks, and the one copy does for all of them: no number in it is the same.
  const other = await asked('residence', [['credentialSubject', 'address', 'country']], true)
  expect(other.choose(id)).toMatchObject({ linkable: false, bearer: false })
  await other.show(id)
  expect(other.result()).toMatchObject({ accepted: true })
  const [first, second] = people.verifier.received.slice(-2).map(proofValues)
  expect(first!.size).toBeGreaterThan(3)
  expect([...first!].filter((part) => second!.has(part))).toEqual([])
})

/** Pieces of the proof, 32 bytes each. */
function proofValues(body: string): Set<string> {
  const token = JSON.parse(new URLSearchParams(body).get('vp_token')!) as {
    residence: { proof: { proofValue: string } }[]
  }
  const bytes = Buffer.from(token.residence[0]!.proof.proofValue.slice(1), 'base64url').subarray(8, 300)
  return new Set(
    Array.from({ length: bytes.length >> 5 }, (_, i) => bytes.subarray(32 * i, 32 * i + 32).toString('hex')),
  )
}

test('what is bound to nobody does not answer who wants to know whose it is; another kind answers nothing', async () => {
  const id = await received('residence')
  const { verifier } = people
  const link = (change: (query: { credentials: Record<string, unknown>[] }) => void) => {
    const url = new URL(
      verifier.ask([['credentialSubject', 'address']], { credential: 'residence', unsigned: true }).link,
    )
    const query = JSON.parse(url.searchParams.get('dcql_query')!) as { credentials: Record<string, unknown>[] }
    change(query)
    url.searchParams.set('dcql_query', JSON.stringify(query))
    return url.href
  }
  const read = async (text: string) => (await facade.readExchange({ text })) as RequestView
  const plain = await read(link(() => undefined))
  expect(plain.wants[0]!.choices.map(({ credentialId }) => credentialId)).toContain(id)
  for (const change of [
    { require_cryptographic_holder_binding: true },
    { meta: { type_values: [['https://devnet.example/terms#Diploma']] } },
    { meta: { type_values: [['ResidenceCard']] } },
    { claims: [{ path: ['credentialSubject', 'shoe_size'] }] },
  ]) {
    const blocked = await read(link(({ credentials }) => Object.assign(credentials[0]!, change)))
    expect(blocked.blocked, JSON.stringify(change)).toMatchObject({ code: 'NOTHING_TO_SHOW' })
  }
})
