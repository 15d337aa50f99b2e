import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashesUnderTest, noble, wasm } from '../test/engines.ts'
import { describeVectors, fromHex, toHex, vectorRecords } from '../test/vectors.ts'
import { InvalidArgument } from './errors.ts'
import { readWasmFile } from './infrastructure/wasm-files.ts'
import { instantiateHashes, WINDOW } from './wasm/hashes-module.ts'

describe.each(hashesUnderTest)('hashes by $name', ({ hashes }) => {
  it('knows the hashes of the empty string', () => {
    expect(toHex(hashes.keccak256(new Uint8Array()))).toBe(
      'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
    )
    expect(toHex(hashes.sha256(new Uint8Array()))).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    )
  })

  it('hashes pairs like single nodes, for every number of them', () => {
    for (let count = 0; count < 14; count++) {
      const nodes = Uint8Array.from({ length: 64 * count }, (_, i) => i * 7 + count)
      const out = hashes.sha256Pairs(nodes)
      expect(out.length).toBe(32 * count)
      for (let i = 0; i < count; i++)
        expect(out.slice(32 * i, 32 * i + 32)).toEqual(hashes.sha256(nodes.slice(64 * i, 64 * i + 64)))
    }
  })

  it('hashes pairs twice like single nodes, for every number of them', () => {
    for (let count = 0; count < 10; count++) {
      const nodes = Uint8Array.from({ length: 64 * count }, (_, i) => i * 5 + count)
      const out = hashes.sha256dPairs(nodes)
      expect(out.length).toBe(32 * count)
      for (let i = 0; i < count; i++)
        expect(out.slice(32 * i, 32 * i + 32)).toEqual(hashes.sha256(hashes.sha256(nodes.slice(64 * i, 64 * i + 64))))
    }
  })

  it('refuses a layer that is not whole nodes', () => {
    for (const length of [1, 32, 63, 65, 96]) {
      expect(() => hashes.sha256Pairs(new Uint8Array(length))).toThrow(InvalidArgument)
      expect(() => hashes.sha256dPairs(new Uint8Array(length))).toThrow(InvalidArgument)
    }
  })

  it('hashes many messages like single ones, whatever their lengths and number', () => {
    const lengths = [0, 1, 135, 136, 137, 271, 272, 273, 532, 532, 106, 4000, 32]
    for (let count = 0; count <= lengths.length; count++)
      for (let turn = 0; turn < (count < 5 ? lengths.length : 1); turn++) {
        const messages = Array.from({ length: count }, (_, i) =>
          new Uint8Array(lengths[(i + turn) % lengths.length]!).fill(i + 7 * turn),
        )
        const out = hashes.keccak256Many(messages)
        expect(out.length).toBe(32 * count)
        for (const [i, message] of messages.entries())
          expect(out.slice(32 * i, 32 * i + 32)).toEqual(hashes.keccak256(message))
      }
  })

  it('returns arrays of their own', () => {
    const first = hashes.keccak256(Uint8Array.of(1))
    const copy = first.slice()
    hashes.keccak256(Uint8Array.of(2))
    expect(first).toEqual(copy)
    expect(first.buffer.byteLength).toBe(32)
  })

  describeVectors('public vectors', () => {
    it('keccak256 of the Keccak team', () => {
      const records = vectorRecords('hashes/ox/hashes/keccak256-openssl.txt').filter(({ Input }) => Input !== undefined)
      expect(records.length).toBeGreaterThan(1)
      for (const { Input, Output } of records)
        expect(toHex(hashes.keccak256(fromHex(Input!)))).toBe(Output!.toLowerCase())
    })

    it.each(['hashes/ox/hashes/SHA256ShortMsg.rsp', 'hashes/nist-cryptography-vectors/hashes/SHA2/SHA256ShortMsg.rsp'])(
      '%s',
      (path) => {
        const records = vectorRecords(path).filter(({ Len }) => Len !== undefined)
        expect(records.length).toBeGreaterThan(60)
        for (const { Len, Msg, MD } of records)
          expect(toHex(hashes.sha256(fromHex(Msg!).subarray(0, Number(Len) / 8)))).toBe(MD)
      },
    )

    it('NIST Monte Carlo, three rounds', () => {
      const records = vectorRecords('hashes/nist-cryptography-vectors/hashes/SHA2/SHA256Monte.rsp')
      let seed = fromHex(records.find(({ Seed }) => Seed)!.Seed!)
      for (const { MD } of records.filter(({ COUNT }) => COUNT).slice(0, 3)) {
        let last = [seed, seed, seed]
        for (let i = 0; i < 1000; i++) {
          const message = new Uint8Array(96)
          for (const [j, part] of last.entries()) message.set(part, 32 * j)
          last = [last[1]!, last[2]!, hashes.sha256(message)]
        }
        seed = last[2]!.slice() as Uint8Array<ArrayBuffer>
        expect(toHex(seed)).toBe(MD)
      }
    })
  })
})

describe('wasm against noble', () => {
  const agree = (data: Uint8Array) => {
    expect(wasm.hashes.keccak256(data)).toEqual(noble.hashes.keccak256(data))
    expect(wasm.hashes.sha256(data)).toEqual(noble.hashes.sha256(data))
  }

  it('for every length up to three blocks', () => {
    for (let length = 0; length <= 3 * 136 + 1; length++) agree(Uint8Array.from({ length }, (_, i) => i * length + 1))
  })

  it('around the edges of the input window', () => {
    for (const length of [WINDOW - 1, WINDOW, WINDOW + 1, 2 * WINDOW, 2 * WINDOW + 137])
      agree(new Uint8Array(length).fill(0xa5))
  })

  it('for random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (data) => agree(data)),
      { numRuns: 60 },
    )
  })

  it('for layers longer than the window', () => {
    const nodes = Uint8Array.from({ length: WINDOW + 64 * 3 }, (_, i) => (i * i) >> 3)
    expect(wasm.hashes.sha256Pairs(nodes)).toEqual(noble.hashes.sha256Pairs(nodes))
    expect(wasm.hashes.sha256dPairs(nodes)).toEqual(noble.hashes.sha256dPairs(nodes))
  })

  it('for more messages than the window takes, and for longer ones', () => {
    const sizes = [10, 90_000, 90_000, 5, WINDOW - 1, WINDOW, WINDOW + 1, 3, 2 * WINDOW + 1]
    const messages = sizes.map((size) => new Uint8Array(size).fill(size))
    expect(wasm.hashes.keccak256Many(messages)).toEqual(noble.hashes.keccak256Many(messages))
    const small = Array.from({ length: 4000 }, (_, i) => new Uint8Array(i % 40).fill(i))
    expect(wasm.hashes.keccak256Many(small)).toEqual(noble.hashes.keccak256Many(small))
  })

  it('keeps its static data below the input window', async () => {
    const { kernel, input } = await instantiateHashes(await readWasmFile('hashes'))
    expect(kernel.staticEnd()).toBeLessThanOrEqual(input)
    expect(input + WINDOW + 256).toBeLessThanOrEqual(kernel.memory.buffer.byteLength)
  })
})
