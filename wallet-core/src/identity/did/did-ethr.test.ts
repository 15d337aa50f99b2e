/** What needs no chain: identifiers of did:ethr, and the fold of histories. */
import type { RegistryEvent } from '@glowworm/light-client/ledgers/ethereum/did-registry/events'
import type { RegistryHistory } from '@glowworm/light-client/ledgers/ethereum/did-registry/history'
import type { Hex } from '@glowworm/light-client/ledgers/ethereum/evidence'
import type { Verified } from '@glowworm/light-client/ledgers/verified'
import { nobleEngines } from '@glowworm/wasm-core'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { describe, expect, test } from 'vitest'
import { parseDid } from './did.ts'
import { readIdentifier } from './did-ethr.ts'
import { ethrDocument } from './did-ethr-document.ts'
import { provenByLedger } from './resolution.ts'

const { keccak256 } = nobleEngines().hashes
const ADDRESS = '0xf3beac30c498d9e26865f34fcaa57dbb935b0d74'
const KEY = secp256k1.getPublicKey(new Uint8Array(32).fill(3))
const read = (id: string) => readIdentifier(parseDid(`did:ethr:${id}`), keccak256)

describe('identifiers', () => {
  test('name a chain and an account or its key', () => {
    expect(read(ADDRESS)).toEqual({ network: 1, address: ADDRESS, publicKey: null })
    expect(read(`mainnet:${ADDRESS}`).network).toBe(1)
    expect(read(`sepolia:${ADDRESS}`).network).toBe(11155111)
    expect(read(`0x7a69:${ADDRESS}`).network).toBe(31337)
    // The generator's account is known to everybody.
    const generator = `0x${bytesToHex(secp256k1.Point.BASE.toBytes(true))}`
    expect(read(generator).address).toBe('0x7e5f4552091a69125d5dfcb7b8c2659029395bdf')
    expect(read(`0xF3beAC30C498D9E26865F34fCAa57dBB935b0D74`).address).toBe(ADDRESS)
  })

  test.each([
    ['MALFORMED_DID', '0x1234'],
    ['MALFORMED_DID', '0xf3beAC30C498D9E26865F34fCAa57dBB935b0D74'],
    ['MALFORMED_DID', `0x05${'11'.repeat(32)}`],
    ['UNSUPPORTED_DID', `nowhere:${ADDRESS}`],
    ['UNSUPPORTED_DID', `0x0:${ADDRESS}`],
    ['UNSUPPORTED_DID', `0x01:${ADDRESS}`],
    ['UNSUPPORTED_DID', `toString:${ADDRESS}`],
    ['UNSUPPORTED_DID', `mainnet:x:${ADDRESS}`],
  ])('%s: %s', (code, id) => expect(() => read(id)).toThrow(expect.objectContaining({ code })))
})

describe('the fold', () => {
  const DID = `did:ethr:${ADDRESS}`
  const word = (text: string): Hex => `0x${bytesToHex(utf8ToBytes(text)).padEnd(64, '0')}`
  const at = (block: bigint) => ({ block, timestamp: block * 10n })
  const delegate = (block: bigint, type: string, validTo: bigint, digit = '1'): RegistryEvent => ({
    ...at(block),
    ...{ type: 'DIDDelegateChanged', delegateType: word(type), delegate: `0x${digit.repeat(40)}`, validTo },
  })
  const attribute = (block: bigint, name: string, value: Hex, validTo = 10_000n): RegistryEvent => ({
    ...at(block),
    ...{ type: 'DIDAttributeChanged', name: word(name), value, validTo },
  })
  const owner = (block: bigint, to: Hex): RegistryEvent => ({ ...at(block), type: 'DIDOwnerChanged', owner: to })
  const fold = (events: readonly RegistryEvent[], asOf: bigint | null = null, publicKey: Uint8Array | null = null) =>
    ethrDocument({
      ...{ did: DID, chainId: 1, publicKey, keccak256, asOf: asOf === null ? null : at(asOf) },
      history: { registry: ADDRESS, identity: ADDRESS, owner: ADDRESS, events, timestamp: 1000n },
    })
  const methodsOf = (...given: Parameters<typeof fold>) =>
    fold(...given).document.verificationMethod.map(({ id }) => id.slice(DID.length))

  test('what has expired at the time of the block is out, and keeps its number', () => {
    const events = [delegate(1n, 'veriKey', 500n), delegate(2n, 'veriKey', 5000n, '2')]
    expect(methodsOf(events)).toEqual(['#controller', '#delegate-2'])
    expect(methodsOf(events, 2n)).toEqual(['#controller', '#delegate-1', '#delegate-2'])
    expect(methodsOf(events, 1n)).toEqual(['#controller', '#delegate-1'])
    expect(methodsOf(events, 0n)).toEqual(['#controller'])
  })

  test('a key serves what it was recorded for', () => {
    const { document } = fold([
      delegate(1n, 'veriKey', 5000n),
      delegate(2n, 'sigAuth', 5000n, '2'),
      delegate(3n, 'enc', 5000n, '3'),
      attribute(4n, 'did/pub/X25519/enc', `0x${'09'.repeat(32)}`),
    ])
    const ids = (numbers: number[]) => numbers.map((n) => `${DID}#delegate-${n}`)
    expect(document.authentication).toEqual([`${DID}#controller`, ...ids([2])])
    expect(document.assertionMethod).toEqual([`${DID}#controller`, ...ids([1, 2])])
    expect(document.keyAgreement).toEqual(ids([4]))
  })

  test('bytes that are no key, no text or no name are passed over', () => {
    const events = [
      attribute(1n, 'did/pub/Secp256k1/veriKey', '0x05'),
      attribute(2n, 'did/pub/Ed25519/veriKey', '0x01'),
      attribute(3n, 'did/svc/Hub', '0xff'),
      attribute(4n, 'something else', '0x01'),
      attribute(5n, 'did/pub/Unheard/veriKey', '0x01'),
    ]
    expect(methodsOf(events)).toEqual(['#controller', '#delegate-3'])
    expect(fold(events).document.service).toBeUndefined()
    expect(fold(events).document.verificationMethod[1]).not.toHaveProperty('publicKeyJwk')
  })

  test('the key in the identifier counts until the account is handed over', () => {
    expect(methodsOf([], null, KEY)).toEqual(['#controller', '#controllerKey'])
    expect(methodsOf([owner(1n, `0x${'22'.repeat(20)}`)], null, KEY)).toEqual(['#controller'])
  })

  test('what was given up stays so, whatever comes later', () => {
    const events = [owner(1n, `0x${'00'.repeat(20)}`), delegate(2n, 'veriKey', 5000n), owner(3n, ADDRESS)]
    expect(fold(events)).toMatchObject({ deactivated: true, version: 1n, document: { verificationMethod: [] } })
  })

  test('a history that nobody proved makes no proven document', () => {
    const { document } = fold([])
    const forged = { value: {} } as unknown as Verified<RegistryHistory>
    expect(() => provenByLedger(document, forged, null, false)).toThrow(TypeError)
  })
})
