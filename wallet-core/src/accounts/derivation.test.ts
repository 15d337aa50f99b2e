import { fromHex, toHex } from '@glowworm/light-client/data/hex'
import { nobleEngines } from '@glowworm/wasm-core'
import { base58 } from '@scure/base'
import { HARDENED_OFFSET, HDKey } from '@scure/bip32'
import { getAddress, HDNodeWallet, Wallet } from 'ethers'
import fc from 'fast-check'
import { mnemonicToAccount, privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { describeVectors, vectorJson } from '../../test/vectors.ts'
import { phraseSecret } from '../vault/secrets.ts'
import { addressOf, checksummed, InvalidAddress, parseAddress } from './address.ts'
import { compress, deriveAccount, InvalidIndex, pathOf, withSecretKey } from './derivation.ts'
import { didKey, didPkh } from './did.ts'
import { entropyOf, phraseOf } from './phrase.ts'

const engines = nobleEngines()
const { sha256, keccak256 } = engines.hashes
const PHRASE = 'test test test test test test test test test test test junk'

describe('accounts under a phrase', () => {
  test('are those viem and ethers derive', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.nat(1000), (entropy, index) => {
        const phrase = new TextDecoder().decode(phraseOf(entropy, sha256))
        const account = deriveAccount(phraseSecret(entropy), 0, index, 'x', engines)
        const viem = mnemonicToAccount(phrase, { addressIndex: index })
        expect(checksummed(account.address, keccak256)).toBe(viem.address)
        expect(account.publicKey).toBe(HDNodeWallet.fromPhrase(phrase, '', pathOf(index)).publicKey)
      }),
      { numRuns: 8 },
    )
  })

  test('lend the secret key and wipe it', () => {
    const entropy = entropyOf(new TextEncoder().encode(PHRASE), sha256)
    let kept: Uint8Array | null = null
    const key = withSecretKey(phraseSecret(entropy), 0, sha256, (secretKey) => {
      kept = secretKey
      return toHex(secretKey)
    })
    expect(key).toBe('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
    expect(kept).toEqual(new Uint8Array(32))
    expect(() =>
      withSecretKey(phraseSecret(entropy), 0, sha256, (secretKey) => {
        kept = secretKey
        throw new Error('on the way')
      }),
    ).toThrow('on the way')
    expect(kept).toEqual(new Uint8Array(32))
    for (const index of [-1, 0.5, HARDENED_OFFSET, Number.NaN])
      expect(() => withSecretKey(phraseSecret(entropy), index, sha256, () => 0)).toThrow(InvalidIndex)
  })

  test('have a did:pkh and a did:key', () => {
    const account = deriveAccount(phraseSecret(entropyOf(new TextEncoder().encode(PHRASE), sha256)), 0, 0, 'x', engines)
    expect(didPkh(1, checksummed(account.address, keccak256))).toBe(
      'did:pkh:eip155:1:0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
    )
    // From the did:key method specification, §secp256k1: its key begins zQ3s.
    const did = didKey(fromHex(account.publicKey, 'key', 33))
    expect(did).toMatch(/^did:key:zQ3s/)
    const bytes = base58.decode(did.slice('did:key:z'.length))
    expect(toHex(bytes.subarray(0, 2))).toBe('0xe701')
    expect(toHex(bytes.subarray(2))).toBe(account.publicKey)
  })
})

describe('addresses', () => {
  test('in any proper spelling are read, in the spelling of ethers written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
        const address = toHex(bytes)
        const mixed = checksummed(address, keccak256)
        expect(mixed).toBe(getAddress(address))
        for (const spelling of [address, mixed, ` ${mixed}\n`, `0x${address.slice(2).toUpperCase()}`])
          expect(parseAddress(spelling, keccak256)).toBe(address)
      }),
    )
  })

  test('with one letter in the wrong case are refused', () => {
    const mixed = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
    let refused = 0
    for (let i = 2; i < mixed.length; i++) {
      const letter = mixed[i]!
      const other = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()
      if (other === letter) continue
      refused++
      expect(() => parseAddress(mixed.slice(0, i) + other + mixed.slice(i + 1), keccak256)).toThrow(InvalidAddress)
    }
    expect(refused).toBeGreaterThan(15)
    for (const text of [
      '',
      '0x',
      mixed.slice(0, -1),
      `${mixed}0`,
      mixed.slice(2),
      mixed.replace('f', 'g'),
      `0X${mixed.slice(2)}`,
    ])
      expect(() => parseAddress(text, keccak256)).toThrow(InvalidAddress)
  })
})

describeVectors('vectors', () => {
  test('BIP-32: each child of the published chains', () => {
    const { valid } = vectorJson<{ valid: { chains: { path: string; xprv: string; xpub: string }[] }[] }>(
      'wallet/bip32/bip32-test-vectors.json',
    )
    let steps = 0
    for (const { chains } of valid)
      for (const { path, xprv, xpub } of chains) {
        const parent = chains.find((chain) => chain.path === path.slice(0, path.lastIndexOf('/')))
        if (!parent) continue
        const last = path.slice(path.lastIndexOf('/') + 1)
        const index = Number.parseInt(last, 10) + (/['Hh]$/.test(last) ? HARDENED_OFFSET : 0)
        const child = HDKey.fromExtendedKey(parent.xprv).deriveChild(index)
        expect(child.privateExtendedKey).toBe(xprv)
        expect(child.publicExtendedKey).toBe(xpub)
        steps++
      }
    expect(steps).toBe(13)
  })

  test('ethers accounts: address of each secret key', () => {
    const cases = vectorJson<{ privateKey?: `0x${string}`; address: string }[]>('wallet/ethers/accounts.json.gz')
    let checked = 0
    for (const { privateKey, address } of cases) {
      if (!privateKey) continue
      const publicKey = engines.secp256k1.publicKey(fromHex(privateKey, 'key', 32))
      expect(checksummed(addressOf(publicKey, keccak256), keccak256)).toBe(address)
      expect(toHex(compress(publicKey))).toBe(new Wallet(privateKey).signingKey.compressedPublicKey)
      if (checked++ < 3) expect(privateKeyToAccount(privateKey).address).toBe(address)
    }
    expect(checked).toBeGreaterThan(250)
  })
})
