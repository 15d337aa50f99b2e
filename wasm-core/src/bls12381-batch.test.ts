/** Batches of committee signatures, on both engines and against single verification. */
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { describe, expect, test, vi } from 'vitest'
import { argumentOf, generator, mutate, sign, strangersG1, strangersG2 } from '../test/bls12381.ts'
import { fromHex, toHex } from '../test/vectors.ts'
import { InvalidArgument, InvalidPoint } from './errors.ts'
import { readWasmFile } from './infrastructure/wasm-files.ts'
import { nobleBls } from './noble/bls12381.ts'
import type { Bls12381, CommitteeSignature } from './slots.ts'
import { createWasmBls } from './wasm/bls12381.ts'

const wasmBls = await createWasmBls(await readWasmFile('bls12381'))
const engines: [string, Bls12381][] = [
  ['wasm', wasmBls],
  ['noble', nobleBls],
]

const G1 = bls12_381.G1.Point
const G2 = bls12_381.G2.Point
const IDENTITY_KEY = fromHex(`c0${'00'.repeat(47)}`)
const IDENTITY_SIGNATURE = fromHex(`c0${'00'.repeat(95)}`)
const secrets = Array.from({ length: 12 }, (_, i) => 3n ** BigInt(40 + i))
const keys = secrets.map((secret) => G1.BASE.multiply(secret).toBytes(true))
const total = secrets.reduce((sum, secret) => sum + secret)
const everyone = wasmBls.aggregatePublicKeys(keys)

/** Item `n`: n mod 5 seats are absent, so windows hold odd and even numbers of keys, shared lanes and single ones. */
function item(n: number, message = Uint8Array.of(n, n >> 8, 7)): CommitteeSignature {
  const seats = Array.from({ length: n % 5 }, (_, i) => (n + i) % keys.length)
  const present = seats.reduce((sum, seat) => sum - secrets[seat]!, total)
  return { aggregate: everyone, absent: seats.map((seat) => keys[seat]!), message, signature: sign(present, message) }
}

const good = Array.from({ length: 60 }, (_, n) => item(n))
/** Well-formed, of the right committee, of another message. */
const forged = (n: number): CommitteeSignature => ({ ...good[n]!, signature: item(n, Uint8Array.of(99)).signature })

function seeded(seed: number): (length: number) => Uint8Array {
  const next = generator(seed)
  return (length) => Uint8Array.from({ length }, () => Math.floor(next() * 256))
}

/** A batch of two or more that holds must hold by its combination, not because each item was verified after all. */
function run(bls: Bls12381, items: readonly CommitteeSignature[], random: (length: number) => Uint8Array): number {
  const single = vi.spyOn(bls, 'verifyWithoutAbsent')
  try {
    const result = bls.verifyBatch(items, random)
    if (result === -1) expect(single).toHaveBeenCalledTimes(items.length === 1 ? 1 : 0)
    else expect(single).toHaveBeenCalledTimes(result + 1)
    return result
  } finally {
    single.mockRestore()
  }
}

const ones = (length: number) => new Uint8Array(length).with(length - 1, 1)

/** What 16 bytes stand for: halves b ‖ a for a + b·x² in wasm, one number in noble. */
function scalarOf(name: string, bytes: Uint8Array): bigint {
  const number = BigInt(`0x${toHex(bytes)}`)
  if (name === 'noble') return number
  return (number & (2n ** 64n - 1n)) + (number >> 64n) * 0xd201000000010000n ** 2n
}

const EDGES = [
  `${'00'.repeat(15)}01`,
  'ff'.repeat(16),
  '88'.repeat(16),
  '77'.repeat(16),
  `80${'00'.repeat(15)}`,
  `${'00'.repeat(8)}${'ff'.repeat(8)}`,
  `${'ff'.repeat(8)}${'00'.repeat(8)}`,
  `${'00'.repeat(7)}01${'00'.repeat(8)}`,
  `${'00'.repeat(8)}80${'00'.repeat(7)}`,
  '0123456789abcdeffedcba9876543210',
].map(fromHex)

describe.each(engines)('BLS batches (%s)', (name, bls) => {
  const verify = (items: readonly CommitteeSignature[], random = seeded(1)) => run(bls, items, random)

  test.each([0, 1, 2, 3, 15, 16, 17, 33, 60])('%i good items', (count) => {
    expect(verify(good.slice(0, count))).toBe(-1)
  })

  test('each position bad in turn', () => {
    for (const count of [1, 2, 3, 4]) {
      const items = good.slice(0, count)
      for (let bad = 0; bad < count; bad++) expect(verify(items.with(bad, forged(bad)))).toBe(bad)
    }
    for (const bad of [15, 16, 18]) expect(verify(good.slice(0, 19).with(bad, forged(bad)))).toBe(bad)
  })

  test('of two bad ones the first', () => {
    const items = good.slice(0, 6)
    expect(verify(items.with(5, forged(5)).with(2, forged(2)))).toBe(2)
    expect(verify(items.with(0, forged(0)).with(1, forged(1)))).toBe(0)
  })

  test('swapped signatures, which hold together but not apart', () => {
    const [a, b, c] = good as [CommitteeSignature, CommitteeSignature, CommitteeSignature]
    const swapped = [c, { ...a, signature: b.signature }, { ...b, signature: a.signature }]
    expect(verify(swapped)).toBe(1)
    // That is the work of the coefficients: without them the product does not see it.
    expect(verify(swapped, ones)).toBe(-1)
    expect(verify([c, forged(1), b], ones)).toBe(1)
  })

  test('errors that cancel in the plain sum', () => {
    const shift = G2.BASE.multiply(5n)
    const moved = (n: number, by: typeof shift) => ({
      ...good[n]!,
      signature: G2.fromBytes(good[n]!.signature).add(by).toBytes(true),
    })
    const items = [good[0]!, moved(1, shift), good[2]!, moved(3, shift.negate())]
    expect(verify(items)).toBe(1)
    expect(verify(items, ones)).toBe(-1)
  })

  test('repeated messages and repeated items', () => {
    const message = new TextEncoder().encode('the same for all')
    const items = Array.from({ length: 5 }, (_, n) => item(n, message))
    expect(verify(items)).toBe(-1)
    expect(verify([...items, ...items])).toBe(-1)
    expect(verify([items[0]!, items[0]!, items[0]!])).toBe(-1)
    expect(verify(items.with(3, { ...items[3]!, signature: items[2]!.signature }))).toBe(3)
  })

  test('signatures that cancel', () => {
    // Opposite keys over one message: the sum of signatures is the identity, under ones exactly.
    const message = Uint8Array.of(1, 2, 3)
    const minus = G1.fromBytes(keys[0]!).negate().toBytes(true)
    const signature = sign(secrets[0]!, message)
    const items = [
      { aggregate: keys[0]!, absent: [], message, signature },
      { aggregate: minus, absent: [], message, signature: G2.fromBytes(signature).negate().toBytes(true) },
    ]
    expect(verify(items, ones)).toBe(-1)
    expect(verify(items)).toBe(-1)
    expect(verify([items[0]!, { ...items[1]!, signature }])).toBe(1)
  })

  test.each([0, 1, 63, 64, 3072, 3073])('a message of %i bytes', (length) => {
    const long = item(4, new Uint8Array(length).fill(length))
    expect(verify([good[0]!, long])).toBe(-1)
    expect(verify([good[0]!, { ...long, message: Uint8Array.of(...long.message, 0) }])).toBe(1)
  })

  test('absent keys of one item are not those of its neighbour', () => {
    const [a, b] = [good[1]!, good[2]!]
    expect(verify([a, b])).toBe(-1)
    expect(verify([{ ...a, absent: [] }, b])).toBe(0)
    expect(verify([a, { ...b, absent: a.absent }])).toBe(1)
    expect(
      verify([
        { ...a, absent: b.absent },
        { ...b, absent: a.absent },
      ]),
    ).toBe(0)
    expect(verify([a, { ...b, absent: [...b.absent].reverse() }])).toBe(-1)
  })

  test('coefficients at the edges: one bit, all bits, halves that are zero', () => {
    for (const edge of EDGES) {
      expect(
        verify(good.slice(1, 4), () => edge),
        toHex(edge),
      ).toBe(-1)
      expect(
        verify([good[1]!, forged(2), good[3]!], () => edge),
        toHex(edge),
      ).toBe(1)
    }
    let n = 0
    expect(verify(good.slice(0, EDGES.length), () => EDGES[n++]!)).toBe(-1)
  })

  test('the coefficients are those drawn, in full: errors made to cancel under them do, under no others', () => {
    const moved = (n: number, by: bigint) => ({
      ...good[n]!,
      signature: G2.fromBytes(good[n]!.signature).add(G2.BASE.multiply(by)).toBytes(true),
    })
    for (const [i, edge] of EDGES.entries()) {
      const drawn = [edge, EDGES[(i + 1) % EDGES.length]!]
      const [first, second] = drawn.map((bytes) => scalarOf(name, bytes)) as [bigint, bigint]
      const items = [moved(0, second), moved(1, G1.Fn.ORDER - first)]
      let n = 0
      expect(
        verify(items, () => drawn[n++]!),
        toHex(edge),
      ).toBe(-1)
      n = 0
      expect(
        verify(items, () => drawn[1 - n++]!),
        toHex(edge),
      ).toBe(0)
      expect(verify(items), toHex(edge)).toBe(0)
    }
  })

  test('identity aggregates are refused, identity signatures hold for nobody', () => {
    const nobody = { ...good[0]!, absent: keys }
    expect(argumentOf(() => verify([good[1]!, nobody]))).toBe('items[1].aggregate')
    expect(argumentOf(() => verify([good[1]!, { ...good[0]!, aggregate: IDENTITY_KEY }]))).toBe('items[1].aggregate')
    expect(verify([good[1]!, { ...good[0]!, signature: IDENTITY_SIGNATURE }, good[2]!])).toBe(1)
    expect(verify([{ ...good[0]!, signature: IDENTITY_SIGNATURE }], ones)).toBe(0)
    // Not even where the keys cancel and the product is 1.
    const minus = G1.fromBytes(keys[0]!).negate().toBytes(true)
    const unsigned = { absent: [], message: Uint8Array.of(1), signature: IDENTITY_SIGNATURE }
    expect(
      verify(
        [keys[0]!, minus].map((aggregate) => ({ aggregate, ...unsigned })),
        ones,
      ),
    ).toBe(0)
  })

  test('malformed parts are named, the first one, before any item is called bad', () => {
    const short = { ...good[3]!, signature: good[3]!.signature.subarray(1) }
    const strangers = [strangersG1()[0]!, strangersG1()[4]!, keys[0]!.with(0, 0), keys[0]!.subarray(1), IDENTITY_KEY]
    const items = good.slice(0, 5).with(0, forged(0))
    expect(argumentOf(() => verify(items.with(3, short)))).toBe('items[3].signature')
    for (const key of strangers) {
      expect(argumentOf(() => verify(items.with(2, { ...good[2]!, aggregate: key })))).toBe('items[2].aggregate')
      const absent = good[4]!.absent.with(3, key)
      expect(argumentOf(() => verify(items.with(4, { ...good[4]!, absent })))).toBe('items[4].absent[3]')
      const both = items.with(4, { ...good[4]!, absent }).with(3, short)
      expect(argumentOf(() => verify(both))).toBe('items[3].signature')
    }
    for (const point of [...strangersG2(), good[1]!.signature.with(0, 0xe0), good[1]!.signature.with(50, 0)]) {
      for (const at of [0, 1, 4]) {
        expect(argumentOf(() => verify(items.with(at, { ...good[at]!, signature: point })))).toBe(
          `items[${at}].signature`,
        )
      }
    }
    const late = good
      .slice(0, 20)
      .with(1, forged(1))
      .with(18, { ...good[18]!, aggregate: IDENTITY_KEY })
    expect(argumentOf(() => verify(late))).toBe('items[18].aggregate')
  })

  test('the reason of a malformed part is kept', () => {
    const broken = { ...good[0]!, signature: new Uint8Array(3) }
    try {
      verify([good[1]!, broken])
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidPoint)
      expect((error as InvalidPoint).message).toBe('items[1].signature: expected 96 bytes, got 3')
      expect((error as InvalidPoint).cause).toBeInstanceOf(InvalidPoint)
    }
  })

  test('zeros are drawn again, a few times', () => {
    let draws = 0
    const sometimes = (length: number) => (draws++ % 3 === 2 ? ones(length) : new Uint8Array(length))
    expect(verify(good.slice(0, 3), sometimes)).toBe(-1)
    expect(draws).toBe(9)
    const refused = (random: (length: number) => Uint8Array) => expect(() => verify(good.slice(0, 2), random))
    refused((length) => new Uint8Array(length)).toThrow(InvalidArgument)
    refused((length) => new Uint8Array(length - 1).fill(1)).toThrow('random: expected 16 bytes, got 15')
    refused(() => {
      throw new RangeError('no entropy')
    }).toThrow('no entropy')
  })

  test('every item draws its own coefficient, in every call', () => {
    const asked: number[] = []
    const random = seeded(3)
    const counting = (length: number) => {
      asked.push(length)
      return random(length)
    }
    verify(good.slice(0, 4), counting)
    verify(good.slice(0, 4), counting)
    expect(asked).toEqual(Array.from({ length: 8 }, () => 16))
  })

  test('a source that gives the same array again, and one that uses the engine', () => {
    const shared = new Uint8Array(16)
    const random = seeded(4)
    const swapped = [
      { ...good[0]!, signature: good[1]!.signature },
      { ...good[1]!, signature: good[0]!.signature },
    ]
    const reusing = () => {
      shared.set(random(16))
      return shared
    }
    expect(verify(swapped, reusing)).toBe(0)
    const busy = (length: number) => {
      bls.verify(keys[0]!, good[5]!.message, good[5]!.signature)
      return random(length)
    }
    expect(verify(good.slice(0, 3), busy)).toBe(-1)
  })

  test('nothing survives a batch that failed or was refused', () => {
    const items = good.slice(0, 3)
    expect(verify(items.with(1, forged(1)))).toBe(1)
    expect(verify(items)).toBe(-1)
    expect(verify(items.with(2, { ...good[2]!, signature: IDENTITY_SIGNATURE }))).toBe(2)
    expect(verify(items)).toBe(-1)
    const broken = good.slice(0, 18).with(17, { ...good[17]!, signature: IDENTITY_KEY })
    expect(argumentOf(() => verify(broken))).toBe('items[17].signature')
    expect(verify(items)).toBe(-1)
    const { aggregate, absent, message, signature } = good[7]!
    expect(bls.verifyWithoutAbsent(aggregate, absent, message, signature)).toBe(true)
  })
})

describe('against single verification', () => {
  /** Index of the first bad item, or the part named; found one item at a time, malformed parts before all else. */
  function single(items: readonly CommitteeSignature[]): number | string {
    const results = items.map(({ aggregate, absent, message, signature }) => {
      try {
        return wasmBls.verifyWithoutAbsent(aggregate, absent, message, signature)
      } catch (error) {
        if (error instanceof InvalidPoint) return error.argument
        throw error
      }
    })
    const malformed = results.findIndex((result) => typeof result === 'string')
    return malformed >= 0 ? `items[${malformed}].${results[malformed]}` : results.indexOf(false)
  }

  function batch(bls: Bls12381, items: readonly CommitteeSignature[], seed: number): number | string {
    try {
      return run(bls, items, seeded(seed))
    } catch (error) {
      if (error instanceof InvalidPoint) return error.argument
      throw error
    }
  }

  test('on random mixtures of good, wrong and mutated items', () => {
    const random = generator(11)
    const below = (n: number) => Math.floor(random() * n)
    const kinds = { good: 0, bad: 0, malformed: 0 }
    for (let round = 0; round < 150; round++) {
      const items = Array.from({ length: 1 + below(6) }, () => {
        const n = below(good.length)
        const one = good[n]!
        const kind = below(30)
        if (kind === 0) return { ...one, message: mutate(one.message, random) }
        if (kind === 1) return { ...one, signature: mutate(one.signature, random) }
        if (kind === 2) return { ...one, aggregate: mutate(one.aggregate, random) }
        if (kind === 3) return { ...one, absent: one.absent.map((key) => mutate(key, random)) }
        if (kind === 4) return { ...one, absent: [...one.absent, keys[below(keys.length)]!] }
        if (kind === 5) return { ...one, signature: good[below(good.length)]!.signature }
        return one
      })
      const expected = single(items)
      expect(batch(wasmBls, items, round)).toBe(expected)
      if (round % 8 === 0) expect(batch(nobleBls, items, round)).toBe(expected)
      kinds[expected === -1 ? 'good' : typeof expected === 'string' ? 'malformed' : 'bad']++
    }
    for (const count of Object.values(kinds)) expect(count).toBeGreaterThan(10)
  })
})
