import { vectorText } from '../../test/vectors.ts'

export { describeVectors, vectorJson, vectorText } from '../../test/vectors.ts'

/** Blocks of `name = value` lines, as NIST and OpenSSL print them. */
export function vectorRecords(path: string): Record<string, string>[] {
  const blocks = vectorText(path).split(/\r?\n\s*\r?\n/)
  const records = blocks.map((block) => {
    const pairs = block.split(/\r?\n/).map((line) => /^(\w+) = "?([0-9A-Za-z-]*)"?$/.exec(line))
    return Object.fromEntries(pairs.filter((pair) => pair !== null).map(([, name, value]) => [name!, value!]))
  })
  return records.filter((record) => Object.keys(record).length > 0)
}

export function fromHex(text: string): Uint8Array {
  const digits = text.replace(/^0x/, '')
  if (digits.length % 2 !== 0 || /[^0-9a-fA-F]/.test(digits)) throw new Error(`not hexadecimal: ${text.slice(0, 40)}`)
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16))
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
