import asc from 'assemblyscript/asc'
import { describe, expect, it } from 'vitest'
import { type Bounds, KernelOverflow, plus, times } from './checked-limbs.ts'
import { generate, mul, sqr } from './ed25519-field.ts'
import { add, lanes32, product, shiftLeft } from './ed25519-lanes.ts'
import { BIAS, DIFFERENCE, LIMBS, P, TIGHT } from './ed25519-layout.ts'

const field = generate()['field.ts']!

describe('the generator of edwards25519 refuses to print kernels that overflow', () => {
  it('multiplies a difference by a negated number, and nothing larger', () => {
    expect(() => mul(['low', 'high'], DIFFERENCE, BIAS)).not.toThrow()
    expect(() => mul(['low', 'high'], plus(DIFFERENCE, TIGHT), BIAS)).toThrow(KernelOverflow)
    expect(() => sqr(['low'], times(TIGHT, 2))).not.toThrow()
    expect(() => sqr(['low'], times(TIGHT, 3))).toThrow(KernelOverflow)
  })

  it('checks single operations, in lanes of 32 and of 64 bits', () => {
    const large = lanes32('x', (1n << 31n) + 5n)
    expect(() => lanes32('x', 1n << 32n)).toThrow(KernelOverflow)
    expect(() => add(large, large)).toThrow(KernelOverflow)
    expect(() => shiftLeft(large, 1)).toThrow(KernelOverflow)
    const wide = product(large, large, 'low')
    expect(() => add(wide, wide, wide, wide)).toThrow(KernelOverflow)
    expect(() => add(wide, large)).toThrow('widths')
  })

  it('has a bias that is a multiple of p and covers every tight limb', () => {
    expect(BIAS.reduce((total, limb, i) => total + (limb << BigInt(29 * i)), 0n)).toBe(2n * P)
    expect(BIAS.every((limb, i) => limb >= TIGHT[i]!)).toBe(true)
  })
})

describe('the printed kernels, on numbers as large as their bounds allow', async () => {
  const kernel = await compile()
  const words = new Uint32Array(kernel.memory.buffer)
  const [OUT, A, B, OTHER] = [60_000, 60_160, 60_320, 60_480]
  const modulo = (value: bigint) => ((value % P) + P) % P

  /** Fills all lanes: full to the bounds, or with random limbs below them. Returns the four values. */
  function fill(address: number, bounds: Bounds, full: boolean): bigint[] {
    return [0, 1, 2, 3].map((lane) =>
      bounds.reduce((value, max, i) => {
        const limb = full ? max : BigInt(Math.floor(Math.random() * Number(max)))
        words[address / 4 + 4 * i + lane] = Number(limb)
        return value + (limb << BigInt(29 * i))
      }, 0n),
    )
  }

  function read(address: number): bigint[] {
    const limb = (i: number, lane: number) => BigInt(words[address / 4 + 4 * i + lane]!) << BigInt(29 * i)
    return [0, 1, 2, 3].map((lane) => Array.from({ length: LIMBS }, (_, i) => limb(i, lane)).reduce((a, b) => a + b))
  }

  function check(
    name: string,
    a: Bounds,
    b: Bounds,
    expected: (a: bigint[], b: bigint[]) => bigint[],
    lanes = 4,
  ): void {
    it(name, () => {
      for (let run = 0; run < 50; run++) {
        const [x, y] = [fill(A, a, run % 3 === 0), fill(B, b, run % 2 === 0)]
        kernel[name]!(OUT, A, B)
        const got = read(OUT).map(modulo).slice(0, lanes)
        expect(got).toEqual(expected(x, y).map(modulo).slice(0, lanes))
      }
    })
  }

  check('mulFour', DIFFERENCE, BIAS, (a, b) => a.map((x, i) => x * b[i]!))
  check('mulTwo', DIFFERENCE, BIAS, (a, b) => a.map((x, i) => x * b[i]!), 2)
  check('sqrFour', times(TIGHT, 2), TIGHT, (a) => a.map((x) => x * x))
  check('sqrTwo', times(TIGHT, 2), TIGHT, (a) => a.map((x) => x * x), 2)
  check('addFour', TIGHT, TIGHT, (a, b) => a.map((x, i) => x + b[i]!))
  check('subFour', times(TIGHT, 2), TIGHT, (a, b) => a.map((x, i) => x - b[i]!))
  check('sumsAndDifferences', TIGHT, TIGHT, ([x, y, z, t]) => [y! - x!, y! + x!, z!, t!])
  check('beforeDoubling', TIGHT, TIGHT, ([x, y, z]) => [x!, y!, z!, x! + y!])
  check('negateCached', TIGHT, TIGHT, ([a, b, c, d]) => [b!, a!, c!, -d!])

  it.each([
    ['afterAdding', ([a, b, d, c]: bigint[]) => [b! - a!, d! + c!, d! - c!, b! + a!]],
    ['afterDoubling', ([x, y, z, s]: bigint[]) => [x! + y! - s!, x! - y!, x! - y! + 2n * z!, x! + y!]],
  ] as const)('%s', (name, expected) => {
    for (let run = 0; run < 50; run++) {
      const [e, g, f, h] = expected(fill(A, TIGHT, run % 2 === 0)).map(modulo)
      kernel[name]!(OUT, OTHER, A)
      expect(read(OUT).map(modulo)).toEqual([e, g, f, e])
      expect(read(OTHER).map(modulo)).toEqual([f, h, g, h])
    }
  })

  it('freezeFour makes numbers unique', () => {
    const seams = [0n, 1n, P - 1n, P, P + 1n, P + 18n, 2n ** 255n - 1n, 2n ** 254n]
    for (const value of seams) {
      for (let i = 0; i < LIMBS; i++) words[A / 4 + 4 * i] = Number((value >> BigInt(29 * i)) & 0x1fffffffn)
      kernel.freezeFour!(OUT, A)
      expect(read(OUT)[0]).toBe(modulo(value))
    }
    for (let run = 0; run < 50; run++) {
      const values = fill(A, TIGHT, run === 0)
      kernel.freezeFour!(OUT, A)
      expect(read(OUT)).toEqual(values.map(modulo))
    }
  })
})

async function compile(): Promise<{ memory: WebAssembly.Memory } & Record<string, (...addresses: number[]) => void>> {
  let wasm: Uint8Array<ArrayBuffer> | undefined
  const { error } = await asc.main(['field.ts', '-O3', '--runtime', 'stub', '--enable', 'simd', '--outFile', 'out'], {
    readFile: (name) => (name === 'field.ts' ? field : null),
    writeFile(_, contents) {
      if (typeof contents !== 'string') wasm = Uint8Array.from(contents)
    },
    listFiles: () => [],
  })
  if (error || !wasm) throw error ?? new Error('nothing was compiled')
  const { instance } = await WebAssembly.instantiate(wasm)
  return instance.exports as unknown as Awaited<ReturnType<typeof compile>>
}
