/** Bytes as letters (BCR-2020-012, minimal form): each byte is the first and last letter of its word; a CRC-32 ends it. */
import { concatBytes } from '@glowworm/light-client/data/hex'
import { UnreadableAnswer } from '../errors.ts'

/** First and last letters of the 256 words, in the order of the bytes. */
const LETTERS =
  'aeadaoaxaaahamatayasbkbdbnbtbabsbebybgbwbbbzcmchcscfcycwcecackctcxclcpcndkdadsdidedtdrdndwdpdmdldyeheyeo' +
  'eeecenemetesftfrfnfsfmfhfzfpfwfxfyfefgflfdgagegrgsgtglgwgdgygmgughgohfhghdhkhthphhhlhyhehnhsidiaieihiyio' +
  'isinimjejzjnjtjljojsjpjkjykpkoktkskkknkgkekikblblalylflslrlplnltloldlelulklgmnmymhmemomumwmdmtmsmknlnynd' +
  'nsntnnnenboyoeotoxonolospdptpkpypspmplpepfpaprqdqzrerprlrorhrdrkrfryrnrsrtsesasrssskswstspsosgsbsfsntotk' +
  'titttdtetytltbtstptatnuyuoutueurvtvyvovlvevwvavdvswlwdwmwpwewywswtwnwzwfwkykynylyaytzszoztzczezm'
const CHECKSUM_BYTES = 4

const pairOf = (byte: number): string => LETTERS.slice(2 * byte, 2 * byte + 2)
const BYTES: ReadonlyMap<string, number> = new Map(Array.from({ length: 256 }, (_, byte) => [pairOf(byte), byte]))

export function encodeBytewords(data: Uint8Array): string {
  return Array.from(concatBytes(data, crc32Bytes(data)), pairOf).join('')
}

/** @throws {UnreadableAnswer} */
export function decodeBytewords(letters: string): Uint8Array {
  const bytes = Uint8Array.from(letters.match(/../g) ?? [], (pair) => {
    const byte = BYTES.get(pair)
    if (byte === undefined) throw new UnreadableAnswer('it has letters that stand for nothing')
    return byte
  })
  const data = bytes.subarray(0, -CHECKSUM_BYTES)
  const fits = letters.length % 2 === 0 && bytes.length > CHECKSUM_BYTES
  if (!fits || !crc32Bytes(data).every((byte, i) => byte === bytes[data.length + i]))
    throw new UnreadableAnswer('its checksum does not fit')
  return data
}

/** CRC-32 of ISO 3309, the reflected polynomial 0xedb88320. */
export function crc32(data: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of data) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}

function crc32Bytes(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(CHECKSUM_BYTES)
  new DataView(bytes.buffer).setUint32(0, crc32(data))
  return bytes
}
