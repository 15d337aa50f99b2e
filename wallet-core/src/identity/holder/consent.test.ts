/** What the consent screen says, read out of what would leave: what is chosen, what is seen anyway, and who could compare. */
import { expect, test } from 'vitest'
import { NOW, person, random } from '../credential/people.test-kit.ts'
import { readQuery } from '../exchange/dcql.ts'
import type { JsonObject } from '../jose/jws.ts'
import { issueSdJwt } from '../sd-jwt/issue.ts'
import { consentView, wantsOf } from './consent.ts'
import type { CredentialCopy, CredentialRecord } from './records.ts'
import type { ShowingPorts } from './showing.ts'

const issuer = person('ES256', 1)
const seconds = NOW / 1000
const never = () => Promise.reject(new Error('nothing is signed before consent'))
const ports: ShowingPorts = {
  ...{ keys: { publicKeys: never, sign: never }, loadBbs: never, random, clock: { now: () => NOW } },
}

async function issued(claims: JsonObject, hidden: JsonObject, place = 0, salts = random): Promise<string> {
  const status = { status_list: { idx: place, uri: 'https://issuer.example/status' } }
  const times = { issuedAt: seconds, expiresAt: null, holderKey: person('ES256', 9 + place).publicJwk }
  const toIssue = { issuer: issuer.did, keyId: issuer.keyId, type: 'card', claims, frame: hidden, ...times, status }
  return issueSdJwt(toIssue, issuer, salts)
}

const copyOf = (raw: string, shownTo: string | null = null): CredentialCopy => ({
  ...{ raw, shownTo, key: { secret: 0, party: 'x', number: 0 } },
})
const recordOf = (...copies: CredentialCopy[]): CredentialRecord => ({
  ...{ id: 'one', format: 'dc+sd-jwt', type: 'card', name: null, issuer: issuer.did, issuedBy: null, addedAt: NOW },
  ...{ validFrom: null, validUntil: null, copies, status: null },
  trust: { kind: 'self-certified', method: 'key', checkedAt: NOW },
})

async function consent(record: CredentialRecord, query: JsonObject, clientId = 'redirect_uri:https://a.example/') {
  const question = { query: readQuery(query), clientId, purpose: null }
  return consentView(question, await wantsOf(question, [record], ports))
}
const card = (path: readonly (string | number | null)[]) => ({
  ...{ id: 'card', format: 'dc+sd-jwt', meta: { vct_values: ['card'] }, claims: [{ path }] },
})
const choice = async (record: CredentialRecord, path: readonly (string | number | null)[], clientId?: string) =>
  (await consent(record, { credentials: [card(path)] }, clientId)).wants[0]!.choices[0]!

test('of a list of which some is hidden: what was chosen is told from what is seen anyway', async () => {
  const raw = await issued({ roles: ['reader', 'member', 'chair'] }, { roles: { _sd: [0, 2] } })
  const { learns, always, hidden } = await choice(recordOf(copyOf(raw)), ['roles', 2])
  expect(learns).toEqual([{ path: ['roles', 2], value: 'chair' }])
  expect(always).toContainEqual({ path: ['roles', 1], value: 'member' })
  expect(hidden).toEqual([['roles', 0]])
})

test('copies are another each time, unless their issuer gave them a number or a salt in common: then it is said', async () => {
  const claims = { name: 'Erika' }
  const frame = { _sd: ['name'] }
  const salts = { bytes: (length: number) => new Uint8Array(length) }
  const [first, second, sameList, sameSalt] = [
    await issued(claims, frame, 1),
    await issued(claims, frame, 2),
    await issued(claims, frame, 1),
    await issued(claims, frame, 3, salts),
  ]
  const seen = 'redirect_uri:https://b.example/'
  const linkable = async (...copies: CredentialCopy[]) => (await choice(recordOf(...copies), ['name'])).linkable
  expect(await linkable(copyOf(first, seen), copyOf(second))).toBe(false)
  expect(await linkable(copyOf(first, seen), copyOf(sameList))).toBe(true)
  expect(await linkable(copyOf(await issued(claims, frame, 4, salts), seen), copyOf(sameSalt))).toBe(true)
  expect(await linkable(copyOf(first), copyOf(sameList))).toBe(false)
  // Nobody else has seen it.
  expect((await choice(recordOf(copyOf(first, seen), copyOf(sameList)), ['name'], seen)).linkable).toBe(false)
  expect(await linkable(copyOf(first, seen))).toBe(true)
})

test('what need not be answered is not offered: nothing is left to say yes to', async () => {
  const record = recordOf(copyOf(await issued({ name: 'Erika' }, { _sd: ['name'] })))
  const sets = [{ options: [['card']], required: false }]
  expect(await consent(record, { credentials: [card(['name'])], credential_sets: sets })).toMatchObject({
    ...{ wants: [], blocked: { code: 'NOTHING_TO_SHOW' } },
  })
})
