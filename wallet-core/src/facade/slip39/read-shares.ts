/** Shares as people have them, in words, made into bytes. For the interface: words stay out of the trusted half. @module */
import { InvalidImport } from '../../imports/errors.ts'
import { WORDS } from './words.ts'

const indexOf = new Map(WORDS.map((word, index) => [word, index]))

/** Lines with something in them: each is one share. */
export const linesOf = (text: string): string[] => text.split(/\r?\n/).filter((line) => line.trim() !== '')

/**
 * One share a line, any white space between its words, any case.
 * @returns for each share the places of its words in the list, two bytes each, big endian; the caller's to wipe
 * @throws {InvalidImport} naming share and word by their places, never the word itself
 */
export function readShares(text: string): Uint8Array[] {
  return linesOf(text).map((line, share) => {
    const words = line.normalize('NFKD').trim().toLowerCase().split(/\s+/)
    const bytes = new Uint8Array(words.length * 2)
    words.forEach((word, place) => {
      const index = indexOf.get(word)
      if (index === undefined)
        throw new InvalidImport('slip39', `word ${place + 1} of share ${share + 1} is not one of the 1024 of SLIP-39`)
      bytes[place * 2] = index >> 8
      bytes[place * 2 + 1] = index & 0xff
    })
    return bytes
  })
}
