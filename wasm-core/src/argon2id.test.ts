import { describe, expect, it, vi } from 'vitest'
import { fromHex, toHex } from '../test/vectors.ts'
import { argon2id, argon2idNoble } from './argon2id.ts'
import { InvalidArgument } from './errors.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const parameters = {
  password: utf8('password'),
  salt: utf8('somesalt'),
  memoryKiB: 64,
  iterations: 2,
  parallelism: 1,
  length: 32,
}

describe.each([
  { name: 'hash-wasm', derive: argon2id },
  { name: 'noble', derive: argon2idNoble },
])('argon2id by $name', ({ derive }) => {
  it('gives the tag of the reference implementation (test.c, version 0x13, m = 2^8, t = 2)', async () => {
    const small = { ...parameters, memoryKiB: 256 }
    expect(toHex(await derive(small))).toBe('9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe')
    expect(toHex(await derive({ ...small, parallelism: 2 }))).toBe(
      '6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037',
    )
  })

  it('depends on every parameter', async () => {
    const variants = await Promise.all([
      derive(parameters),
      derive({ ...parameters, password: utf8('Password') }),
      derive({ ...parameters, salt: utf8('somesalT') }),
      derive({ ...parameters, memoryKiB: 72 }),
      derive({ ...parameters, iterations: 3 }),
      derive({ ...parameters, parallelism: 2 }),
    ])
    expect(new Set(variants.map(toHex)).size).toBe(variants.length)
    expect((await derive({ ...parameters, length: 64 })).length).toBe(64)
  })

  it.each([
    ['an empty password', { password: new Uint8Array() }],
    ['a salt of 7 bytes', { salt: new Uint8Array(7) }],
    ['less than 8 KiB per lane', { memoryKiB: 15, parallelism: 2 }],
    ['no iterations', { iterations: 0 }],
    ['no lanes', { parallelism: 0 }],
    ['a fractional length', { length: 16.5 }],
  ])('refuses %s', async (_, change) => {
    await expect(derive({ ...parameters, ...change })).rejects.toThrow(InvalidArgument)
  })
})

it('falls back to noble where WebAssembly is refused', async () => {
  const expected = await argon2id(parameters)
  vi.stubGlobal('WebAssembly', undefined)
  try {
    expect(await argon2id(parameters)).toEqual(expected)
  } finally {
    vi.unstubAllGlobals()
  }
  expect(fromHex(toHex(expected))).toEqual(expected)
})
