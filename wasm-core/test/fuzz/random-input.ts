/** Gives integers from 0 to below `below`. */
export type Next = (below: number) => number

/** xorshift32: the same inputs in every run of a seed. */
export function randomOf(seed: number): Next {
  let state = seed | 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

export const pick = <T>(list: readonly T[], next: Next): T => list[next(list.length)]!

export const randomBytes = (length: number, next: Next): Uint8Array => Uint8Array.from({ length }, () => next(256))

/** One to four changes: a bit, a byte, an extreme byte, a run copied elsewhere; one in sixteen also changes the length. */
export function mutated(bytes: Uint8Array, next: Next): Uint8Array {
  const changed = bytes.slice()
  for (let count = 1 + next(4); count > 0 && changed.length > 0; count--) {
    const at = next(changed.length)
    const kind = next(8)
    if (kind < 3) changed[at]! ^= 1 << next(8)
    else if (kind < 5) changed[at] = next(256)
    else if (kind < 7) changed[at] = pick([0, 1, 0x7f, 0x80, 0xb8, 0xc0, 0xf8, 0xff], next)
    else changed.copyWithin(at, next(changed.length), next(changed.length))
  }
  const length = next(16)
  if (length === 0) return changed.slice(0, next(changed.length + 1))
  if (length === 1) return Uint8Array.from([...changed, ...randomBytes(1 + next(40), next)])
  return changed
}
