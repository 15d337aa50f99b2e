import { fromHex, toHex } from '@glowworm/light-client/data/hex'
import fc from 'fast-check'
import { decodeAbiParameters, encodeAbiParameters, parseAbiItem, toFunctionSelector } from 'viem'
import { describe, expect, it } from 'vitest'
import { engines } from '../../../test/wallet.ts'
import { type AbiValue, decodeParameters, UnreadableData } from './decode.ts'
import { encodeParameters, selectorOfSignature } from './encode.ts'
import {
  type AbiParameter,
  type AbiType,
  canonicalSignature,
  InvalidSignature,
  parseSignature,
  typeName,
} from './types.ts'

const { keccak256 } = engines.hashes

const elementary = fc.oneof(
  fc.record({ kind: fc.constantFrom('uint', 'int'), bits: fc.integer({ min: 1, max: 32 }).map((n) => n * 8) }),
  fc.record({ kind: fc.constantFrom('bool', 'address', 'bytes', 'string') }),
  fc.record({ kind: fc.constant('bytesN'), length: fc.integer({ min: 1, max: 32 }) }),
) as fc.Arbitrary<AbiType>
const { type: anyType } = fc.letrec<{ type: AbiType }>((tie) => ({
  type: fc.oneof(
    { depthSize: 'small' },
    elementary,
    fc.record({ kind: fc.constant('array' as const), item: tie('type'), length: fc.constantFrom(null, 1, 2, 3) }),
    fc.record({
      kind: fc.constant('tuple' as const),
      members: fc
        .array(tie('type'), { minLength: 1, maxLength: 4 })
        .map((types) => types.map((type, i) => ({ name: `m${i}`, type }))),
    }),
  ),
}))

function anyValue(type: AbiType): fc.Arbitrary<AbiValue> {
  switch (type.kind) {
    case 'uint':
      return fc.bigInt({ min: 0n, max: (1n << BigInt(type.bits)) - 1n })
    case 'int':
      return fc.bigInt({ min: -(1n << BigInt(type.bits - 1)), max: (1n << BigInt(type.bits - 1)) - 1n })
    case 'bool':
      return fc.boolean()
    case 'address':
      return fc.uint8Array({ minLength: 20, maxLength: 20 }).map(toHex)
    case 'string':
      return fc.string({ unit: 'grapheme', maxLength: 70 })
    case 'bytes':
      return fc.uint8Array({ maxLength: 70 })
    case 'bytesN':
      return fc.uint8Array({ minLength: type.length, maxLength: type.length })
    case 'tuple':
      return fc.tuple(...type.members.map((member) => anyValue(member.type)))
    case 'array':
      return fc.array(anyValue(type.item), { minLength: type.length ?? 0, maxLength: type.length ?? 4 })
  }
}

/** The type as viem describes it. */
function described({ name, type }: AbiParameter): { name: string; type: string; components?: unknown[] } {
  let [inner, suffix] = [type, '']
  while (inner.kind === 'array') {
    suffix = `[${inner.length ?? ''}]${suffix}`
    inner = inner.item
  }
  return inner.kind === 'tuple'
    ? { name, type: `tuple${suffix}`, components: inner.members.map(described) }
    : { name, type: `${typeName(inner)}${suffix}` }
}

/** The value as viem takes and gives it: bytes as hex, integers of up to 48 bits as numbers, tuples as objects. */
function asViem(type: AbiType, value: AbiValue): unknown {
  if (type.kind === 'tuple')
    return Object.fromEntries(
      type.members.map(({ name, type: of }, i) => [name, asViem(of, (value as AbiValue[])[i]!)]),
    )
  if (type.kind === 'array') return (value as AbiValue[]).map((item) => asViem(type.item, item))
  if (value instanceof Uint8Array) return toHex(value)
  return (type.kind === 'uint' || type.kind === 'int') && type.bits <= 48 ? Number(value) : value
}
const lowerCase = (_key: string, value: unknown) =>
  typeof value === 'bigint'
    ? `${value}n`
    : typeof value === 'string' && /^0x/i.test(value)
      ? value.toLowerCase()
      : value
const text = (value: unknown) => JSON.stringify(value, lowerCase)

const withValues = fc
  .array(anyType, { minLength: 1, maxLength: 5 })
  .map((types) => types.map((type, i) => ({ name: `a${i}`, type })))
  .chain((parameters) =>
    fc.tuple(fc.constant(parameters), fc.tuple(...parameters.map((parameter) => anyValue(parameter.type)))),
  )

describe('signatures', () => {
  it('read as viem reads them', () => {
    for (const signature of [
      'transfer(address to, uint256 amount)',
      'permit(address owner,((address token,uint160 amount,uint48 expiration,uint48 nonce) details,address spender,uint256 sigDeadline) permitSingle,bytes signature)',
      'aggregate3((address target,bool allowFailure,bytes callData)[] calls)',
      'f(uint[3][] a, int b)',
      'deposit()',
    ]) {
      const inViem = parseAbiItem(`function ${signature}`)
      expect(selectorOfSignature(signature, keccak256)).toBe(toFunctionSelector(inViem as never))
    }
    expect(canonicalSignature(parseSignature('f(uint a,(int8,bytes2[])[4] b)'))).toBe('f(uint256,(int8,bytes2[])[4])')
  })

  it.each([
    '',
    'f',
    'f(',
    'f(uint7 a)',
    'f(uint a',
    'f(uint a,)',
    'f(bytes33 a)',
    'f(uint a) view',
    'f(uint a,int a)',
    'f(uint[0] a)',
    'f(uint[99999] a)',
    'f(mapping a)',
    `f(${'('.repeat(20)}uint${')'.repeat(20)})`,
  ])('%s is none', (signature) => expect(() => parseSignature(signature)).toThrow(InvalidSignature))
})

describe('data', () => {
  it('of thousands of random types is what viem encodes, and reads as viem reads it', () => {
    fc.assert(
      fc.property(withValues, ([parameters, values]) => {
        const theirs = parameters.map(described)
        const encoded = encodeAbiParameters(theirs, parameters.map(({ type }, i) => asViem(type, values[i]!)) as never)
        expect(toHex(encodeParameters(parameters, values))).toBe(encoded)
        const read = decodeParameters(parameters, fromHex(encoded, 'data'))
        expect(read.rest).toHaveLength(0)
        const back = parameters.map(({ type }, i) => asViem(type, read.values[i]!))
        expect(text(back)).toBe(text(decodeAbiParameters(theirs, encoded)))
      }),
      { numRuns: 2000 },
    )
  })

  it('with a byte changed is refused, or is the one encoding of what is read', () => {
    fc.assert(
      fc.property(withValues, fc.nat(), fc.integer({ min: 1, max: 255 }), ([parameters, values], place, change) => {
        const data = encodeParameters(parameters, values)
        data[place % data.length]! ^= change
        let read: ReturnType<typeof decodeParameters>
        try {
          read = decodeParameters(parameters, data)
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableData)
          return
        }
        const again = encodeParameters(parameters, read.values)
        expect(toHex(again) + toHex(read.rest).slice(2)).toBe(toHex(data))
      }),
      { numRuns: 2000 },
    )
  })

  it('cut off is refused; what follows is given back', () => {
    const { parameters } = parseSignature('f(bytes a, uint8[] b)')
    const data = encodeParameters(parameters, [Uint8Array.of(1), [1n, 2n]])
    for (let length = 0; length < data.length; length++)
      expect(() => decodeParameters(parameters, data.subarray(0, length))).toThrow(UnreadableData)
    expect(decodeParameters(parameters, Uint8Array.of(...data, 7, 8)).rest).toEqual(Uint8Array.of(7, 8))
  })

  it('that promises billions of items is refused at once', () => {
    const word = (value: bigint) => value.toString(16).padStart(64, '0')
    const huge = fromHex(`0x${word(32n)}${word(2n ** 32n)}`, 'data')
    for (const type of ['uint8[]', '()[]', 'bytes', 'uint8[][]'])
      expect(() => decodeParameters(parseSignature(`f(${type} a)`).parameters, huge)).toThrow(UnreadableData)
    const many = encodeParameters(parseSignature('f(bool[] a)').parameters, [new Array<boolean>(5000).fill(true)])
    expect(() => decodeParameters(parseSignature('f(bool[] a)').parameters, many)).toThrow('more than 4096')
  })
})
