import { createHash, hash } from 'node:crypto'
import { blake2b as hashWasmBlake2b } from 'hash-wasm'
import { describe, expect, it } from 'vitest'
import { describeVectors, fromHex, toHex, vectorRecords } from '../test/vectors.ts'
import { blake2b } from './blake2b.ts'
import { InvalidArgument } from './errors.ts'
import { ripemd160 } from './ripemd160.ts'
import { sha512 } from './sha512.ts'

const lengths = [0, 1, 55, 56, 63, 64, 65, 111, 112, 127, 128, 129, 1000]
const messages = lengths.map((length) => Uint8Array.from({ length }, (_, i) => i * length))

describe.each([
  { name: 'ripemd160', bytes: 20, digest: ripemd160 },
  { name: 'sha512', bytes: 64, digest: sha512 },
  { name: 'blake2b512', bytes: 64, digest: (data: Uint8Array) => blake2b(data, 64) },
])('$name', ({ name, bytes, digest }) => {
  it('agrees with OpenSSL around the edges of blocks', () => {
    for (const message of messages) {
      expect(toHex(digest(message))).toBe(hash(name, message))
      expect(digest(message).length).toBe(bytes)
    }
  })

  it('takes Node Buffers and returns plain arrays', () => {
    const result = digest(Buffer.from('text'))
    expect(Object.getPrototypeOf(result)).toBe(Uint8Array.prototype)
    expect(toHex(result)).toBe(createHash(name).update('text').digest('hex'))
  })
})

describe('blake2b of other lengths', () => {
  it('agrees with hash-wasm: the length is part of what is hashed', async () => {
    for (const length of [1, 20, 32, 48])
      for (const message of messages.slice(0, 5))
        expect(toHex(blake2b(message, length))).toBe(await hashWasmBlake2b(message, length * 8))
    expect(toHex(blake2b(messages[1]!, 64))).not.toContain(toHex(blake2b(messages[1]!, 32)))
  })

  it.each([0, 65, 1.5, -1, Number.NaN])('refuses %d', (length) => {
    expect(() => blake2b(new Uint8Array(), length)).toThrow(InvalidArgument)
  })
})

describeVectors('public vectors', () => {
  it.each([
    ['hashes/nist-cryptography-vectors/hashes/ripemd160/ripevectors.txt', ripemd160, 6],
    ['hashes/ox/hashes/ripemd160.txt', ripemd160, 6],
    ['hashes/nist-cryptography-vectors/hashes/SHA2/SHA512ShortMsg.rsp', sha512, 100],
    ['hashes/nist-cryptography-vectors/hashes/blake2/blake2b.txt', (data: Uint8Array) => blake2b(data, 64), 6],
  ])('%s', (path, digest, atLeast) => {
    const records = vectorRecords(path).filter(({ Msg }) => Msg !== undefined)
    expect(records.length).toBeGreaterThanOrEqual(atLeast)
    for (const { Len, Msg, MD } of records) expect(toHex(digest(fromHex(Msg!).subarray(0, Number(Len) / 8)))).toBe(MD)
  })
})
