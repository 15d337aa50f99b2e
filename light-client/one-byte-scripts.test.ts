import { runInThisContext } from 'node:vm'
import { expect, it } from 'vitest'
import { escapeBeyondLatin1 } from './one-byte-scripts.ts'

it('leaves scripts with the same meaning, in one byte a character', () => {
  const parts = ["'…'", '`a’ß\\–`', '/[–🌈]/u.test("🌈")', '/^\\☀$/.test("☀")', '{ 名: 1 }.名', '"\\\\…\\🌈"']
  const code = `[${parts.join(',')}];${' '.repeat(2000)}`
  const escaped = escapeBeyondLatin1(code)
  expect(escaped).not.toMatch(/[\u0100-\uffff]/)
  expect(escaped).toContain('ß')
  const said = ['…', 'a’ß–', true, true, 1, '\\…🌈']
  expect(runInThisContext(code)).toEqual(said)
  expect(runInThisContext(escaped)).toEqual(said)
})

it('leaves alone what is mostly another script', () => {
  expect(escapeBeyondLatin1("'المحفظة'")).toBe("'المحفظة'")
})
