import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidPairingCode, OtherPurpose } from '../code-text.ts'
import { readCode, writeCode } from '../pairing-code.ts'
import { mailboxAddress, type PageCode, readPageCode, writePageCode } from './page-code.ts'

const endpoint = {
  fingerprint: Uint8Array.from({ length: 32 }, (_, i) => i * 7),
  ufrag: 'Yx+a',
  pwd: '6Bm7FlmB1eGVcqqQLqSf9p/z',
  candidates: [{ host: '192.0.2.7', port: 54596, reflexive: false }],
}
const OFFER: PageCode = {
  role: 'offer',
  expires: 1_900_000_000,
  answers: null,
  endpoint,
  mailbox: { bridge: 'https://bridge.example', secret: Uint8Array.from({ length: 16 }, (_, i) => i) },
}
const ANSWER: PageCode = { ...OFFER, role: 'answer', answers: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), mailbox: null }

describe('codes between a page and a phone', () => {
  it('say what went in, in characters for QR codes, with and without a mailbox', () => {
    for (const code of [OFFER, ANSWER, { ...OFFER, mailbox: null }]) {
      const text = writePageCode(code)
      expect(text).toMatch(/^GLOWWORM-PAGE-1:[A-Z2-7]+$/)
      expect(readPageCode(` ${text.toLowerCase().replace(/(.{40})/g, '$1\n')}`)).toEqual(code)
    }
    expect(writePageCode({ ...OFFER, mailbox: null }).length).toBeLessThan(200)
  })

  it('are never taken for those that pair two wallets, nor the other way round', () => {
    const pairing = writeCode({ ...ANSWER, network: Uint8Array.of(1, 2, 3, 4) })
    expect(() => readPageCode(pairing)).toThrow(OtherPurpose)
    expect(() => readCode(writePageCode(ANSWER))).toThrow(OtherPurpose)
    // Not even with the other's beginning put before it.
    const disguised = pairing.replace('PAIR', 'PAGE')
    expect(() => readPageCode(disguised)).toThrow(InvalidPairingCode)
  })

  it('that are changed anywhere are refused, or say something else', () => {
    const text = writePageCode(OFFER)
    for (let at = 0; at < text.length; at++) {
      const changed = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`
      let read: PageCode | null = null
      try {
        read = readPageCode(changed)
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidPairingCode)
      }
      expect(read).not.toEqual(OFFER)
    }
    for (let length = 0; length < text.length; length++)
      expect(() => readPageCode(text.slice(0, length))).toThrow(InvalidPairingCode)
    expect(() => readPageCode(`${text}AAAAAAAA`)).toThrow(InvalidPairingCode)
  })

  it('throw nothing but what says so, whatever is scanned', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^GLOWWORM-PAGE-1:[A-Z2-7]{0,400}$/)), (text) => {
        try {
          readPageCode(text)
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidPairingCode)
        }
      }),
    )
  })

  it('name bridges in one form only', () => {
    expect(mailboxAddress('https://bridge.example/')).toBe('https://bridge.example')
    expect(mailboxAddress('https://bridge.example/glow/')).toBe('https://bridge.example/glow')
    expect(mailboxAddress('http://127.0.0.1:9000')).toBe('http://127.0.0.1:9000')
    for (const bad of [
      'http://bridge.example',
      'https://me:secret@bridge.example',
      'https://bridge.example/?x',
      'https://bridge.example/#x',
      'javascript:alert(1)',
      'bridge.example',
      `https://bridge.example/${'a'.repeat(120)}`,
    ])
      expect(mailboxAddress(bad), bad).toBeNull()
    const plain = writePageCode({ ...OFFER, mailbox: { ...OFFER.mailbox!, bridge: 'http://bridge.example' } })
    expect(() => readPageCode(plain)).toThrow('no bridge')
  })
})
