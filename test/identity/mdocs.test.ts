import type { OfferView, RequestView } from '@glowworm/wallet-core/facade/identity'
import { embedded, fromCbor, toCbor } from '@glowworm/wallet-core/identity/mdoc/cbor'
import { readMdoc } from '@glowworm/wallet-core/identity/mdoc/read'
import { verifyMdoc } from '@glowworm/wallet-core/identity/mdoc/verify'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { openCredentialStand, withCode } from './credential-stand.ts'
import { PASSWORD, utf8 } from './credential-wallet.ts'

const SPACE = 'org.iso.18013.5.1'

const { following, facade, sent, people } = await openCredentialStand()
afterAll(() => following.close())

async function received(): Promise<string> {
  const offer = (await facade.readExchange({ text: people.issuer.offer({ credential: 'licence' }) })) as OfferView
  expect(offer.credentials).toMatchObject([{ name: 'Driving licence', type: 'org.iso.18013.5.1.mDL' }])
  const got = await facade.acceptOffer({ id: offer.id, code: null, returnTo: 'http://127.0.0.1/' })
  return (got as { credentials: string[] }).credentials[0]!
}

/** As it is kept. */
async function rawOf(id: string): Promise<string> {
  const { file } = await facade.exportIdentity({ password: utf8(PASSWORD) })
  const { credentials } = JSON.parse(new TextDecoder().decode(file)) as {
    credentials: { id: string; copies: { raw: string }[] }[]
  }
  return credentials.find((one) => one.id === id)!.copies[0]!.raw
}

test('received, and shown element by element: plainly and encrypted; nothing else leaves', async () => {
  const id = await received()
  expect(facade.state.identity.credentials[0]).toMatchObject({
    ...{ format: 'mso_mdoc', name: 'Driving licence', type: 'org.iso.18013.5.1.mDL', copies: 3 },
    trust: { kind: 'certificate', subject: 'Devnet licensing office, DE' },
  })
  const detail = await facade.credential({ id })
  expect(detail.selectable).toContainEqual({ path: [SPACE, 'birth_date'], value: '1964-08-12' })
  for (const encrypted of [false, true]) {
    const asked = people.verifier.ask([[SPACE, 'age_over_18']], { credential: 'licence', encrypted })
    const request = (await facade.readExchange({ text: asked.link })) as RequestView
    const choice = request.wants[0]!.choices.find(({ credentialId }) => credentialId === id)!
    expect(choice.learns).toEqual([{ path: [SPACE, 'age_over_18'], value: 'true' }])
    expect(choice.hidden).toEqual(
      expect.arrayContaining([
        [SPACE, 'family_name'],
        [SPACE, 'document_number'],
      ]),
    )
    const before = sent.length
    await facade.present({ id: request.id, choices: [{ want: 'licence', credentialId: id }] })
    expect(people.verifier.result(asked.id)).toEqual({ accepted: true, claims: { age_over_18: true } })
    expect(sent.length).toBe(before + 1)
  }
  // All that was sent in the clear, and what it says.
  const token = JSON.parse(new URLSearchParams(people.verifier.received.at(-2)).get('vp_token')!)
  const shown = Buffer.from(token.licence[0], 'base64url').toString('latin1')
  expect(shown).toContain('age_over_18')
  for (const secret of ['Erika', 'Mustermann', '1964', 'D1234567', 'family_name', 'document_number'])
    expect(shown).not.toContain(secret)
})

test('shown to a verifier for whom it was not made, it is refused', async () => {
  const id = await received()
  const first = people.verifier.ask([[SPACE, 'given_name']], { credential: 'licence' })
  const request = await facade.readExchange({ text: first.link })
  await facade.present({ id: request.id, choices: [{ want: 'licence', credentialId: id }] })
  const body = new URLSearchParams(people.verifier.received.at(-1))
  const second = people.verifier.ask([[SPACE, 'given_name']], { credential: 'licence' })
  body.set('state', second.id)
  await fetch(`${people.verifier.url}/response/${second.id}`, { method: 'POST', body })
  expect(people.verifier.result(second.id)).toMatchObject({
    accepted: false,
    reason: expect.stringMatching(/signature/i),
  })
})

test('false in any way: an element exchanged, doubled or added; another key; after its time; not CBOR', async () => {
  const raw = await rawOf(await received())
  const now = following.devnet.time() * 1000
  const mdoc = readMdoc(raw)
  expect(verifyMdoc(mdoc, now).subject).toBe('Devnet licensing office, DE')
  const refused = (fault: string) => expect.objectContaining({ code: `CREDENTIAL_${fault}` })
  const day = 86_400_000
  expect(() => verifyMdoc(mdoc, now + 366 * day)).toThrow(refused('EXPIRED'))
  expect(() => verifyMdoc(mdoc, now - day)).toThrow(refused('NOT_YET_VALID'))
  const [first, second] = mdoc.items
  const changed = (items: typeof mdoc.items) => () => verifyMdoc({ ...mdoc, items }, now)
  expect(changed([{ ...first!, bytes: second!.bytes }])).toThrow(refused('DISCLOSURE'))
  expect(changed([{ ...first!, namespace: 'other' }])).toThrow(refused('DISCLOSURE'))
  expect(changed([first!, first!])).toThrow(refused('DISCLOSURE'))
  const none = { ...mdoc.issuerAuth, algorithm: -8 }
  expect(() => verifyMdoc({ ...mdoc, issuerAuth: none }, now)).toThrow(refused('ALGORITHM'))
  expect(() => verifyMdoc({ ...mdoc, issuerAuth: { ...mdoc.issuerAuth, unprotected: new Map() } }, now)).toThrow(
    refused('ISSUER'),
  )
  const chain = new Map([[33, new Uint8Array(40)]])
  expect(() => verifyMdoc({ ...mdoc, issuerAuth: { ...mdoc.issuerAuth, unprotected: chain } }, now)).toThrow(
    expect.objectContaining({ code: 'MALFORMED_CREDENTIAL' }),
  )

  const bytes = Buffer.from(raw, 'base64url')
  const doubled = fromCbor(bytes, 'it') as Map<string, Map<string, unknown[]>>
  const list = doubled.get('nameSpaces')!.get(SPACE)!
  list.push(list[0])
  const text = (value: unknown) => Buffer.from(toCbor(value)).toString('base64url')
  expect(() => readMdoc(text(doubled))).toThrow(expect.objectContaining({ code: 'MALFORMED_CREDENTIAL' }))
  list.splice(0, list.length, embedded(toCbor(new Map())))
  expect(() => readMdoc(text(doubled))).toThrow(expect.objectContaining({ code: 'MALFORMED_CREDENTIAL' }))
  for (const bad of [
    '',
    'AAAA',
    '!',
    Buffer.from(toCbor([1])).toString('base64url'),
    Buffer.alloc(30_000, 0x81).toString('base64url'),
  ])
    expect(() => readMdoc(bad)).toThrow(expect.objectContaining({ code: 'MALFORMED_CREDENTIAL' }))

  // One byte of it, whichever: refused, or not what is believed (the certificate's own signature is nobody's business here).
  const expected = JSON.stringify(mdoc.items.map(({ name, value }) => [name, String(value)]))
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const other = Buffer.from(bytes)
      other[at]! ^= flip
      try {
        const read = readMdoc(other.toString('base64url'))
        verifyMdoc(read, now)
        expect(JSON.stringify(read.items.map(({ name, value }) => [name, String(value)]))).toBe(expected)
      } catch (error) {
        expect((error as Error).name).toMatch(/^Identity\./)
      }
    }),
    { numRuns: 200 },
  )
})

test('one that is bound to a key of somebody else is not added by hand', async () => {
  const raw = await rawOf(await received())
  await expect(facade.addCredential({ text: raw })).rejects.toEqual(withCode('CREDENTIAL_HOLDER'))
  await expect(facade.addCredential({ text: `${raw.slice(0, -8)}AAAAAAAA` })).rejects.toMatchObject({
    problem: { code: expect.stringMatching(/^(MALFORMED_CREDENTIAL|CREDENTIAL_)/) },
  })
})
