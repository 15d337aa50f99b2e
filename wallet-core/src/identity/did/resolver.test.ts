import { nobleEngines } from '@glowworm/wasm-core'
import { nobleBls12381Groups } from '@glowworm/wasm-core/noble/bls12381-groups'
import { ed25519 } from '@noble/curves/ed25519.js'
import { p256, p384 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { base58, base64urlnopad } from '@scure/base'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { didKey, didPkh } from '../../accounts/did.ts'
import { isDidUrl, parseDid } from './did.ts'
import { methodFor } from './document.ts'
import { isSelfCertified } from './resolution.ts'
import { createDidResolver } from './resolver.ts'

const { hashes } = nobleEngines()
const resolver = createDidResolver({
  keccak256: hashes.keccak256,
  loadGroups: async () => nobleBls12381Groups,
  clock: { now: () => 0 },
  chain: () => {
    throw new Error('nothing here asks a chain')
  },
  http: async () => {
    throw new Error('nothing here asks the network')
  },
})
const signal = new AbortController().signal
const documentOf = async (did: string) => (await resolver.resolve(did, signal)).value
const codeOf = (did: string): Promise<string> =>
  resolver.resolve(did, signal).then(
    () => 'resolved',
    (error: { code?: string }) => error.code ?? String(error),
  )
const multikey = (prefix: readonly number[], key: Uint8Array) =>
  `did:key:z${base58.encode(Uint8Array.from([...prefix, ...key]))}`
const jwkDid = (jwk: unknown) => `did:jwk:${base64urlnopad.encode(new TextEncoder().encode(JSON.stringify(jwk)))}`
const KEY = new Uint8Array(32).fill(5)
const P256 = {
  kty: 'EC',
  crv: 'P-256',
  x: 'acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0',
  y: '_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE',
}

describe('identifiers', () => {
  test('are parsed by the grammar', () => {
    expect(parseDid('did:example:a:b::c%20d')).toMatchObject({ method: 'example', id: 'a:b::c%20d' })
    for (const bad of [
      '',
      'did',
      'did:key',
      'did:key:',
      'DID:key:z1',
      'did:Key:z1',
      'did:key:z1#z1',
      'did:key:z1?x',
      'did:web:a b',
      'did:web:a%2',
      ' did:key:z1',
      'did:key:z1\n',
      `did:x:${'a'.repeat(5000)}`,
    ]) {
      expect(() => parseDid(bad), bad).toThrow(expect.objectContaining({ code: 'MALFORMED_DID' }))
    }
    expect(isDidUrl('did:web:a.example#key-1')).toBe(true)
    expect(isDidUrl('https://a.example#key-1')).toBe(false)
  })

  test('that are no identifiers end in a typed error, whatever they are', async () => {
    const prefix = fc.constantFrom('', 'did:key:z', 'did:jwk:', 'did:pkh:eip155:', 'did:web:', 'did:', 'did:key:z6Mk')
    await fc.assert(
      fc.asyncProperty(prefix, fc.string({ unit: 'binary', maxLength: 60 }), async (start, rest) => {
        if (start === 'did:web:') return
        expect(await codeOf(start + rest)).toMatch(/^(MALFORMED_DID|UNSUPPORTED_DID|resolved)$/)
      }),
      { numRuns: 150 },
    )
  })

  test('of unknown methods are refused by name', async () => {
    await expect(resolver.resolve('did:ion:abc', signal)).rejects.toThrow('"ion"')
  })
})

describe('did:key', () => {
  test('of the wallet itself', async () => {
    const key = secp256k1.getPublicKey(KEY)
    const document = await documentOf(didKey(key))
    const point = secp256k1.Point.fromBytes(key).toBytes(false)
    expect(document.verificationMethod[0]!.publicKeyJwk).toEqual({
      ...{ kty: 'EC', crv: 'secp256k1' },
      ...{ x: base64urlnopad.encode(point.subarray(1, 33)), y: base64urlnopad.encode(point.subarray(33)) },
    })
  })

  test('refuses what is no key', async () => {
    const [ed, ec, p2, p3] = [
      ed25519.getPublicKey(KEY),
      secp256k1.getPublicKey(KEY),
      p256.getPublicKey(KEY),
      p384.getPublicKey(Uint8Array.from([...KEY, ...KEY.subarray(16)])),
    ]
    const off = (key: Uint8Array) => key.with(0, 9)
    const cases: [string, string][] = [
      ['MALFORMED_DID', 'did:key:6Mkk'],
      ['MALFORMED_DID', 'did:key:z0OIl'],
      ['UNSUPPORTED_DID', 'did:key:z'],
      ['UNSUPPORTED_DID', multikey([0xee, 1], new Uint8Array(144))],
      ['MALFORMED_DID', multikey([0xed, 1], ed.subarray(1))],
      ['MALFORMED_DID', multikey([0xed, 1], new Uint8Array(32).with(0, 2))],
      ['MALFORMED_DID', multikey([0xed, 1], new Uint8Array(32).with(0, 1))],
      ['MALFORMED_DID', multikey([0xec, 1], new Uint8Array(33))],
      ['MALFORMED_DID', multikey([0xe7, 1], off(ec))],
      ['MALFORMED_DID', multikey([0xe7, 1], secp256k1.Point.fromBytes(ec).toBytes(false))],
      ['MALFORMED_DID', multikey([0x80, 0x24], off(p2))],
      ['MALFORMED_DID', multikey([0x81, 0x24], off(p3))],
      ['MALFORMED_DID', multikey([0xeb, 1], new Uint8Array(96).with(0, 0xc0))],
      ['MALFORMED_DID', multikey([0xeb, 1], new Uint8Array(95))],
      ['resolved', multikey([0xed, 1], ed)],
      ['resolved', multikey([0x81, 0x24], p3)],
    ]
    for (const [code, did] of cases) expect(await codeOf(did), did).toBe(code)
  })
})

describe('did:jwk', () => {
  test('the example of its specification', async () => {
    const did =
      'did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9'
    const resolved = await resolver.resolve(did, signal)
    expect(isSelfCertified(resolved)).toBe(true)
    expect(resolved.value.verificationMethod).toEqual([
      { id: `${did}#0`, type: 'JsonWebKey2020', controller: did, publicKeyJwk: P256 },
    ])
    for (const name of ['assertionMethod', 'authentication', 'keyAgreement', 'capabilityInvocation'] as const)
      expect(resolved.value[name]).toEqual([`${did}#0`])
    expect(Object.isFrozen(resolved.value.verificationMethod[0]!.publicKeyJwk)).toBe(true)
  })

  test('a key serves the use it names only', async () => {
    const signing = await documentOf(jwkDid({ ...P256, use: 'sig' }))
    expect(methodFor(signing, 'assertionMethod', '#0')).toEqual(signing.verificationMethod[0])
    expect(methodFor(signing, 'keyAgreement', '#0')).toBeNull()
    const agreeing = await documentOf(jwkDid({ ...P256, use: 'enc' }))
    expect(methodFor(agreeing, 'keyAgreement', `${agreeing.id}#0`)).toEqual(agreeing.verificationMethod[0])
    expect(methodFor(agreeing, 'authentication', '#0')).toBeNull()
    expect(await codeOf(jwkDid({ ...P256, use: 'all' }))).toBe('UNSUPPORTED_DID')
  })

  test('refuses private, malformed and unknown keys', async () => {
    const cases: [string, unknown][] = [
      ['MALFORMED_DID', { ...P256, d: 'AA' }],
      ['MALFORMED_DID', { ...P256, y: P256.x }],
      ['MALFORMED_DID', { ...P256, x: `${P256.x}=` }],
      ['MALFORMED_DID', { ...P256, x: P256.x.slice(2) }],
      ['MALFORMED_DID', { ...P256, x: 7 }],
      ['MALFORMED_DID', { kty: 'EC', crv: 'P-256', x: P256.x }],
      ['UNSUPPORTED_DID', { ...P256, crv: 'P-111' }],
      ['UNSUPPORTED_DID', { kty: 'RSA', n: 'AQAB', e: 'AQAB' }],
      ['UNSUPPORTED_DID', { ...P256, kty: 'OKP' }],
      ['MALFORMED_DID', []],
      ['MALFORMED_DID', null],
      ['MALFORMED_DID', 'text'],
    ]
    for (const [code, jwk] of cases) expect(await codeOf(jwkDid(jwk)), JSON.stringify(jwk)).toBe(code)
    expect(await codeOf('did:jwk:e30=')).toBe('MALFORMED_DID')
    expect(await codeOf('did:jwk:gICA')).toBe('MALFORMED_DID')
  })
})

describe('did:pkh', () => {
  const ADDRESS = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045'

  test('names the account as CAIP-10 does', async () => {
    const did = didPkh(1, ADDRESS)
    const document = await documentOf(did)
    expect(document.id).toBe(did)
    expect(document.verificationMethod).toEqual([
      {
        ...{ id: `${did}#blockchainAccountId`, type: 'EcdsaSecp256k1RecoveryMethod2020', controller: did },
        blockchainAccountId: `eip155:1:${ADDRESS}`,
      },
    ])
    expect(document.authentication).toEqual([`${did}#blockchainAccountId`])
  })

  test('refuses wrong checksums, chains and shapes', async () => {
    const cases: [string, string][] = [
      ['MALFORMED_DID', `eip155:1:${ADDRESS.replace('d8dA', 'd8da')}`],
      ['MALFORMED_DID', `eip155:01:${ADDRESS}`],
      ['MALFORMED_DID', `eip155:${ADDRESS}`],
      ['MALFORMED_DID', `eip155:1:${ADDRESS}:1`],
      ['MALFORMED_DID', `eip155:1:${ADDRESS.slice(0, -1)}`],
      ['UNSUPPORTED_DID', 'bip122:000000000019d6689c085ae165831e93:128Lkh3S7CkDTBZ8W7BbpsN3YYizJMp8p6'],
      ['resolved', `eip155:137:${ADDRESS.toLowerCase()}`],
    ]
    for (const [code, id] of cases) expect(await codeOf(`did:pkh:${id}`), id).toBe(code)
  })
})

test('only what a method made is self-certified', async () => {
  const resolved = await resolver.resolve(jwkDid(P256), signal)
  expect(isSelfCertified({ ...resolved })).toBe(false)
  expect(isSelfCertified(JSON.parse(JSON.stringify(resolved)))).toBe(false)
  expect(isSelfCertified(null)).toBe(false)
})
