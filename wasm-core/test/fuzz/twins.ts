/**
 * Two instances of a kernel that are asked the same with different bytes around the input: whatever reads outside its
 * window, or memory it did not write, sees other bytes in the twin, and sooner or later answers otherwise.
 */

export type Span = readonly [from: number, to: number]

/** Bytes for the one and for the other, by turns: none, all, and what RLP and point encodings would take for theirs. */
const CANARIES: readonly (readonly [number, number])[] = [
  [0x00, 0xff],
  [0xff, 0x00],
  [0x80, 0xa0],
  [0xc0, 0x01],
  [0x5a, 0xa5],
]

/** Fills its spans with the canaries of a turn. */
export type Poison = (turn: number) => void

/** @param side which of the twins this memory belongs to. The spans must hold nothing that a call may rely on. */
export function poison(memory: WebAssembly.Memory, side: 0 | 1, spans: readonly Span[]): Poison {
  let view = new Uint8Array(memory.buffer)
  return (turn) => {
    if (view.length === 0) view = new Uint8Array(memory.buffer) // it has grown
    for (const [from, to] of spans) view.fill(CANARIES[turn % CANARIES.length]![side], from, to)
  }
}

/** What `wipe` clears: all scratch of a kernel and its windows. Found by looking, in an instance that is then useless. */
export function wipedSpan(kernel: { readonly memory: WebAssembly.Memory; wipe(): void }): Span {
  const view = new Uint8Array(kernel.memory.buffer)
  view.fill(0xff)
  kernel.wipe()
  const from = view.indexOf(0)
  const to = view.lastIndexOf(0) + 1
  if (from < 0 || view.subarray(from, to).some((byte) => byte !== 0)) throw new Error('wipe clears no single span')
  return [from, to]
}

/** A slot on an instance of its own. */
export interface Twin<Slot> {
  readonly slot: Slot
  readonly fill: Poison
}

/** Asks the twins, and noble without further ado. */
export function asking<Slot, Input>(
  twins: readonly [Twin<Slot>, Twin<Slot>],
  noble: Slot,
  ask: (slot: Slot, input: Input) => unknown,
) {
  const on =
    ({ slot, fill }: Twin<Slot>) =>
    (input: Input, turn: number) => {
      fill(turn)
      return ask(slot, input)
    }
  return { twins: [on(twins[0]), on(twins[1])] as const, noble: (input: Input) => ask(noble, input) }
}
