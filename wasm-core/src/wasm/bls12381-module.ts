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
  /** Parsed keys (112 bytes each, at most 64), or pairs of points. */
  readonly PARSED: WebAssembly.Global<'i32'>
  /** Parses `count` keys from INPUT into PARSED. −1, or 16·index + verdict of the first one refused. */
  keysParse(count: number): number
  sumAddParsed(count: number): void
  /** Writes the ended sum, not the identity, as a parsed key. */
  sumWriteParsed(): void
  pairingStart(): void
  /** Multiplies in the first `count` pairs of PARSED, at most 16. */
  pairingAdd(count: number): void
  /** Whether the product is one. */
  pairingEnd(): number
  /** A verdict. */
  pointReadG2(): number
  pointWriteG2(): void
  hashEndG2(domainLength: number): void
  signatureRead(): number
  messageStart(): void
  messageAdd(length: number): void
  check(): number
  /** The most items of one window of a batch. */
  readonly BATCH_ITEMS: WebAssembly.Global<'i32'>
  batchStart(): void
  batchWindow(): void
  /**
   * Adds the one or two keys (`count`) in INPUT to the items `first` and `second`, or subtracts one from item ~n where
   * that is negative. A single key must stand there twice. Whether they are good.
   */
  batchKeys(count: number, first: number, second: number): number
  /** Ends the sum of keys of an item. Whether it is the identity. */
  batchKeysEnd(item: number): number
  /** Takes one or two signatures in INPUT, their coefficients behind them, for the items from `item` on. Whether good. */
  batchSignatures(count: number, item: number): number
  batchMessage(item: number): void
  /** Ends a window of `count` items; `last` says whether the batch ends with it. */
  batchWindowEnd(count: number, last: number): void
  /** Whether the product of all windows is 1. */
  batchEnd(): number
}

export const KEY_BYTES = 48
export const SIGNATURE_BYTES = 96
/** Affine coordinates as the kernel computes with them. */
export const PARSED_KEY_BYTES = 112

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
  readonly parsed: number
}

/** Where a message goes: this module, or another one that hashes. */
export interface MessageModule {
  readonly kernel: Pick<BlsExports, 'messageStart' | 'messageAdd'>
  readonly view: Uint8Array
  readonly input: number
  readonly inputBytes: number
}

/** Begins a message and puts all of it in. */
export function readMessage({ kernel, view, input, inputBytes }: MessageModule, message: Uint8Array): void {
  kernel.messageStart()
  for (let at = 0; at < message.length; at += inputBytes) {
    const piece = message.subarray(at, at + inputBytes)
    view.set(piece, input)
    kernel.messageAdd(piece.length)
  }
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
    parsed: kernel.PARSED.value,
  }
}
