/**
 * Keys that were decoded and validated once, as the host keeps them: the affine coordinates of one lane, x ‖ y of 14
 * limbs each. They enter a sum two at a time, one per lane.
 */
import { f2mulLanes, ONE_LANES, ZERO } from '../../generated/bls12381/field'
import { addLanes, addMixedLanes } from '../../generated/bls12381/points'
import { inverseSplat, PAIR, pick } from './lanes'
import { OK, readKeys } from './points'
import { SUM } from './signature'
import { INPUT, OUTPUT, PARSED } from './windows'

const KEY_BYTES: usize = 48
const LANE: usize = 56
export const PARSED_BYTES: usize = 2 * LANE

const KEYS: usize = memory.data(3 * 112, 16)
const INVERSE: usize = memory.data(112, 16)

/**
 * Validates the `count` compressed keys in the input window and writes them, parsed, to PARSED.
 * @returns −1, or 16·index + reason for the first key that is refused.
 */
export function keysParse(count: i32): i32 {
  for (let i = 0; i < count; i += 2) {
    const at = INPUT + KEY_BYTES * i
    const single = i + 1 == count
    const verdict = readKeys(KEYS, at, single ? at : at + KEY_BYTES)
    const first = verdict & 0xff
    const second = verdict >> 8
    if (first != OK) return (i << 4) | first
    if (second != OK) return ((i + 1) << 4) | second
    takeLane(PARSED + PARSED_BYTES * i, KEYS, 0)
    if (!single) takeLane(PARSED + PARSED_BYTES * (i + 1), KEYS, 4)
  }
  return -1
}

/** Adds the first `count` keys of PARSED to the sum. */
export function sumAddParsed(count: i32): void {
  for (let i = 0; i + 1 < count; i += 2) {
    const first = PARSED + PARSED_BYTES * i
    joinLanes(KEYS, first, first + PARSED_BYTES)
    addMixedLanes(SUM, SUM, KEYS)
  }
  if ((count & 1) == 0) return
  const last = PARSED + PARSED_BYTES * (count - 1)
  joinLanes(KEYS, last, last)
  pick(KEYS, KEYS, 0, ZERO, 1)
  pick(KEYS + PAIR, KEYS + PAIR, 0, ONE_LANES, 1)
  pick(KEYS + 2 * PAIR, ONE_LANES, 0, ZERO, 1)
  addLanes(SUM, SUM, KEYS)
}

/** Writes the ended sum, which must not be the identity, as a parsed key. */
export function sumWriteParsed(): void {
  inverseSplat(INVERSE, SUM + 2 * PAIR)
  f2mulLanes(KEYS, SUM, INVERSE)
  f2mulLanes(KEYS + PAIR, SUM + PAIR, INVERSE)
  takeLane(OUTPUT, KEYS, 0)
}

/** x ‖ y of one lane (at byte 0 or 4) of a point. */
function takeLane(to: usize, point: usize, lane: usize): void {
  for (let i: usize = 0; i < PARSED_BYTES; i += 4) store<u32>(to + i, load<u32>(point + lane + 2 * i))
}

/** out = x and y of a in lane 0, of b in lane 1. */
export function joinLanes(out: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < PARSED_BYTES; i += 16) {
    const x = v128.load(a + i)
    const y = v128.load(b + i)
    v128.store(out + 2 * i, i32x4.shuffle(x, y, 0, 4, 1, 5))
    v128.store(out + 2 * i, i32x4.shuffle(x, y, 2, 6, 3, 7), 16)
  }
}
