/** One share of SLIP-39: its fields, its value and its checksum ("Format of the share mnemonic"). @module */
import { InvalidImport } from '../errors.ts'

export interface Share {
  /** Of the whole set, 15 bits. */
  readonly id: number
  readonly extendable: boolean
  readonly iterationExponent: number
  readonly groupIndex: number
  readonly groupThreshold: number
  readonly groupCount: number
  readonly memberIndex: number
  readonly memberThreshold: number
  /** As long as the secret. */
  readonly value: Uint8Array
}

const BITS = 10
const LEAST_WORDS = 20
/** More than the vault's longest seed, 64 bytes, needs. */
const MOST_WORDS = 59
/** Words of fields before the value, and of the checksum behind it. */
const HEAD = 4
const CHECKSUM = 3

/** @param bytes the places of its words in the list, two bytes each @throws {InvalidImport} */
export function readShare(bytes: Uint8Array, place: number): Share {
  const wrong = (reason: string) => new InvalidImport('slip39', `share ${place + 1} ${reason}`)
  const words = Array.from({ length: bytes.length >> 1 }, (_, i) => (bytes[i * 2]! << 8) | bytes[i * 2 + 1]!)
  try {
    if (bytes.length % 2 !== 0 || words.some((word) => word >= 1 << BITS)) throw wrong('is not made of words')
    if (words.length < LEAST_WORDS || words.length > MOST_WORDS)
      throw wrong(`has ${words.length} words, expected 20 or 33 (at most ${MOST_WORDS})`)
    const valueBits = (words.length - HEAD - CHECKSUM) * BITS
    const padding = valueBits % 16
    if (padding > 8) throw wrong(`cannot have ${words.length} words`)
    const [first, second, third, fourth] = words as unknown as [number, number, number, number]
    const extendable = ((second >> 4) & 1) === 1
    if (checksum(extendable ? 'shamir_extendable' : 'shamir', words) !== 1)
      throw wrong('has a word that is wrong, missing or in another place: its checksum does not fit')
    const fields = {
      id: (first << 5) | (second >> 5),
      extendable,
      iterationExponent: second & 15,
      groupIndex: third >> 6,
      groupThreshold: ((third >> 2) & 15) + 1,
      groupCount: (((third & 3) << 2) | (fourth >> 8)) + 1,
      memberIndex: (fourth >> 4) & 15,
      memberThreshold: (fourth & 15) + 1,
    }
    if (fields.groupThreshold > fields.groupCount) throw wrong('asks for more groups than there are')
    const value = bytesOf(words.slice(HEAD, -CHECKSUM), padding)
    if (value === null) throw wrong('is padded with something')
    return { ...fields, value }
  } finally {
    words.fill(0)
  }
}

/** The bits of the words behind the padding, which are zeros; null when they are not. */
function bytesOf(words: number[], padding: number): Uint8Array | null {
  const value = new Uint8Array((words.length * BITS - padding) / 8)
  let bits = 0
  let held = BITS - padding
  if (words[0]! >> held !== 0) return null
  let at = 0
  words.forEach((word, i) => {
    bits = (bits << BITS) | word
    if (i > 0) held += BITS
    for (; held >= 8; held -= 8) value[at++] = (bits >> (held - 8)) & 0xff
    bits &= (1 << held) - 1
  })
  words.fill(0)
  return value
}

const GENERATOR = [
  0xe0e040, 0x1c1c080, 0x3838100, 0x7070200, 0xe0e0009, 0x1c0c2412, 0x38086c24, 0x3090fc48, 0x21b1f890, 0x3f3f120,
]

/** RS1024: 1 when the words fit their checksum. */
function checksum(customization: string, words: readonly number[]): number {
  let sum = 1
  for (const value of [...new TextEncoder().encode(customization), ...words]) {
    const top = sum >> 20
    sum = ((sum & 0xfffff) << 10) ^ value
    for (let i = 0; i < 10; i++) if ((top >> i) & 1) sum ^= GENERATOR[i]!
  }
  return sum
}
