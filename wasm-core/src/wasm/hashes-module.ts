/** What `hashes.wasm` exports; see `assembly/hashes/index.ts`. Addresses are byte offsets into its memory. */
interface HashesExports {
  readonly memory: WebAssembly.Memory
  readonly INPUT: WebAssembly.Global<'i32'>
  readonly OUTPUT: WebAssembly.Global<'i32'>
  readonly ROOT: WebAssembly.Global<'i32'>
  readonly KEY: WebAssembly.Global<'i32'>
  readonly RESULT: WebAssembly.Global<'i32'>
  staticEnd(): number
  keccak256(length: number): void
  keccakStart(): void
  keccakBlocks(length: number): void
  keccakEnd(length: number): void
  keccakMany(count: number, end: number): number
  sha256(length: number): void
  sha256Start(): void
  sha256Blocks(length: number): void
  sha256End(length: number, total: number): void
  sha256Pairs(count: number): void
  sha256dPairs(count: number): void
  sszBranchRoot(depth: number, low: number, high: number): void
  sszRoot(count: number, height: number, depth: number): void
  trieWalk(keyBytes: number, count: number, end: number): number
  poolStart(count: number, end: number): number
  poolWalk(keyBytes: number): number
  poolEnd(): number
}

/** The instance behind the hashing and Merkle slots. */
export interface HashesModule {
  readonly kernel: HashesExports
  readonly input: number
  readonly output: number
  readonly root: number
  readonly key: number
  readonly result: number
  /** A view of the whole memory, in which at least `bytes` fit behind `input`. Take it again before each use. */
  memory(bytes: number): Uint8Array
  /** Fills the input window with messages, each u32 length and bytes; 64 bytes for each fit behind. @returns their end. */
  writeMessages(messages: readonly Uint8Array[]): number
  /** The u32 at an address. */
  word(address: number): number
}

/** Bytes that always fit behind `input`; longer messages are streamed. A multiple of both block sizes, 136 and 64. */
export const WINDOW = 136 * 64 * 20

/** @throws {WebAssembly.CompileError} where the platform refuses WebAssembly or lacks SIMD. */
export async function instantiateHashes(bytes: BufferSource): Promise<HashesModule> {
  const { instance } = await WebAssembly.instantiate(bytes)
  const kernel = instance.exports as unknown as HashesExports
  const input = kernel.INPUT.value
  if (kernel.staticEnd() > input) throw new RangeError('hashes.wasm: static data reaches into the input window')
  let view = new Uint8Array(kernel.memory.buffer)
  let words = new DataView(kernel.memory.buffer)
  const memory = (needed: number) => {
    const missing = input + needed - view.length
    if (missing > 0) {
      kernel.memory.grow(Math.ceil(missing / 65536))
      view = new Uint8Array(kernel.memory.buffer) // growing detaches the old buffer
      words = new DataView(kernel.memory.buffer)
    }
    return view
  }
  return {
    kernel,
    input,
    output: kernel.OUTPUT.value,
    root: kernel.ROOT.value,
    key: kernel.KEY.value,
    result: kernel.RESULT.value,
    memory,
    writeMessages(messages) {
      const target = memory(messages.reduce((sum, message) => sum + message.length + 68, 16))
      let at = input
      for (const message of messages) {
        words.setUint32(at, message.length, true)
        target.set(message, at + 4)
        at += 4 + message.length
      }
      return at
    },
    word: (address) => words.getUint32(address, true),
  }
}
