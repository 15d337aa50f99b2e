import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidPairingCode } from './code-text.ts'
import { type PairingCode, readCode, writeCode } from './pairing-code.ts'
import { readDescription, writeDescription } from './session-description.ts'

/** As Chromium writes it: an mDNS name, an IPv6 address, a candidate a STUN server saw, and one over TCP. */
const SDP = [
  'v=0',
  'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'a=msid-semantic: WMS',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=candidate:3 1 udp 2113937151 1f4712db-ea17-4bcf-a596-105139dfd8bf.local 54596 typ host generation 0 network-cost 999',
  'a=candidate:4 1 udp 2113939711 2001:db8::11:2233 54597 typ host generation 0',
  'a=candidate:5 1 udp 1677729535 192.0.2.7 61000 typ srflx raddr 0.0.0.0 rport 0 generation 0',
  'a=candidate:6 1 tcp 1518149375 192.0.2.7 9 typ host tcptype active generation 0',
  'a=ice-ufrag:Yx+a',
  'a=ice-pwd:6Bm7FlmB1eGVcqqQLqSf9p/z',
  'a=ice-options:trickle',
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, (_, i) => (i * 7).toString(16).padStart(2, '0').toUpperCase()).join(':')}`,
  'a=setup:actpass',
  'a=mid:0',
  'a=sctp-port:5000',
  '',
].join('\r\n')
const endpoint = readDescription(SDP)!
const OFFER: PairingCode = {
  role: 'offer',
  network: Uint8Array.of(0xd8, 0xea, 0x17, 0x1f),
  expires: 1_900_000_000,
  answers: null,
  endpoint,
}
const ANSWER: PairingCode = { ...OFFER, role: 'answer', answers: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) }

describe('descriptions', () => {
  it('are read for what differs between connections', () => {
    expect(endpoint.candidates).toEqual([
      { host: '1f4712db-ea17-4bcf-a596-105139dfd8bf.local', port: 54596, reflexive: false },
      { host: '2001:db8::11:2233', port: 54597, reflexive: false },
      { host: '192.0.2.7', port: 61000, reflexive: true },
    ])
    expect(endpoint.ufrag).toBe('Yx+a')
    expect(endpoint.fingerprint.length).toBe(32)
  })
  it('come back the same after being written', () => {
    for (const role of ['offer', 'answer'] as const)
      expect(readDescription(writeDescription(role, endpoint))).toEqual(endpoint)
    expect(writeDescription('answer', endpoint)).toContain('a=setup:active')
  })
  it.each(['fingerprint', 'ice-ufrag', 'ice-pwd'])('without %s are none', (name) => {
    expect(readDescription(SDP.replace(`a=${name}:`, 'a=nothing:'))).toBeNull()
  })
  it('with another digest than SHA-256 are none', () => {
    expect(readDescription(SDP.replace('sha-256', 'sha-1'))).toBeNull()
  })
})

describe('codes', () => {
  it.each([OFFER, ANSWER])('of an $role are read as they were written', (code) => {
    const text = writeCode(code)
    expect(text).toMatch(/^[0-9A-Z:-]+$/) // the alphanumeric mode of QR codes
    expect(text.length).toBeLessThan(260)
    const read = readCode(`\n ${text.slice(0, 40).toLowerCase()}\n${text.slice(40)} `)
    const candidates = endpoint.candidates.map((candidate) =>
      candidate.host.includes('::') ? { ...candidate, host: '2001:0db8:0000:0000:0000:0000:0011:2233' } : candidate,
    )
    expect(read).toEqual({ ...code, endpoint: { ...endpoint, candidates } })
  })
  it('that were cut anywhere, or go on, are refused', () => {
    const text = writeCode(OFFER)
    for (let length = 0; length < text.length; length++)
      expect(() => readCode(text.slice(0, length))).toThrow(InvalidPairingCode)
    expect(() => readCode(`${text}AAAA`)).toThrow(InvalidPairingCode)
  })
  it('never throw anything else, whatever is scanned', () => {
    const base32 = fc.string({
      unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'),
      maxLength: 300,
    })
    fc.assert(
      fc.property(fc.oneof(fc.string(), base32), (text) => {
        for (const candidate of [text, `GLOWWORM-PAIR-1:${text}`])
          try {
            readCode(candidate)
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidPairingCode)
          }
      }),
    )
  })
  it('cannot smuggle lines into a description', () => {
    const evil = writeCode({ ...OFFER, endpoint: { ...endpoint, ufrag: 'abcd\r\na=evil' } })
    expect(() => readCode(evil)).toThrow('credentials')
  })
  it('leave out addresses with a zone, which mean something on one device only', () => {
    const zoned = { host: 'fe80::1%eth0', port: 1, reflexive: false }
    expect(
      readCode(writeCode({ ...OFFER, endpoint: { ...endpoint, candidates: [zoned] } })).endpoint.candidates,
    ).toEqual([])
  })
})
