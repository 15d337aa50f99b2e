import { nobleEngines } from '@glowworm/wasm-core'
import { hex } from '@scure/base'
import { mnemonicToEntropy, validateMnemonic } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeVectors, vectorJson, vectorText } from '../../test/vectors.ts'
import { entropyOf, InvalidPhrase, indexOfWord, phraseOf, seedOf } from './phrase.ts'

const { sha256 } = nobleEngines().hashes
const entropies = fc.constantFrom(16, 20, 24, 28, 32).chain((n) => fc.uint8Array({ minLength: n, maxLength: n }))
const utf8 = (text: string) => new TextEncoder().encode(text)
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const GOOD = 'legal winner thank year wave sausage worth useful legal winner thank yellow'

describe('phrases', () => {
  test('of any entropy are read back, and read alike by @scure/bip39', () => {
    fc.assert(
      fc.property(entropies, (entropy) => {
        const phrase = phraseOf(entropy, sha256)
        expect(entropyOf(phrase, sha256)).toEqual(entropy)
        expect(mnemonicToEntropy(text(phrase), wordlist)).toEqual(entropy)
      }),
    )
  })

  test('are read whatever the white space and case', () => {
    const odd = `\n  ${GOOD.toUpperCase().replaceAll(' ', ' \t ')} `
    expect(entropyOf(utf8(odd), sha256)).toEqual(entropyOf(utf8(GOOD), sha256))
  })

  test('every word of the list is found at its place, and what is like one nowhere', () => {
    for (const [place, word] of wordlist.entries()) {
      expect(indexOfWord(utf8(word))).toBe(place)
      for (const other of [`${word}q`, `q${word}`, word.slice(0, -1), `${word}\0`, `${word} ${word}`, `${word}\u0301`])
        expect(indexOfWord(utf8(other))).toBe(wordlist.indexOf(other))
    }
    for (const none of ['', ' ', '@bandon', 'ａbandon']) expect(indexOfWord(utf8(none))).toBe(-1)
  })

  test('with two words swapped are refused whenever @scure/bip39 refuses them', () => {
    fc.assert(
      fc.property(entropies, fc.nat(), fc.nat(), (entropy, i, j) => {
        const words = text(phraseOf(entropy, sha256)).split(' ')
        const [a, b] = [i % words.length, j % words.length]
        ;[words[a], words[b]] = [words[b]!, words[a]!]
        const phrase = words.join(' ')
        if (validateMnemonic(phrase, wordlist)) entropyOf(utf8(phrase), sha256)
        else expect(() => entropyOf(utf8(phrase), sha256)).toThrow('checksum')
      }),
    )
  })

  test('name what is wrong without repeating a word', () => {
    const fault = (phrase: string) => {
      try {
        entropyOf(utf8(phrase), sha256)
      } catch (error) {
        if (error instanceof InvalidPhrase) return error.message
        throw error
      }
      throw new Error('accepted')
    }
    expect(fault('')).toContain('0 words')
    expect(fault('legal winner')).toContain('2 words')
    expect(fault(GOOD.replace('sausage', 'sosage'))).toContain('word 6')
    expect(fault(GOOD.replace('sausage', 'sosage'))).not.toContain('sosage')
    expect(fault(GOOD.replace('yellow', 'zoo'))).toContain('checksum')
    for (const word of GOOD.split(' '))
      expect(fault(GOOD.replace('yellow', 'zoo'))).not.toMatch(new RegExp(`\\b${word}\\b`))
  })
})

describeVectors('BIP-39 vectors', () => {
  test('phrase, entropy and seed', () => {
    const { english } = vectorJson<{ english: [string, string, string, string][] }>(
      'wallet/bip39/bitcore-mnemonic-fixtures.json',
    )
    expect(english).toHaveLength(24)
    for (const [passphrase, entropy, phrase, seed] of english) {
      const bytes = hex.decode(entropy)
      expect(text(phraseOf(bytes, sha256))).toBe(phrase)
      expect(entropyOf(utf8(phrase), sha256)).toEqual(bytes)
      expect(hex.encode(seedOf(bytes, sha256, new TextEncoder().encode(passphrase.normalize('NFKD'))))).toBe(seed)
    }
  })
  test('the word list', () => {
    expect(vectorText('wallet/bip39/english.txt').trim().split('\n')).toEqual([...wordlist])
  })
})
