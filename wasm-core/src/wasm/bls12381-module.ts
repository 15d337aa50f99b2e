/** What `bls12381.wasm` exports; see `assembly/bls12381/index.ts`. Addresses are byte offsets into its memory. */
export interface BlsExports {
  readonly memory: WebAssembly.Memory
  readonly INPUT: WebAssembly.Global<'i32'>
  readonly INPUT_BYTES: WebAssembly.Global<'i32'>
  readonly OUTPUT: WebAssembly.Global<'i32'>
  sumStart(): void
  /** Adds `count` keys from INPUT. −1, or 16·index + verdict of the first one refused. */
  sumAdd(count: number): number
  sumNegate(): void
  /** Whether the sum is the identity. */
  sumEnd(): number
  sumWrite(): void
  signatureRead(): number
  messageStart(): void
  messageAdd(length: number): void
  check(): number
}

export const KEY_BYTES = 48
export const SIGNATURE_BYTES = 96

/** Verdicts of the kernel on an encoded point; `assembly/bls12381/points.ts` has the same list. */
export const POINT_IDENTITY = 1
const REASONS: Readonly<Record<number, string>> = {
  [POINT_IDENTITY]: 'the identity is not a key',
  2: 'expected the flags of a compressed point (first bit set; no sign on the identity)',
  3: 'expected zeros behind the flags of the identity',
  4: 'expected coordinates below the field modulus',
  5: 'the encoded x belongs to no point of the curve',
  6: 'the point is on the curve but not in the subgroup of prime order',
}

/** The verdict in words. */
export function reasonOf(verdict: number): string {
  return REASONS[verdict] ?? `refused with verdict ${verdict}`
}

/** The instance behind the BLS slot. Its memory never grows, so the view stays valid. */
export interface BlsModule {
  readonly kernel: BlsExports
  readonly view: Uint8Array
  readonly input: number
  readonly inputBytes: number
  readonly output: number
}

/** @throws {WebAssembly.CompileError} where the platform refuses WebAssembly or lacks SIMD. */
export async function instantiateBls(bytes: BufferSource): Promise<BlsModule> {
  const { instance } = await WebAssembly.instantiate(bytes)
  const kernel = instance.exports as unknown as BlsExports
  return {
    kernel,
    view: new Uint8Array(kernel.memory.buffer),
    input: kernel.INPUT.value,
    inputBytes: kernel.INPUT_BYTES.value,
    output: kernel.OUTPUT.value,
  }
}
