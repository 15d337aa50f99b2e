/**
 * What all codes are made of that people carry between two devices: characters that the alphanumeric mode of QR codes takes
 * and that survive being pasted, and the endpoint they name. `docs/protocol.md` has the layout.
 * @module
 */
import { GlowwormError } from '../../errors.ts'
import { type Candidate, type Endpoint, MAX_CANDIDATES, type Role } from './session-description.ts'

/** What a code begins with says what it is for: none is taken for another kind. */
export const PREFIXES = { device: 'GLOWWORM-PAIR-1:', page: 'GLOWWORM-PAGE-1:' } as const
export type CodeKind = keyof typeof PREFIXES

/** Base 32 of RFC 4648 without padding. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const MAX_TEXT = 1024
export const ROLES: readonly Role[] = ['offer', 'answer']
/** `ice-char` of RFC 8839. */
const ICE_TEXT = /^[A-Za-z0-9+/]{4,64}$/

export const codeText = (kind: CodeKind, bytes: readonly number[]): string => PREFIXES[kind] + toBase32(bytes)

/** White space and letter case do not matter. @throws {InvalidPairingCode} {@link OtherPurpose} */
export function codeReader(kind: CodeKind, text: string): ByteReader {
  const compact = text.replaceAll(/\s+/g, '').toUpperCase()
  const other = kind === 'page' ? 'device' : 'page'
  if (compact.startsWith(PREFIXES[other])) throw new OtherPurpose(other)
  if (!compact.startsWith(PREFIXES[kind]) || compact.length > MAX_TEXT)
    throw new InvalidPairingCode('it does not begin like one')
  return byteReader(fromBase32(compact.slice(PREFIXES[kind].length)))
}

/** @throws {InvalidPairingCode} */
export function readRole(reader: ByteReader): Role {
  const role = ROLES[reader.byte()]
  if (!role) throw new InvalidPairingCode('it is neither an offer nor an answer')
  return role
}

export function endpointBytes({ fingerprint, ufrag, pwd, candidates }: Endpoint): number[] {
  const written = candidates.flatMap((candidate) => {
    const bytes = candidateBytes(candidate)
    return bytes ? [bytes] : []
  })
  return [...fingerprint, ...textBytes(ufrag), ...textBytes(pwd), written.length, ...written.flat()]
}

/** @throws {InvalidPairingCode} */
export function readEndpoint(reader: ByteReader): Endpoint {
  const fingerprint = reader.take(32)
  const [ufrag, pwd] = [reader.text(), reader.text()]
  if (!ICE_TEXT.test(ufrag) || !ICE_TEXT.test(pwd)) throw new InvalidPairingCode('its credentials are malformed')
  const count = reader.byte()
  if (count > MAX_CANDIDATES) throw new InvalidPairingCode('it has too many addresses')
  const candidates = Array.from({ length: count }, () => readCandidate(reader))
  return { fingerprint, ufrag, pwd, candidates }
}

/** ASCII of at most 255 characters. */
export const textBytes = (text: string): number[] => [text.length, ...new TextEncoder().encode(text)]

/** Kind of address (4, 6: IP version, 1: mDNS), 16 added where a STUN server saw it; address; port. */
function candidateBytes({ host, port, reflexive }: Candidate): number[] | null {
  const address = /^[\da-f-]{36}\.local$/i.test(host)
    ? [1, ...hexBytes(host.slice(0, 36).replaceAll('-', ''))]
    : /^\d+(\.\d+){3}$/.test(host)
      ? [4, ...host.split('.').map(Number)]
      : ipv6Bytes(host)
  return address && [address[0]! + (reflexive ? 16 : 0), ...address.slice(1), ...numberBytes(port, 2)]
}

function readCandidate(reader: ByteReader): Candidate {
  const kind = reader.byte()
  const host = readHost(kind & 15, reader)
  if (kind > 31 || host === null) throw new InvalidPairingCode('it has an address of an unknown kind')
  return { host, port: reader.number(2), reflexive: kind >= 16 }
}

function readHost(kind: number, reader: ByteReader): string | null {
  if (kind === 4) return reader.take(4).join('.')
  if (kind !== 1 && kind !== 6) return null
  const hex = [...reader.take(16)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  if (kind === 6) return hex.match(/.{4}/g)!.join(':')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}.local`
}

/** Null for what is no IPv6 address, one with a zone included: it means something on its own device only. */
function ipv6Bytes(host: string): number[] | null {
  if (!/^[\da-f:]+$/i.test(host) || !host.includes(':')) return null
  const [front = '', back] = host.split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  const missing = 8 - groups(front).length - groups(back ?? '').length
  const all = [...groups(front), ...Array<string>(Math.max(0, missing)).fill('0'), ...groups(back ?? '')]
  return all.length === 8 ? [6, ...hexBytes(all.map((group) => group.padStart(4, '0')).join(''))] : null
}

const hexBytes = (hex: string): number[] => hex.match(/../g)!.map((pair) => Number.parseInt(pair, 16))

export const numberBytes = (value: number, size: number): number[] =>
  Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** (size - 1 - i)) % 256)

export type ByteReader = ReturnType<typeof byteReader>

function byteReader(bytes: Uint8Array) {
  let offset = 0
  const take = (size: number): Uint8Array => {
    if (offset + size > bytes.length) throw new InvalidPairingCode('it is cut short')
    offset += size
    return bytes.slice(offset - size, offset)
  }
  const byte = () => take(1)[0]!
  return {
    take,
    byte,
    number: (size: number) => take(size).reduce((sum, next) => sum * 256 + next, 0),
    text: () => String.fromCharCode(...take(byte())),
    end() {
      if (offset !== bytes.length) throw new InvalidPairingCode('something follows its end')
    },
  }
}

function toBase32(bytes: readonly number[]): string {
  let text = ''
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31]
    held &= 255
  }
  return bits > 0 ? text + ALPHABET[(held << (5 - bits)) & 31] : text
}

function fromBase32(text: string): Uint8Array {
  const bytes: number[] = []
  let held = 0
  let bits = 0
  for (const character of text) {
    const value = ALPHABET.indexOf(character)
    if (value < 0) throw new InvalidPairingCode(`“${character}” stands in none`)
    held = ((held << 5) | value) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((held >> bits) & 255)
  }
  if (bits >= 5 || (held & ((1 << bits) - 1)) !== 0) throw new InvalidPairingCode('it is cut short')
  return Uint8Array.from(bytes)
}

/** What was scanned or pasted is no pairing code. */
export class InvalidPairingCode extends GlowwormError {
  constructor(reason: string) {
    super(
      { name: 'Pairing.InvalidPairingCode', code: 'INVALID_PAIRING_CODE', kind: 'usage' },
      `This is not a pairing code: ${reason}.`,
      { next: 'Scan or copy the whole code again.' },
    )
  }
}

/** The code was made for something else than what it is wanted for here. */
export class OtherPurpose extends GlowwormError {
  constructor(kind: CodeKind) {
    super(
      { name: 'Pairing.OtherPurpose', code: 'OTHER_PURPOSE', kind: 'usage' },
      kind === 'page'
        ? 'This code is of a page that wants to use a wallet, not of a device to pair with.'
        : 'This code pairs two wallets with each other; it is not of a page that wants to use one.',
      {
        next:
          kind === 'page'
            ? 'Open “Connect a page on another screen” in the settings and scan it there.'
            : 'Open “Pair with a device nearby” under the network and scan it there.',
      },
    )
  }
}
