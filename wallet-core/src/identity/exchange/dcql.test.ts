/** Questions in DCQL: what answers them, against the dcql package; and which of them are not read at all. */
import { DcqlQuery } from 'dcql'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../jose/jws.ts'
import { answerWith, readQuery, requiredOf } from './dcql.ts'

const CLAIMS = {
  name: 'Erika',
  age: 42,
  member: true,
  address: { city: 'Köln', lines: ['a', 'b'] },
  degrees: [{ type: 'BA', year: 1 }, { type: 'MA' }],
}
const credentialOf = (claims: readonly unknown[], more: object = {}) => ({
  ...{ id: 'one', format: 'dc+sd-jwt', claims, meta: { vct_values: ['x'] } },
  ...more,
})
const answer = (claims: readonly unknown[], more: object = {}) =>
  answerWith(readQuery({ credentials: [credentialOf(claims, more)] }).credentials[0]!, CLAIMS)

describe('claims', () => {
  test('are found by names, places and all elements', () => {
    expect(answer([{ path: ['name'] }, { path: ['address', 'city'] }])).toEqual([['name'], ['address', 'city']])
    expect(answer([{ path: ['degrees', null, 'type'] }])).toEqual([
      ['degrees', 0, 'type'],
      ['degrees', 1, 'type'],
    ])
    expect(answer([{ path: ['address', 'lines', 1] }])).toEqual([['address', 'lines', 1]])
    expect(answer([{ path: ['degrees', null, 'year'] }])).toEqual([['degrees', 0, 'year']])
    for (const path of [['shoe'], ['name', 'first'], ['address', 0], ['degrees', 2], ['name', null], ['toString']])
      expect(answer([{ path }]), String(path)).toBeNull()
  })

  test('with values match one of them, of the same kind', () => {
    expect(answer([{ path: ['age'], values: [41, 42] }])).toEqual([['age']])
    expect(answer([{ path: ['age'], values: ['42'] }])).toBeNull()
    expect(answer([{ path: ['degrees', null, 'type'], values: ['MA'] }])).toEqual([['degrees', 1, 'type']])
  })

  test('in sets: the first that can be met, and nothing of the others', () => {
    const claims = [
      { id: 'a', path: ['shoe'] },
      { id: 'b', path: ['age'] },
      { id: 'c', path: ['name'] },
    ]
    expect(answer(claims, { claim_sets: [['a'], ['b'], ['b', 'c']] })).toEqual([['age']])
    expect(answer(claims, { claim_sets: [['a']] })).toBeNull()
  })

  test('match as the dcql package says', () => {
    const step = fc.constantFrom<string | number | null>(
      'name',
      'age',
      'address',
      'city',
      'lines',
      'degrees',
      'type',
      0,
      1,
      null,
    )
    const path = fc.array(step, { minLength: 1, maxLength: 3 })
    const values = fc.option(fc.array(fc.constantFrom('Erika', 'MA', 42, true), { minLength: 1, maxLength: 2 }), {
      nil: undefined,
    })
    const claim = fc
      .record({ path, values })
      .map(({ path: to, values: any }) => (any === undefined ? { path: to } : { path: to, values: any }))
    fc.assert(
      fc.property(fc.array(claim, { minLength: 1, maxLength: 3 }), (claims) => {
        fc.pre(claims.every((each) => typeof each.path[0] === 'string'))
        const query = { credentials: [credentialOf(claims)] }
        const held = {
          credential_format: 'dc+sd-jwt',
          vct: 'x',
          claims: CLAIMS,
          cryptographic_holder_binding: true,
        } as const
        const parsed = DcqlQuery.parse(query as never)
        const theirs = DcqlQuery.query(parsed, [held] as never).credential_matches.one?.success ?? false
        expect(answer(claims) !== null, JSON.stringify(claims)).toBe(theirs)
      }),
      { numRuns: 300 },
    )
  })
})

test('sets of credentials: what is required, and the first option that can be met', () => {
  const credentials = ['a', 'b', 'c'].map((id) => ({ id, format: 'dc+sd-jwt' }))
  const query = readQuery({
    credentials,
    credential_sets: [{ options: [['a', 'b'], ['c']] }, { options: [['b']], required: false }],
  })
  expect(requiredOf(query, new Set(['c', 'b']))).toEqual(new Set(['c']))
  expect(requiredOf(query, new Set(['a', 'b', 'c']))).toEqual(new Set(['a', 'b']))
  expect(requiredOf(query, new Set(['b']))).toBeNull()
  expect(requiredOf(readQuery({ credentials }), new Set(['a', 'b']))).toBeNull()
})

test('what cannot be read in full is not answered in part', () => {
  const bad: JsonObject[] = [
    {},
    { credentials: [] },
    { credentials: [{ id: 'a b', format: 'x' }] },
    { credentials: [{ id: 'a' }] },
    { credentials: [credentialOf([]), credentialOf([])] },
    { credentials: [credentialOf([{ path: [] }])] },
    { credentials: [credentialOf([{ path: [-1] }])] },
    { credentials: [credentialOf([{ path: [{}] }])] },
    { credentials: [credentialOf([{ path: ['a'], values: [{}] }])] },
    { credentials: [credentialOf([{ id: 'a', path: ['a'] }], { claim_sets: [['b']] })] },
    { credentials: [credentialOf([], { multiple: true })] },
    { credentials: [credentialOf([], { trusted_authorities: [] })] },
    { credentials: [credentialOf([])], credential_sets: [{ options: [['other']] }] },
    { credentials: Array.from({ length: 33 }, (_, i) => ({ ...credentialOf([]), id: `c${i}` })) },
  ]
  for (const query of bad)
    expect(() => readQuery(query), JSON.stringify(query).slice(0, 80)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_EXCHANGE' }),
    )
})
