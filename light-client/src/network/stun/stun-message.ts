/**
 * The part of STUN (RFC 8489) that a server for address discovery needs: Binding requests in, Binding responses out.
 * @module
 */

/** IP address and UDP port a datagram came from. */
export interface TransportAddress {
  /** 4 bytes (IPv4) or 16 (IPv6). */
  readonly ip: Uint8Array
  readonly port: number
}

export interface BindingRequest {
  /** 12 bytes, returned as they came. */
  readonly transactionId: Uint8Array
  /** Whether the request carried a FINGERPRINT; the response then does too (section 7). */
  readonly fingerprint: boolean
  /** Comprehension-required attributes that are not known here, in order of appearance, each once. */
  readonly unknown: readonly number[]
}

/** Section 5. The two top bits of a message are zero; the cookie tells STUN from what else may come to the port. */
const HEADER_BYTES = 20
const MAGIC_COOKIE = 0x2112a442
const BINDING_REQUEST = 0x0001
const BINDING_SUCCESS = 0x0101
const BINDING_ERROR = 0x0111

const ERROR_CODE = 0x0009
const UNKNOWN_ATTRIBUTES = 0x000a
const XOR_MAPPED_ADDRESS = 0x0020
const FINGERPRINT = 0x8028
/**
 * Comprehension-required attributes of RFC 8489 that may stand in a request: they authenticate it. Who needs no
 * authentication ignores them. Those with the top bit set may be ignored by everybody.
 */
const IGNORED: ReadonlySet<number> = new Set([
  0x0006, // USERNAME
  0x0008, // MESSAGE-INTEGRITY
  0x0014, // REALM
  0x0015, // NONCE
  0x001c, // MESSAGE-INTEGRITY-SHA256
  0x001d, // PASSWORD-ALGORITHM
  0x001e, // USERHASH
])
const MESSAGE_INTEGRITY: ReadonlySet<number> = new Set([0x0008, 0x001c])
const FINGERPRINT_XOR = 0x5354554e

/** Longer ones are not from a browser. */
const MAX_REQUEST_BYTES = 548

/** Null for whatever is not a well-formed Binding request: such datagrams are dropped in silence (section 6.3). */
export function readBindingRequest(datagram: Uint8Array): BindingRequest | null {
  const { length } = datagram
  if (length < HEADER_BYTES || length > MAX_REQUEST_BYTES) return null
  const view = new DataView(datagram.buffer, datagram.byteOffset, length)
  if (view.getUint16(0) !== BINDING_REQUEST || view.getUint32(4) !== MAGIC_COOKIE) return null
  if (view.getUint16(2) !== length - HEADER_BYTES || length % 4 !== 0) return null

  const unknown = new Set<number>()
  let authenticated = false
  let fingerprint = false
  for (let offset = HEADER_BYTES; offset < length; ) {
    if (fingerprint) return null // it is the last attribute (section 14.7)
    const type = view.getUint16(offset)
    const size = view.getUint16(offset + 2)
    const end = offset + 4 + padded(size)
    if (end > length) return null
    if (type === FINGERPRINT) {
      if (size !== 4 || view.getUint32(offset + 4) !== fingerprintOf(datagram.subarray(0, offset))) return null
      fingerprint = true
    } else if (MESSAGE_INTEGRITY.has(type)) authenticated = true
    // what follows the integrity is ignored (section 14.5)
    else if (!authenticated && type < 0x8000 && !IGNORED.has(type)) unknown.add(type)
    offset = end
  }
  return { transactionId: datagram.slice(8, HEADER_BYTES), fingerprint, unknown: [...unknown] }
}

/** The address the request came from; XOR-ed, so that translators which rewrite addresses in payloads leave it alone. */
export function bindingSuccess(request: BindingRequest, from: TransportAddress): Uint8Array {
  const value = new Uint8Array(4 + from.ip.length)
  const view = new DataView(value.buffer)
  view.setUint8(1, from.ip.length === 4 ? 1 : 2)
  view.setUint16(2, from.port ^ (MAGIC_COOKIE >>> 16))
  value.set(xorAddress(from.ip, request.transactionId), 4)
  return message(BINDING_SUCCESS, request, [[XOR_MAPPED_ADDRESS, value]])
}

/** 420: says which attributes are not known (section 6.3.1). No reason phrase: a response must not outgrow its request. */
export function unknownAttributes(request: BindingRequest): Uint8Array {
  const types = new Uint8Array(request.unknown.length * 2)
  const view = new DataView(types.buffer)
  for (const [i, type] of request.unknown.entries()) view.setUint16(i * 2, type)
  return message(BINDING_ERROR, request, [
    [ERROR_CODE, Uint8Array.of(0, 0, 4, 20)],
    [UNKNOWN_ATTRIBUTES, types],
  ])
}

/** Exclusive or with the cookie and, for IPv6, the transaction id (section 14.2); its own inverse. */
export function xorAddress(ip: Uint8Array, transactionId: Uint8Array): Uint8Array {
  const mask = new Uint8Array(16)
  new DataView(mask.buffer).setUint32(0, MAGIC_COOKIE)
  mask.set(transactionId, 4)
  return ip.map((byte, i) => byte ^ mask[i]!)
}

type Attribute = readonly [type: number, value: Uint8Array]

function message(type: number, { transactionId, fingerprint }: BindingRequest, attributes: readonly Attribute[]) {
  const size = attributes.reduce((sum, [, value]) => sum + 4 + padded(value.length), 0)
  const bytes = new Uint8Array(HEADER_BYTES + size + (fingerprint ? 8 : 0))
  const view = new DataView(bytes.buffer)
  view.setUint16(0, type)
  view.setUint16(2, bytes.length - HEADER_BYTES)
  view.setUint32(4, MAGIC_COOKIE)
  bytes.set(transactionId, 8)
  let offset = HEADER_BYTES
  for (const [name, value] of attributes) {
    view.setUint16(offset, name)
    view.setUint16(offset + 2, value.length)
    bytes.set(value, offset + 4)
    offset += 4 + padded(value.length)
  }
  if (fingerprint) {
    view.setUint16(offset, FINGERPRINT)
    view.setUint16(offset + 2, 4)
    view.setUint32(offset + 4, fingerprintOf(bytes.subarray(0, offset)))
  }
  return bytes
}

const padded = (size: number): number => (size + 3) & ~3

/** CRC-32 (ITU-T V.42) of what stands before it, XOR 0x5354554e (section 14.7). */
function fingerprintOf(bytes: Uint8Array): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (~crc ^ FINGERPRINT_XOR) >>> 0
}
