import type { Hex } from '@glowworm/light-client'
import { fromHex, toHex } from '@glowworm/light-client/data/hex'
import { nobleEngines } from '@glowworm/wasm-core'
import { type MessageTypes, SignTypedDataVersion, signTypedData, type TypedMessage } from '@metamask/eth-sig-util'
import { TypedDataEncoder } from 'ethers'
import fc from 'fast-check'
import { hashTypedData as viemHash } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { describeVectors, vectorJson } from '../../../../test/vectors.ts'
import { signatureText } from '../signable.ts'
import { InvalidTypedData } from './errors.ts'
import { hashTypedData } from './hash.ts'
import { parseTypedData } from './parse.ts'

const engines = nobleEngines()
const hash = (data: unknown) => hashTypedData(parseTypedData(data), engines.hashes)

/** The example of the standard. */
const MAIL = {
  types: {
    EIP712Domain: [
      { name: 'name', type: 'string' },
      { name: 'version', type: 'string' },
      { name: 'chainId', type: 'uint256' },
      { name: 'verifyingContract', type: 'address' },
    ],
    Person: [
      { name: 'name', type: 'string' },
      { name: 'wallet', type: 'address' },
    ],
    Mail: [
      { name: 'from', type: 'Person' },
      { name: 'to', type: 'Person' },
      { name: 'contents', type: 'string' },
    ],
  },
  primaryType: 'Mail',
  domain: {
    name: 'Ether Mail',
    version: '1',
    chainId: 1,
    verifyingContract: '0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC',
  },
  message: {
    from: { name: 'Cow', wallet: '0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826' },
    to: { name: 'Bob', wallet: '0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB' },
    contents: 'Hello, Bob!',
  },
}

describe('the example of EIP-712', () => {
  test('has the digest and signature that the standard gives', () => {
    const hashed = hash(JSON.stringify(MAIL))
    expect(toHex(hashed.domainHash)).toBe('0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f')
    expect(toHex(hashed.messageHash)).toBe('0xc52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e')
    expect(toHex(hashed.digest)).toBe('0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2')
    const secretKey = engines.hashes.keccak256(new TextEncoder().encode('cow'))
    expect(signatureText(engines.secp256k1.sign(hashed.digest, secretKey))).toBe(
      '0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c',
    )
  })

  test('is shown as it is signed, and nothing else is', () => {
    const { message, domain } = hash({ ...MAIL, message: { ...MAIL.message, note: 'not signed' } })
    expect(domain.map(({ name }) => name)).toEqual(['name', 'version', 'chainId', 'verifyingContract'])
    expect(message).toEqual([
      {
        name: 'from',
        type: 'Person',
        value: [
          { name: 'name', type: 'string', value: 'Cow' },
          { name: 'wallet', type: 'address', value: '0xcd2a3d9f938e13cd947ec05abc7fe734df8dd826' },
        ],
      },
      {
        name: 'to',
        type: 'Person',
        value: [
          { name: 'name', type: 'string', value: 'Bob' },
          { name: 'wallet', type: 'address', value: '0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' },
        ],
      },
      { name: 'contents', type: 'string', value: 'Hello, Bob!' },
    ])
  })
})

describe('what is refused', () => {
  const changed = (change: Record<string, unknown>) => ({ ...MAIL, ...change })
  const typed = (type: string, value: unknown) => ({
    types: { T: [{ name: 'v', type }] },
    primaryType: 'T',
    domain: {},
    message: { v: value },
  })
  test.each<[string, unknown]>([
    ['no JSON', '{'],
    ['too long', `"${'x'.repeat(1_100_000)}"`],
    ['null', null],
    ['a list', []],
    ['no types', changed({ types: undefined })],
    ['an unknown primary type', changed({ primaryType: 'Letter' })],
    ['an inherited primary type', changed({ primaryType: 'constructor' })],
    ['a message that is none', changed({ message: 'x' })],
    ['a missing member', changed({ message: { from: MAIL.message.from, contents: '' } })],
    ['a null member', changed({ message: { ...MAIL.message, contents: null } })],
    ['an unknown type', typed('uint7', 1)],
    ['uint256 written with a zero before it', typed('uint0256', 1)],
    ['bytes33', typed('bytes33', `0x${'00'.repeat(33)}`)],
    ['bytes0', typed('bytes0', '0x')],
    ['a number that lost its digits', typed('uint256', 2 ** 60)],
    ['a fraction', typed('uint256', 1.5)],
    ['an overflow', typed('uint8', 256)],
    ['an underflow', typed('int8', -129)],
    ['a negative uint', typed('uint256', '-1')],
    ['a number with spaces', typed('uint256', ' 1')],
    ['truth as a number', typed('bool', 1)],
    ['truth as text', typed('bool', 'true')],
    ['a broken checksum', typed('address', '0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD827')],
    ['a short address', typed('address', '0x1234')],
    ['odd bytes', typed('bytes', '0x123')],
    ['bytes without 0x', typed('bytes', '1234')],
    ['bytes32 that are too short', typed('bytes32', '0x1234')],
    ['a lone surrogate', typed('string', '\ud800')],
    ['a list that is too short', typed('uint8[2]', [1])],
    ['no list', typed('uint8[]', 1)],
    ['a list of an unknown type', typed('Missing[]', [])],
    ['a type that contains itself', { ...typed('T', {}), message: { v: {} } }],
    ['a type that contains itself in a list', typed('T[]', [])],
    ['a domain with a strange member', { ...typed('bool', true), domain: { owner: 'x' } }],
    [
      'a domain whose member would not be signed',
      changed({ domain: { ...MAIL.domain, salt: `0x${'00'.repeat(32)}` } }),
    ],
    [
      'a domain with a member of another type',
      changed({
        types: { ...MAIL.types, EIP712Domain: [{ name: 'chainId', type: 'string' }] },
        domain: { chainId: '1' },
      }),
    ],
    ['a redefined type', changed({ types: { ...MAIL.types, uint8: [{ name: 'x', type: 'bool' }] } })],
    [
      'a member called twice',
      changed({ types: { ...MAIL.types, Person: [...MAIL.types.Person, ...MAIL.types.Person] } }),
    ],
    ['a member with a strange name', changed({ types: { ...MAIL.types, X: [{ name: 'a b', type: 'bool' }] } })],
    ['a type with a strange name', changed({ types: { ...MAIL.types, 'X(uint256 y)': [] } })],
    ['a member without a type', changed({ types: { ...MAIL.types, X: [{ name: 'a' }] } })],
  ])('%s', (_what, data) => {
    expect(() => hash(data)).toThrow(InvalidTypedData)
  })

  test('more values, or deeper ones, than anybody can read', () => {
    expect(() =>
      hash(
        typed(
          'bool[]',
          Array.from({ length: 20_001 }, () => true),
        ),
      ),
    ).toThrow(/20000 values/)
    let [type, value]: [string, unknown] = ['bool', true]
    for (let i = 0; i < 80; i++) [type, value] = [`${type}[]`, [value]]
    expect(() => hash(typed(type, value))).toThrow(/levels deep/)
  })
})

/** As the standard orders them. */
const DOMAIN = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
  { name: 'salt', type: 'bytes32' },
]

/** Random types without recursion: structs refer to later ones only. */
const ATOMS: readonly [string, fc.Arbitrary<unknown>][] = [
  ['uint8', fc.integer({ min: 0, max: 255 })],
  ['uint256', fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }).map(String)],
  ['int64', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)],
  ['int256', fc.bigInt({ min: -(2n ** 255n), max: 2n ** 255n - 1n }).map(String)],
  ['bool', fc.boolean()],
  ['address', fc.uint8Array({ minLength: 20, maxLength: 20 }).map(toHex)],
  ['bytes', fc.uint8Array({ maxLength: 70 }).map(toHex)],
  ['bytes3', fc.uint8Array({ minLength: 3, maxLength: 3 }).map(toHex)],
  ['bytes32', fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex)],
  ['string', fc.string({ unit: 'grapheme', maxLength: 20 })],
]
interface Shape {
  readonly type: string
  readonly value: fc.Arbitrary<unknown>
  readonly structs: Readonly<Record<string, { name: string; type: string }[]>>
}
const shapes: fc.Arbitrary<Shape> = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom(...ATOMS).map(([type, value]): Shape => ({ type, value, structs: {} })),
    fc.tuple(tie('shape'), fc.option(fc.integer({ min: 0, max: 3 }))).map(
      ([item, length]): Shape => ({
        type: `${item.type}[${length ?? ''}]`,
        value: fc.array(item.value, length === null ? { maxLength: 3 } : { minLength: length, maxLength: length }),
        structs: item.structs,
      }),
    ),
    fc.tuple(fc.array(tie('shape'), { minLength: 1, maxLength: 4 }), fc.nat()).map(([members, id]): Shape => {
      // Of its members: two structs of one name would be one, and could contain themselves.
      const content = new TextEncoder().encode([id, ...members.map(({ type }) => type)].join())
      const name = `S${toHex(engines.hashes.keccak256(content)).slice(2, 12)}`
      return {
        type: name,
        value: fc.record(Object.fromEntries(members.map(({ value }, i) => [`m${i}`, value]))),
        structs: Object.assign({}, ...members.map(({ structs }) => structs), {
          [name]: members.map(({ type }, i) => ({ name: `m${i}`, type })),
        }),
      }
    }),
  ),
})).shape

test('random types and values have the digests and signatures of ethers, viem and eth-sig-util', () => {
  const key = new Uint8Array(32).fill(0x17)
  const domains = fc.record(
    {
      name: fc.string({ maxLength: 10 }),
      version: fc.constant('2'),
      chainId: fc.integer({ min: 1, max: 2 ** 40 }),
      verifyingContract: ATOMS[5]![1] as fc.Arbitrary<Hex>,
      salt: ATOMS[8]![1] as fc.Arbitrary<Hex>,
    },
    { requiredKeys: [] },
  )
  const cases = shapes.chain(({ type, value, structs }) =>
    fc.tuple(
      fc.constant<Shape['structs']>({ ...structs, Root: [{ name: 'v', type }] }),
      fc.record({ v: value }),
      domains,
    ),
  )
  fc.assert(
    fc.property(cases, ([types, message, domain]) => {
      const ours = toHex(hash({ types, primaryType: 'Root', domain, message }).digest)
      expect(ours).toBe(TypedDataEncoder.hash(domain, { ...types }, message))
      expect(ours).toBe(viemHash({ types, primaryType: 'Root', domain, message } as Parameters<typeof viemHash>[0]))
      const data = { types: { ...types, EIP712Domain: DOMAIN.filter(({ name }) => name in domain) }, domain, message }
      const signature = signatureText(engines.secp256k1.sign(fromHex(ours, 'digest'), key))
      const theirs = { ...data, primaryType: 'Root' } as TypedMessage<MessageTypes>
      expect(signature).toBe(
        signTypedData({ privateKey: Buffer.from(key), data: theirs, version: SignTypedDataVersion.V4 }),
      )
    }),
    { numRuns: 1_000 },
  )
})

describeVectors('vectors of ethers', () => {
  test('digests and signatures', async () => {
    interface Case {
      readonly name: string
      readonly digest: Hex
      readonly data: object
      readonly privateKey?: Hex
      readonly signature?: Hex
    }
    const cases = vectorJson<Case[]>('wallet/ethers/typed-data.json.gz')
    expect(cases).toHaveLength(130)
    for (const { name, digest, data, privateKey, signature, ...rest } of cases) {
      const hashed = hash({ ...rest, message: data })
      expect(toHex(hashed.digest), name).toBe(digest)
      if (!privateKey) continue
      expect(signatureText(engines.secp256k1.sign(hashed.digest, fromHex(privateKey, 'key', 32)))).toBe(signature)
      expect(privateKeyToAccount(privateKey).address).toBeTruthy()
    }
  })
})
