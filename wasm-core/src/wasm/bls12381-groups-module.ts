/** What `bls12381-groups.wasm` exports; see `assembly/bls12381-groups/`. Addresses are byte offsets into its memory. */
export interface GroupsExports {
  readonly memory: WebAssembly.Memory
  readonly INPUT: WebAssembly.Global<'i32'>
  readonly INPUT_BYTES: WebAssembly.Global<'i32'>
  readonly POINTS: WebAssembly.Global<'i32'>
  readonly SCALARS: WebAssembly.Global<'i32'>
  readonly RESULT: WebAssembly.Global<'i32'>
  /** The most points of one call. */
  readonly CHUNK: WebAssembly.Global<'i32'>
  /** Where static data ends, which must be below the buckets: see `assembly/bls12381-groups/windows.ts`. */
  staticEnd(): number
  readonly BUCKETS: WebAssembly.Global<'i32'>
  messageStart(): void
  messageAdd(length: number): void
  hashEnd(domainLength: number): void
  mapInput(): void
  /** A verdict; see `bls12381-module.ts`. */
  pointRead(): number
  pointWrite(): void
  isIdentity(): number
  negatePoint(): void
  sumStart(): void
  sumAddPoints(count: number): void
  sumAddPublic(count: number): void
  sumAddSecret(count: number): void
  /** For many public points: buckets instead of tables. */
  bucketsStart(): void
  bucketsAdd(count: number): void
  /** Adds what the buckets come to to the sum. */
  bucketsEnd(): void
  sumEnd(): void
  sumEndPublic(): void
  multiplyGeneratorG2(): void
  /** −1, or the index of the first scalar that is not below r. */
  scalarsUnreduced(count: number): number
  scalarsAdd(): void
  scalarsMultiply(): void
  scalarsNegate(): void
  scalarsInvert(): void
  scalarsReduce(): void
}

/** Bytes of a point of G1 between calls: three coordinates of one lane. */
export const G1_BYTES = 168
/** Bytes of a point of G2: two pairs. */
export const G2_BYTES = 224

/** The instance behind the secret half of the slot. Its memory never grows, so the view stays valid. */
export interface GroupsModule {
  readonly kernel: GroupsExports
  readonly view: Uint8Array
  /** Makes the memory, but for the buckets of public sums, what it was before the first call: nothing of a secret is left. */
  wipe(): void
}

/** @throws {WebAssembly.CompileError} where the platform refuses WebAssembly or lacks SIMD. */
export async function instantiateGroups(bytes: BufferSource): Promise<GroupsModule> {
  const { instance } = await WebAssembly.instantiate(bytes)
  const kernel = instance.exports as unknown as GroupsExports
  const view = new Uint8Array(kernel.memory.buffer)
  const { value: end } = kernel.BUCKETS
  if (kernel.staticEnd() > end) throw new Error('bls12381-groups.wasm: static data reaches into the buckets')
  const pristine = view.slice(0, end)
  return { kernel, view, wipe: () => view.set(pristine) }
}
