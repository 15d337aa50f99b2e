/** Sets of blocks as ranges, both ends included, ascending and apart. Pure. */

export interface BlockRange {
  readonly from: bigint
  readonly to: bigint
}

/** All blocks of either. */
export function joined(ranges: readonly BlockRange[]): BlockRange[] {
  const out: BlockRange[] = []
  for (const range of ranges.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))) {
    const before = out.at(-1)
    if (range.from > range.to) continue
    if (!before || before.to + 1n < range.from) out.push(range)
    else if (range.to > before.to) out[out.length - 1] = { from: before.from, to: range.to }
  }
  return out
}

/** The blocks of `wanted` that are in none of `covered`. */
export function missing(wanted: BlockRange, covered: readonly BlockRange[]): BlockRange[] {
  const out: BlockRange[] = []
  let { from } = wanted
  for (const range of joined(covered)) {
    if (range.to < from) continue
    if (range.from > wanted.to) break
    if (range.from > from) out.push({ from, to: range.from - 1n })
    from = range.to + 1n
  }
  if (from <= wanted.to) out.push({ from, to: wanted.to })
  return out
}

/** The blocks that are not below `least`. */
export function above(least: bigint, ranges: readonly BlockRange[]): BlockRange[] {
  return ranges.flatMap(({ from, to }) => (to < least ? [] : [{ from: from < least ? least : from, to }]))
}
