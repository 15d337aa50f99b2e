/**
 * Recovery phrases (BIP-39, English list). Entropy and seed are bytes the caller wipes; a phrase as text exists only
 * where a person types or reads it.
 * @module
 */
import { pbkdf2 } from '@noble/hashes/pbkdf2.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { WalletError } from '../errors.ts'

type Sha256 = (data: Uint8Array) => Uint8Array

const indexOfWord = new Map(wordlist.map((word, index) => [word, index]))
const SALT = new TextEncoder().encode('mnemonic')
/** Words of a phrase → bytes of entropy: 11 bits a word, of which one in 33 is checksum. */
const ENTROPY_BYTES: Readonly<Record<number, number>> = { 12: 16, 15: 20, 18: 24, 21: 28, 24: 32 }

/** Indices into the word list: the entropy's bits and its checksum, 11 at a time. */
export function wordIndices(entropy: Uint8Array, sha256: Sha256): number[] {
  const count = (entropy.length * 3) / 4
  if (ENTROPY_BYTES[count] !== entropy.length)
    throw new InvalidPhrase(`no phrase has ${entropy.length} bytes of entropy`)
  const bits = new Uint8Array(entropy.length + 1)
  bits.set(entropy)
  bits[entropy.length] = sha256(entropy)[0]!
  const indices = Array.from({ length: count }, (_, word) => readBits(bits, word * 11, 11))
  bits.fill(0)
  return indices
}

/** The phrase as text, to be shown once. */
export function phraseOf(entropy: Uint8Array, sha256: Sha256): string {
  return wordIndices(entropy, sha256)
    .map((index) => wordlist[index])
    .join(' ')
}

/**
 * Reads a phrase: any white space between words, any case.
 * @throws {InvalidPhrase} naming the count, the place of a word that is not in the list, or the checksum. The message
 * never repeats a word.
 */
export function entropyOf(phrase: string, sha256: Sha256): Uint8Array {
  const words = phrase.normalize('NFKD').trim().toLowerCase().split(/\s+/u)
  const length = ENTROPY_BYTES[words.length]
  if (length === undefined)
    throw new InvalidPhrase(`it has ${words[0] === '' ? 0 : words.length} words, expected 12 or 24 (or 15, 18, 21)`)
  const bits = new Uint8Array(length + 1)
  words.forEach((word, place) => {
    const index = indexOfWord.get(word)
    if (index === undefined)
      throw new InvalidPhrase(`word ${place + 1} is not one of the 2048 words of the BIP-39 list`)
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
 * The 64-byte seed: PBKDF2-HMAC-SHA-512, 2048 rounds, salt "mnemonic" ‖ passphrase. Phrase and passphrase stay bytes
 * throughout; of the passphrase, the UTF-8 bytes of its NFKD form.
 */
export function seedOf(entropy: Uint8Array, sha256: Sha256, passphrase: Uint8Array = new Uint8Array(0)): Uint8Array {
  const words = wordIndices(entropy, sha256).map((index) => wordlist[index]!)
  const phrase = new Uint8Array(words.reduce((sum, word) => sum + word.length, words.length - 1))
  let at = 0
  for (const word of words) {
    if (at > 0) phrase[at++] = 0x20
    for (let i = 0; i < word.length; i++) phrase[at++] = word.charCodeAt(i)
  }
  const salt = new Uint8Array(SALT.length + passphrase.length)
  salt.set(SALT)
  salt.set(passphrase, SALT.length)
  try {
    return pbkdf2(sha512, phrase, salt, { c: 2048, dkLen: 64 })
  } finally {
    phrase.fill(0)
    salt.fill(0)
    words.length = 0
  }
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
