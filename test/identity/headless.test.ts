/** A door that verifies what is shown to it without a network, on what it proved when it had one. */
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import type { WalletFacade } from '@glowworm/wallet-core/facade/facade'
import type { OfferView } from '@glowworm/wallet-core/facade/identity'
import { createNodeVerifier } from '@glowworm/wallet-core/identity/headless/node'
import type { JsonObject } from '@glowworm/wallet-core/identity/jose/jws'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Following } from '../calls/devnet-client.ts'
import { credentialWallet, followWithIdentity } from './credential-wallet.ts'

const HOUR = 3_600_000
const signal = new AbortController().signal
let following: Following
let facade: WalletFacade

beforeAll(async () => {
  following = await followWithIdentity()
  facade = await credentialWallet(following, following.client)
  const offer = (await facade.readExchange({ text: people().issuer.offer() })) as OfferView
  await facade.acceptOffer({ id: offer.id, code: null, returnTo: 'http://127.0.0.1/' })
})
afterAll(() => following?.close())
const people = () => following.devnet.identity!

/** What the wallet shows to a verifier, taken from the wire; with the question it answers. */
async function shown() {
  const { verifier } = people()
  const { id, link } = verifier.ask([['age_over_18']])
  const request = await facade.readExchange({ text: link })
  const credentialId = facade.state.identity.credentials[0]!.id
  await facade.present({ id: request.id, choices: [{ want: 'membership', credentialId }] })
  const token = JSON.parse(new URLSearchParams(verifier.received.at(-1)).get('vp_token')!) as { membership: string[] }
  const text = token.membership[0]!
  const binding = JSON.parse(Buffer.from(text.split('~').at(-1)!.split('.')[1]!, 'base64url').toString())
  expect(verifier.result(id)).toMatchObject({ accepted: true })
  return { text, expected: { audience: binding.aud as string, nonce: binding.nonce as string } }
}

test('offline, with the age of what was proven; not for a stranger, nor for ever, nor twice, nor taken back', async () => {
  const { issuer } = people()
  const list = `${issuer.url}/status/1`
  let [later, network] = [0, true]
  const verifier = createNodeVerifier(following.client, {
    clock: { now: () => following.devnet.time() * 1000 + later },
    http: (request) => {
      if (!network) throw new Error('there is no network')
      return platformHttp(request)
    },
  })
  const first = await shown()
  network = false
  await expect(verifier.verify(first.text, first.expected, signal)).rejects.toMatchObject({
    code: 'ISSUER_NOT_LEARNED',
  })
  network = true
  expect(await verifier.learn(issuer.identity.did, [list], signal)).toMatchObject({ kind: 'proven' })
  network = false

  const verified = await verifier.verify(first.text, first.expected, signal)
  expect(verified).toMatchObject({
    ...{ issuer: issuer.identity.did, claims: { age_over_18: true }, trust: { kind: 'proven' } },
    status: { state: 'valid' },
  })
  expect(verified.claims).not.toHaveProperty('given_name')
  expect(verified.issuerAge).toBeGreaterThanOrEqual(0)
  await expect(verifier.verify(first.text, first.expected, signal)).rejects.toMatchObject({
    code: 'CREDENTIAL_REPLAYED',
  })
  const second = await shown()
  await expect(verifier.verify(second.text, { ...second.expected, nonce: 'other' }, signal)).rejects.toMatchObject({
    code: 'CREDENTIAL_NONCE',
  })

  later = 2 * HOUR
  await expect(verifier.verify(second.text, second.expected, signal)).rejects.toMatchObject({
    code: 'CREDENTIAL_REPLAYED',
  })
  later = 0
  for (const place of issuer.issued) issuer.revoke(place)
  network = true
  await verifier.learn(issuer.identity.did, [list], signal)
  network = false
  await expect(verifier.verify(second.text, second.expected, signal)).rejects.toMatchObject({
    code: 'CREDENTIAL_REVOKED',
  })
})

test('what was learned too long ago says nothing', async () => {
  const { issuer } = people()
  const { issued } = issuer
  expect(issued.length).toBeGreaterThan(0)
  const credentialId = facade.state.identity.credentials[0]!.id
  const { verifier: asker } = people()
  const request = await facade.readExchange({ text: asker.ask([['age_over_18']]).link })
  await facade.present({ id: request.id, choices: [{ want: 'membership', credentialId }] }).catch(() => undefined)
  const token = JSON.parse(new URLSearchParams(asker.received.at(-1)).get('vp_token')!) as { membership: string[] }
  const text = token.membership[0]!
  const binding = JSON.parse(Buffer.from(text.split('~').at(-1)!.split('.')[1]!, 'base64url').toString())
  const expected = { audience: binding.aud as string, nonce: binding.nonce as string }
  const clock = { now: () => following.devnet.time() * 1000 }
  const old = createNodeVerifier(following.client, { clock, bounds: { oldestIssuer: -1, oldestStatus: HOUR } })
  await old.learn(issuer.identity.did, [`${issuer.url}/status/1`], signal)
  await expect(old.verify(text, expected, signal)).rejects.toMatchObject({ code: 'ISSUER_NOT_LEARNED' })
  const unlisted = createNodeVerifier(following.client, { clock })
  await unlisted.learn(issuer.identity.did, [], signal)
  await expect(unlisted.verify(text, expected, signal)).rejects.toMatchObject({ code: 'STATUS_UNREACHABLE' })
})

test('documents, offline: a diploma that its holder shows, and what was derived of a residence card', async () => {
  const { issuer, verifier: asker } = people()
  const clock = { now: () => following.devnet.time() * 1000 }
  let network = true
  const door = createNodeVerifier(following.client, {
    clock,
    http: (request) => {
      if (!network) throw new Error('there is no network')
      return platformHttp(request)
    },
  })
  const documents = new Map<string, { shown: JsonObject; expected: { audience: string; nonce: string } }>()
  for (const credential of ['diploma', 'residence'] as const) {
    const offer = (await facade.readExchange({ text: issuer.offer({ credential }) })) as OfferView
    await facade.acceptOffer({ id: offer.id, code: null, returnTo: 'http://127.0.0.1/' })
    const credentialId = facade.state.identity.credentials[0]!.id
    const { link } = asker.ask([['credentialSubject', 'given_name']], { credential, unsigned: true })
    const question = new URL(link).searchParams
    const request = await facade.readExchange({ text: link })
    await facade.present({ id: request.id, choices: [{ want: credential, credentialId }] })
    const token = JSON.parse(new URLSearchParams(asker.received.at(-1)).get('vp_token')!) as Record<
      string,
      JsonObject[]
    >
    const expected = { audience: question.get('client_id')!, nonce: question.get('nonce')! }
    documents.set(credential, { shown: token[credential]![0]!, expected })
  }
  const diploma = documents.get('diploma')!
  const residence = documents.get('residence')!
  const derivedIssuer = residence.shown.issuer as string
  await expect(door.verify(residence.shown, residence.expected, signal)).rejects.toMatchObject({
    code: 'ISSUER_NOT_LEARNED',
  })
  await door.learn(issuer.identity.did, [`${issuer.url}/status/2`], signal)
  await door.learn(derivedIssuer, [], signal)
  network = false
  expect(await door.verify(diploma.shown, diploma.expected, signal)).toMatchObject({
    ...{ issuer: issuer.identity.did, trust: { kind: 'proven' }, status: { state: 'valid' } },
    claims: { credentialSubject: { given_name: 'Erika' } },
  })
  await expect(door.verify(diploma.shown, diploma.expected, signal)).rejects.toMatchObject({
    code: 'CREDENTIAL_REPLAYED',
  })
  await expect(door.verify(residence.shown, { ...residence.expected, nonce: 'another' }, signal)).rejects.toMatchObject(
    { code: 'CREDENTIAL_NONCE' },
  )
})
