import { expect, it } from 'vitest'
import { binary, isBinary, isUnary, unary } from './arithmetic.ts'

const I32 = 0x7f
const I64 = 0x7e
const EDGES = [0n, 1n, 2n, 7n, 31n, 32n, 33n, 63n, 64n, 0x7fn, 0x80n, 0xffffn, 0x7fffffffn, 0x80000000n, 0xffffffffn]
const NUMBERS = [...EDGES, 1n << 32n, 1n << 63n, (1n << 63n) - 1n, (1n << 64n) - 1n, 0x123456789abcdefn]

/** A module whose function `f` does one instruction. */
async function engine(op: number, operands: number[], result: number): Promise<(...args: never[]) => number | bigint> {
  const type = [1, 0x60, operands.length, ...operands, 1, result]
  const body = [0, ...operands.flatMap((_, i) => [0x20, i]), op, 0x0b]
  const section = (id: number, content: number[]) => [id, content.length, ...content]
  const bytes = Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, type),
    ...section(3, [1, 0]),
    ...section(7, [1, 1, 'f'.charCodeAt(0), 0, 0]),
    ...section(10, [1, body.length, ...body]),
  ])
  const { instance } = await WebAssembly.instantiate(bytes)
  return instance.exports.f as (...args: never[]) => number | bigint
}

/** i64 results come out of the engine with a sign. */
const plain = (value: number | bigint) => (typeof value === 'bigint' ? BigInt.asUintN(64, value) : value)

it('computes like the engine: every integer instruction, on edges', async () => {
  let compared = 0
  for (let op = 0x45; op <= 0xc4; op++) {
    if (!isUnary(op) && !isBinary(op)) continue
    const takes64 = (op >= 0x50 && op <= 0x5a) || (op >= 0x79 && op <= 0x8a) || op === 0xa7 || op >= 0xc2
    const gives64 = (op >= 0x79 && op <= 0x8a) || op === 0xac || op === 0xad || op >= 0xc2
    const operand = takes64 ? I64 : I32
    const run = await engine(op, isUnary(op) ? [operand] : [operand, operand], gives64 ? I64 : I32)
    const inputs = takes64 ? NUMBERS : EDGES.map((value) => Number(BigInt.asIntN(32, value)))
    for (const a of inputs)
      for (const b of isUnary(op) ? [0] : inputs) {
        let expected: number | bigint
        try {
          expected = plain(run(a as never, b as never))
        } catch {
          continue // a division by zero, or one that overflows
        }
        const got = isUnary(op) ? unary(op, a) : binary(op, a, b)
        expect(got, `0x${op.toString(16)} of ${a} and ${b}`).toBe(expected)
        compared++
      }
  }
  expect(compared).toBeGreaterThan(10_000)
})
