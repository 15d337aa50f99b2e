import fc from 'fast-check'
import slip39 from 'slip39'
import vectors from 'slip39/test/vectors.json' with { type: 'json' }
import { describe, expect, test } from 'vitest'
import { readShares } from '../../facade/slip39/read-shares.ts'
import { WORDS } from '../../facade/slip39/words.ts'
import { webImportCiphers } from '../../infrastructure/web-crypto.ts'
import { masterSecretOf } from './combine.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const secretOf = async (shares: readonly string[], passphrase = '') =>
  Buffer.from(await masterSecretOf(readShares(shares.join('\n')), utf8(passphrase), webImportCiphers)).toString('hex')

describe('official vectors', () => {
  test.each(vectors as [string, string[], string, string][])('%s', async (_, shares, secret) => {
    if (secret === '')
      await expect(secretOf(shares, 'TREZOR')).rejects.toMatchObject({ code: 'INVALID_IMPORT', kind: 'usage' })
    else expect(await secretOf(shares, 'TREZOR')).toBe(secret)
  })
})

test('1024 words in the order of the alphabet, told apart by their first four letters', () => {
  expect(WORDS).toHaveLength(1024)
  expect([...WORDS].sort()).toEqual(WORDS)
  expect(new Set(WORDS.map((word) => word.slice(0, 4))).size).toBe(1024)
})

/** As another program makes them: `needed` of `members` shares. */
const made = (secret: number[], passphrase: string, needed: number, members: number): string[] =>
  slip39
    .fromArray(secret, { passphrase, threshold: 1, groups: [[needed, members]], extendableBackupFlag: 0 })
    .fromPath('r/0').mnemonics

test('what another program shares is found again from any shares enough, and from no fewer', async () => {
  const cases = fc.record({
    secret: fc
      .constantFrom(16, 32, 64)
      .chain((length) => fc.array(fc.nat(255), { minLength: length, maxLength: length })),
    passphrase: fc.stringMatching(/^[ -~]{0,12}$/),
    needed: fc.integer({ min: 2, max: 4 }),
    order: fc.array(fc.nat(), { minLength: 5, maxLength: 5 }),
  })
  await fc.assert(
    fc.asyncProperty(cases, async ({ secret, passphrase, needed, order }) => {
      const shares = made(secret, passphrase, needed, 5)
        .map((share, i) => ({ share, at: order[i]! }))
        .sort((a, b) => a.at - b.at)
        .map(({ share }) => share)
      expect(await secretOf(shares.slice(0, needed), passphrase)).toBe(Buffer.from(secret).toString('hex'))
      await expect(secretOf(shares.slice(0, needed - 1), passphrase)).rejects.toMatchObject({ code: 'INVALID_IMPORT' })
    }),
    { numRuns: 6 },
  )
})

describe('refused, with the place and without the words', () => {
  const secret = Array.from({ length: 16 }, (_, i) => i)
  const [one, two, three] = made(secret, '', 2, 3) as [string, string, string]
  const [foreign] = made(secret, '', 2, 3) as [string]
  const refusal = (shares: string[]) =>
    secretOf(shares).then(
      () => null,
      (error: Error) => error.message,
    )

  test('any one word changed', async () => {
    const words = one.split(' ')
    for (let place = 0; place < words.length; place++) {
      const changed = [...words]
      changed[place] = WORDS[(WORDS.indexOf(words[place]!) + 1) % 1024]!
      expect(await refusal([changed.join(' '), two])).toContain('share 1 has a word that is wrong')
    }
  })

  test('mixed sets, one share twice, too many, none, no word of the list', async () => {
    expect(await refusal([one, foreign])).toContain('share 2 belongs to another set')
    expect(await refusal([one, one])).toContain('one share of group 1 is there twice')
    expect(await refusal([one, two, three])).toContain('3 shares of group 1 were given, exactly 2 are needed')
    expect(await refusal([])).toContain('there are 0 shares')
    const unknown = await refusal([one, two.replace(/^\w+ \w+/, 'academic secretword')])
    expect(unknown).toContain('word 2 of share 2 is not one of the 1024')
    expect(unknown).not.toContain('secretword')
  })

  test('a passphrase that no program could have taken', async () => {
    await expect(secretOf([one, two], 'grün')).rejects.toMatchObject({ code: 'INVALID_IMPORT' })
  })
})
