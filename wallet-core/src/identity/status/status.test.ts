/** Status lists: what they say, who may say it, how old it may be, and that none can fill the memory. */
import { base64urlnopad } from '@scure/base'
import { StatusList } from '@sd-jwt/jwt-status-list'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NOW, ports as people, person, resolver, signal } from '../credential/people.test-kit.ts'
import { secureJcs } from '../data-integrity/jcs-suites.ts'
import type { JsonObject } from '../jose/jws.ts'
import { signJws } from '../jose/sign-jws.ts'
import { answerOf, readStatus, refuseUnlessValid, type StatusPorts } from './check-status.ts'
import { bitstringEntries, type StatusEntry, tokenEntry } from './entry.ts'
import { byteOf } from './inflate.ts'
import { compressed, makeTokenStatusList } from './make-list.ts'

const issuer = person('ES256', 3)
const URI = 'https://issuer.example/status/1'
const seconds = NOW / 1000
const refused = (fault: string) => expect.objectContaining({ code: `CREDENTIAL_${fault}` })

const portsWith = (body: string | Uint8Array, status = 200): StatusPorts => ({
  ...people,
  loadBbs: async () => {
    throw new Error('no BBS is needed')
  },
  http: async ({ url, maxBytes }) => {
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
    if (url !== URI || bytes.length > maxBytes) throw new Error('refused')
    return { status, header: () => null, bytes }
  },
})
const read = async (entry: StatusEntry, body: string | Uint8Array | Promise<string>, status = 200, by = issuer) => {
  const resolution = await resolver.resolve(by.did, signal)
  return readStatus(entry, { did: by.did, resolution }, portsWith(await body, status), signal)
}
const token = (index: number): StatusEntry => ({ kind: 'token', uri: URI, index, purpose: null })
const list = (changes: JsonObject = {}, header: JsonObject = {}, by = issuer) =>
  compressed(Uint8Array.of(0b0000_0010, 0b1000_0000), 'deflate').then((bytes) =>
    signJws(
      { typ: 'statuslist+jwt', kid: by.keyId, ...header },
      {
        ...{ sub: URI, iat: seconds - 60, ttl: 3600 },
        status_list: { bits: 1, lst: base64urlnopad.encode(bytes) },
        ...changes,
      },
      by,
    ),
  )

test('any list is read as it was made, and as @sd-jwt/jwt-status-list packs it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc
        .constantFrom(1, 2, 4, 8 as const)
        .chain((bits) =>
          fc.tuple(fc.constant(bits), fc.array(fc.nat(2 ** bits - 1), { minLength: 8, maxLength: 64 }), fc.nat()),
        ),
      async ([bits, values, any]) => {
        const index = any % values.length
        const lst = new StatusList(values, bits).compressStatusList()
        const text = await list({ status_list: { bits, lst } })
        const { status, listedAt } = answerOf(await read(token(index), text))
        expect(status).toBe(['valid', 'revoked', 'suspended'][values[index]!] ?? 'other')
        expect(listedAt).toBe(NOW - 60_000)
      },
    ),
    { numRuns: 40 },
  )
  const revoked = Array.from({ length: 40 }, (_, i) => i === 17)
  const made = await makeTokenStatusList({ uri: URI, keyId: issuer.keyId, issuedAt: seconds, ttl: 60, revoked }, issuer)
  expect(answerOf(await read(token(17), made)).status).toBe('revoked')
  expect(answerOf(await read(token(18), made)).status).toBe('valid')
})

test('what it says is attested, with whose word and since when; what is taken back is refused by name', async () => {
  const reading = await read(token(1), list())
  expect(reading).toMatchObject({
    kind: 'attested',
    answer: { by: `${issuer.did}, by issuer.example`, checkedAt: NOW, value: { status: 'revoked' } },
  })
  expect(() => refuseUnlessValid(answerOf(reading).status)).toThrow(refused('REVOKED'))
  refuseUnlessValid(answerOf(await read(token(0), list())).status)
  const suspended = await list({ status_list: { bits: 2, lst: new StatusList([0, 2, 3, 0], 2).compressStatusList() } })
  const [second, third] = [await read(token(1), suspended), await read(token(2), suspended)]
  expect(() => refuseUnlessValid(answerOf(second).status)).toThrow(refused('SUSPENDED'))
  expect(() => refuseUnlessValid(answerOf(third).status)).toThrow(refused('STATUS'))
})

test('another list, somebody else’s, an old one, one without a date, a short or broken one: no answer', async () => {
  const eve = person('ES256', 8)
  const cases: [string, Promise<string>, number?][] = [
    ['another', list({ sub: `${URI}0` })],
    ['another issuer named', list({ iss: eve.did })],
    ['expired', list({ exp: seconds - 100 })],
    ['past its ttl', list({ iat: seconds - 7200 })],
    ['older than a week', list({ iat: seconds - 8 * 86_400, ttl: 10 ** 9 })],
    ['of the future', list({ iat: seconds + 1000 })],
    ['no date', list({ iat: undefined })],
    ['not a list', list({}, { typ: 'JWT' })],
    ['three bits', list({ status_list: { bits: 3, lst: 'AA' } })],
    ['not compressed', list({ status_list: { bits: 1, lst: 'AAAA' } })],
    ['too short', list(), 16],
    ['far away', list(), 2 ** 31 - 1],
  ]
  for (const [what, text, index = 0] of cases)
    await expect(read(token(index), text), what).rejects.toThrow(refused('STATUS'))
  await expect(read(token(0), list({}, {}, eve))).rejects.toThrow(refused('ISSUER'))
  await expect(read(token(0), list({}, { kid: issuer.keyId }, eve))).rejects.toThrow(refused('SIGNATURE'))
  await expect(read(token(0), 'nonsense')).rejects.toMatchObject({ code: 'MALFORMED_CREDENTIAL' })
  await expect(read(token(0), list(), 500)).rejects.toMatchObject({ code: 'STATUS_UNREACHABLE' })
  await expect(read(token(0), new Uint8Array(2 << 20))).rejects.toMatchObject({ code: 'STATUS_UNREACHABLE' })
})

test('a bomb is not unpacked further than needed', async () => {
  const bomb = await compressed(new Uint8Array(64 << 20), 'gzip')
  expect(bomb.length).toBeLessThan(100_000)
  expect(await byteOf(bomb, 'gzip', 1000)).toBe(0)
  await expect(byteOf(bomb, 'gzip', 5 << 20)).rejects.toThrow(refused('STATUS'))
})

test('a bitstring list: the highest bit first, its purpose, its issuer', async () => {
  const bits = new Uint8Array(16_384)
  bits[2] = 0b0010_0000
  const encodedList = `u${base64urlnopad.encode(await compressed(bits, 'gzip'))}`
  const bearer = person('EdDSA', 4)
  const made = async (changes: JsonObject = {}, by = bearer) =>
    JSON.stringify(
      await secureJcs(
        {
          '@context': ['https://www.w3.org/ns/credentials/v2'],
          id: URI,
          type: ['VerifiableCredential', 'BitstringStatusListCredential'],
          issuer: by.did,
          validFrom: new Date(NOW - 1000).toISOString(),
          credentialSubject: { type: 'BitstringStatusList', statusPurpose: 'revocation', encodedList },
          ...changes,
        },
        { cryptosuite: 'eddsa-jcs-2022', verificationMethod: by.keyId, created: new Date(NOW).toISOString() },
        by,
      ),
    )
  const entryOf = (statusListIndex: string, statusPurpose = 'revocation') =>
    bitstringEntries({
      credentialStatus: {
        ...{ type: 'BitstringStatusListEntry', statusPurpose, statusListIndex, statusListCredential: URI },
      },
    })[0]!
  const ask = (entry: StatusEntry, body: Promise<string>) => read(entry, body, 200, bearer)
  expect(answerOf(await ask(entryOf('18'), made())).status).toBe('revoked')
  expect(answerOf(await ask(entryOf('19'), made())).status).toBe('valid')
  await expect(ask(entryOf('18', 'suspension'), made())).rejects.toThrow(refused('STATUS'))
  await expect(ask(entryOf('18'), made({ id: `${URI}0` }))).rejects.toThrow(refused('STATUS'))
  await expect(ask(entryOf('18'), made({}, person('EdDSA', 5)))).rejects.toThrow(refused('STATUS'))
  await expect(ask(entryOf('131072'), made())).rejects.toThrow(refused('STATUS'))
  const short = `u${base64urlnopad.encode(await compressed(bits.subarray(1), 'gzip'))}`
  const subject = { type: 'BitstringStatusList', statusPurpose: 'revocation', encodedList: short }
  await expect(ask(entryOf('18'), made({ credentialSubject: subject }))).rejects.toThrow('so short')
  expect(() => entryOf('-1')).toThrow('number')
  expect(() => entryOf('1', 'message')).toThrow('taken back')
})

test('an entry leads to an encrypted address, and to a place in a list', () => {
  const entry = (idx: unknown, uri: unknown) => tokenEntry({ status: { status_list: { idx, uri } } })
  expect(entry(3, URI)).toEqual(token(3))
  expect(tokenEntry({})).toBeNull()
  expect(entry(3, 'http://127.0.0.1:9/x')).toMatchObject({ uri: 'http://127.0.0.1:9/x' })
  for (const bad of ['http://issuer.example/', 'ftp://x', 'https://a:b@x/', 7, 'data:,x'])
    expect(() => entry(3, bad)).toThrow(expect.objectContaining({ code: 'INVALID_SERVICE_ADDRESS' }))
  for (const bad of [-1, 1.5, '3', 2 ** 31]) expect(() => entry(bad, URI)).toThrow('number')
})
