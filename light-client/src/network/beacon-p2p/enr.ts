/** Ethereum node records (EIP-778): the address and key of a consensus node in one line of text. Pure. @module */
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { decode, encode, type RlpItem } from '../../data/rlp.ts'
import { InvalidInput } from '../../errors.ts'

export interface NodeRecord {
  /** Compressed secp256k1 key, 33 bytes. */
  readonly publicKey: Uint8Array
  /** Where it listens; `ip` is in text form. Empty when the record names no TCP port. */
  readonly endpoints: readonly { readonly family: 4 | 6; readonly ip: string; readonly tcp: number }[]
}

const MAX_BYTES = 300
const utf8 = new TextDecoder()

/** Reads and checks a record, its signature included. @throws {InvalidInput} */
export function parseEnr(text: string): NodeRecord {
  const refuse = (reason: string) => new InvalidInput(`node record ${text.slice(0, 20)}…`, reason)
  if (!/^enr:[A-Za-z0-9_-]+$/.test(text)) throw refuse('expected "enr:" and base64url without padding')
  const bytes = fromBase64Url(text.slice(4))
  if (bytes.length > MAX_BYTES) throw refuse(`a record has at most ${MAX_BYTES} bytes, this one has ${bytes.length}`)
  const [signature, ...content] = readList(bytes) ?? []
  if (!(signature instanceof Uint8Array) || content.length % 2 !== 1)
    throw refuse('expected an RLP list of a signature, a sequence number, and pairs of key and value')
  const pairs = new Map<string, Uint8Array>()
  for (let i = 1; i < content.length; i += 2) {
    const [key, value] = [content[i], content[i + 1]]
    if (key instanceof Uint8Array && value instanceof Uint8Array) pairs.set(utf8.decode(key), value)
  }
  if (utf8.decode(pairs.get('id') ?? new Uint8Array(0)) !== 'v4') throw refuse('only the identity scheme v4 is known')
  const publicKey = pairs.get('secp256k1')
  if (publicKey?.length !== 33) throw refuse('it has no secp256k1 key')
  if (!verifies(signature, keccak_256(encode(content)), publicKey)) throw refuse('its signature does not verify')
  const endpoints = ([4, 6] as const).flatMap((family) => {
    const ip = pairs.get(family === 4 ? 'ip' : 'ip6')
    const port = pairs.get(family === 4 ? 'tcp' : 'tcp6')
    const tcp = port?.reduce((value, byte) => value * 256 + byte, 0) ?? 0
    if (ip?.length !== (family === 4 ? 4 : 16) || tcp === 0 || tcp > 65535) return []
    return [{ family, ip: ipText(ip), tcp }]
  })
  return { publicKey, endpoints }
}

function readList(bytes: Uint8Array): readonly RlpItem[] | null {
  try {
    const item = decode(bytes)
    return item instanceof Uint8Array ? null : item
  } catch {
    return null
  }
}

function verifies(signature: Uint8Array, hash: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return signature.length === 64 && secp256k1.verify(signature, hash, publicKey, { prehash: false })
  } catch {
    return false
  }
}

function fromBase64Url(text: string): Uint8Array {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

function ipText(ip: Uint8Array): string {
  if (ip.length === 4) return ip.join('.')
  const groups = Array.from({ length: 8 }, (_, i) => ((ip[2 * i]! << 8) | ip[2 * i + 1]!).toString(16))
  return groups.join(':')
}
