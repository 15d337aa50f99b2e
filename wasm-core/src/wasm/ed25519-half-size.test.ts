import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const L = 2n ** 252n + 27742317777372353535851937790883648493n
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

interface Halving {
  readonly memory: WebAssembly.Memory
  halve(outA: number, outB: number, k: number): number
}

describe('the halving of a challenge', async () => {
  const kernel = await compile()
  const bytes = new Uint8Array(kernel.memory.buffer)
  const [A, B, K] = [60_000, 60_032, 60_064]
  const read = (at: number) => bytes.slice(at, at + 32).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)

  function check(k: bigint): void {
    for (let i = 0; i < 32; i++) bytes[K + i] = Number((k >> BigInt(8 * i)) & 255n)
    const negative = kernel.halve(A, B, K) !== 0
    const [a, size] = [read(A), read(B)]
    const b = negative ? -size : size
    expect((((b * k - a) % L) + L) % L).toBe(0n)
    expect(size).not.toBe(0n)
    expect(a < 2n ** 127n && size < 2n ** 127n).toBe(true)
  }

  it('gives a = b·k mod L of half the length, b not zero', () => {
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: L - 1n }), check), { numRuns: 2000 })
  })

  it('for challenges where the algorithm stops at once, takes long quotients, or the most steps', () => {
    const powers = Array.from({ length: 253 }, (_, i) => 2n ** BigInt(i))
    const quotients = Array.from({ length: 300 }, (_, i) => L / BigInt(i + 1))
    const golden = [(L * 61803398874989484820458683436563811772n) / 10n ** 38n]
    const edges = [0n, 1n, 2n, 3n, ...powers, ...quotients, ...golden, (L + 1n) / 2n]
    for (const k of edges.flatMap((edge) => [edge - 1n, edge, edge + 1n, L - edge])) if (k >= 0n && k < L) check(k)
  })
})

async function compile(): Promise<Halving> {
  let wasm: Uint8Array | undefined
  const { error, stderr } = await asc.main(
    ['assembly/ed25519/half-size.ts', '--outFile', 'out.wasm', '-O3', '--runtime', 'stub', '--use', 'abort='],
    {
      readFile: (name: string) => readFile(join(ROOT, name), 'utf8').catch(() => null),
      writeFile: (name: string, contents: string | Uint8Array) => {
        if (name === 'out.wasm' && typeof contents !== 'string') wasm = contents
      },
      listFiles: () => null,
    },
  )
  if (error || !wasm) throw new Error(`asc: ${error?.message ?? ''}\n${stderr.toString()}`)
  const { instance } = await WebAssembly.instantiate(new Uint8Array(wasm))
  return instance.exports as unknown as Halving
}
