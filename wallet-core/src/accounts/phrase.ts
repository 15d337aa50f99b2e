/**
 * Recovery phrases (BIP-39, English list). Entropy, seed and the phrase itself are bytes the caller wipes: its words are
 * never put together into a string, nor is a single one of what was brought.
 * @module
 */
import { pbkdf2 } from '@noble/hashes/pbkdf2.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { WalletError } from '../errors.ts'

type Sha256 = (data: Uint8Array) => Uint8Array

const SALT = new TextEncoder().encode('mnemonic')
/** Words of a phrase → bytes of entropy: 11 bits a word, of which one in 33 is checksum. */
const ENTROPY_BYTES: Readonly<Record<number, number>> = { 12: 16, 15: 20, 18: 24, 21: 28, 24: 32 }
const SPACE = 0x20

/** Indices into the word list: the entropy's bits and its checksum, 11 at a time. The caller's to wipe. */
export function wordIndices(entropy: Uint8Array, sha256: Sha256): Uint16Array {
  const count = (entropy.length * 3) / 4
  if (ENTROPY_BYTES[count] !== entropy.length)
    throw new InvalidPhrase(`no phrase has ${entropy.length} bytes of entropy`)
  const bits = new Uint8Array(entropy.length + 1)
  bits.set(entropy)
  bits[entropy.length] = sha256(entropy)[0]!
  const indices = Uint16Array.from({ length: count }, (_, word) => readBits(bits, word * 11, 11))
  bits.fill(0)
  return indices
}

/** The phrase to be shown: ASCII, one space between words. The caller's to wipe. */
export function phraseOf(entropy: Uint8Array, sha256: Sha256): Uint8Array {
  const indices = wordIndices(entropy, sha256)
  const phrase = new Uint8Array(indices.reduce((sum, index) => sum + wordlist[index]!.length, indices.length - 1))
  let at = 0
  for (const index of indices) {
    const word = wordlist[index]!
    if (at > 0) phrase[at++] = SPACE
    for (let i = 0; i < word.length; i++) phrase[at++] = word.charCodeAt(i)
  }
  indices.fill(0)
  return phrase
}

/** Where in the list a word stands, -1: nowhere. ASCII in any case, any white space around it, and nothing else. */
export function indexOfWord(word: Uint8Array): number {
  const [only, ...others] = wordsIn(word)
  return only === undefined || others.length > 0 ? -1 : placeOf(only)
}

/**
 * Reads a phrase: ASCII, any white space between words, any case. The bytes stay the caller's to wipe.
 * @throws {InvalidPhrase} naming the count, the place of a word that is not in the list, or the checksum. The message
 * never repeats a word.
 */
export function entropyOf(phrase: Uint8Array, sha256: Sha256): Uint8Array {
  const words = wordsIn(phrase)
  const length = ENTROPY_BYTES[words.length]
  if (length === undefined) throw new InvalidPhrase(`it has ${words.length} words, expected 12 or 24 (or 15, 18, 21)`)
  const bits = new Uint8Array(length + 1)
  words.forEach((word, place) => {
    const index = placeOf(word)
    if (index < 0) {
      bits.fill(0)
      throw new InvalidPhrase(`word ${place + 1} is not one of the 2048 words of the BIP-39 list`)
    }
    writeBits(bits, place * 11, 11, index)
  })
  const entropy = bits.slice(0, length)
  const checksumBits = words.length / 3
  const expected = sha256(entropy)[0]! >> (8 - checksumBits)
  const given = bits[length]! >> (8 - checksumBits)
  bits.fill(0)
  if (expected !== given) {
    entropy.fill(0)
    throw new InvalidPhrase('its checksum does not fit: a word is wrong, or two words changed places')
  }
  return entropy
}

/**
 * The 64-byte seed: PBKDF2-HMAC-SHA-512, 2048 rounds, salt "mnemonic" ‖ passphrase; of the passphrase, the UTF-8 bytes
 * of its NFKD form.
 */
export function seedOf(entropy: Uint8Array, sha256: Sha256, passphrase: Uint8Array = new Uint8Array(0)): Uint8Array {
  const phrase = phraseOf(entropy, sha256)
  const salt = new Uint8Array(SALT.length + passphrase.length)
  salt.set(SALT)
  salt.set(passphrase, SALT.length)
  try {
    return pbkdf2(sha512, phrase, salt, { c: 2048, dkLen: 64 })
  } finally {
    phrase.fill(0)
    salt.fill(0)
  }
}

/** Views of what stands between white space. */
function wordsIn(text: Uint8Array): Uint8Array[] {
  const words: Uint8Array[] = []
  for (let at = 0, start = 0; at <= text.length; at++) {
    if (at < text.length && !isSpace(text[at]!)) continue
    if (at > start) words.push(text.subarray(start, at))
    start = at + 1
  }
  return words
}

const isSpace = (byte: number): boolean => byte === SPACE || (byte >= 9 && byte <= 13)

/** By halving: the list is sorted. */
function placeOf(word: Uint8Array): number {
  let [low, high] = [0, wordlist.length - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const order = compare(word, wordlist[middle]!)
    if (order === 0) return middle
    if (order < 0) high = middle - 1
    else low = middle + 1
  }
  return -1
}

function compare(word: Uint8Array, listed: string): number {
  for (let i = 0; i < Math.min(word.length, listed.length); i++) {
    const byte = word[i]!
    const order = (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) - listed.charCodeAt(i)
    if (order !== 0) return order
  }
  return word.length - listed.length
}

function readBits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let i = at; i < at + count; i++) value = (value << 1) | ((bytes[i >> 3]! >> (7 - (i & 7))) & 1)
  return value
}

function writeBits(bytes: Uint8Array, at: number, count: number, value: number): void {
  for (let i = 0; i < count; i++) {
    const bit = (value >> (count - 1 - i)) & 1
    bytes[(at + i) >> 3]! |= bit << (7 - ((at + i) & 7))
  }
}

export class InvalidPhrase extends WalletError {
  constructor(reason: string) {
    super(
      { name: 'Accounts.InvalidPhrase', code: 'INVALID_PHRASE', kind: 'usage' },
      `This is not a recovery phrase: ${reason}.`,
      {
        next: 'Compare it with your backup, word by word and in order.',
      },
    )
  }
}
