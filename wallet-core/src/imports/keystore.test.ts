import { createCipheriv, pbkdf2Sync, randomBytes, scryptSync } from 'node:crypto'
import { hex } from '@scure/base'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeVectors, vectorJson } from '../../test/vectors.ts'
import { engines, utf8 } from '../../test/wallet.ts'
import { addressOf } from '../accounts/address.ts'
import { webImportCiphers } from '../infrastructure/web-crypto.ts'
import { ImportTooCostly, InvalidImport, WrongImportPassword } from './errors.ts'
import { readKeystore } from './keystore.ts'

const PASSWORD = 'correct horse'
const read = (file: string | object, password: Uint8Array = utf8(PASSWORD)) =>
  readKeystore(utf8(typeof file === 'string' ? file : JSON.stringify(file)), password, engines, webImportCiphers)
const addressOfKey = (key: Uint8Array) => addressOf(engines.secp256k1.publicKey(key), engines.hashes.keccak256)

type Kdf = { kdf: 'scrypt'; n: number; r: number; p: number } | { kdf: 'pbkdf2'; c: number }

/** A keystore by node's OpenSSL, as any other program would write it. */
function keystoreOf(key: Uint8Array, kdf: Kdf, password = PASSWORD) {
  const [salt, iv] = [randomBytes(32), randomBytes(16)]
  const derived =
    kdf.kdf === 'scrypt'
      ? scryptSync(password, salt, 32, { N: kdf.n, r: kdf.r, p: kdf.p, maxmem: 2 ** 28 })
      : pbkdf2Sync(password, salt, kdf.c, 32, 'sha256')
  const cipher = createCipheriv('aes-128-ctr', derived.subarray(0, 16), iv)
  const ciphertext = Buffer.concat([cipher.update(key), cipher.final()])
  const mac = engines.hashes.keccak256(Buffer.concat([derived.subarray(16, 32), ciphertext]))
  const { kdf: name, ...cost } = kdf
  const prf = name === 'pbkdf2' ? { prf: 'hmac-sha256' } : {}
  return {
    version: 3,
    id: 'e13b209c-3b2f-4327-bab0-3bef2e51630d',
    address: addressOfKey(key).slice(2),
    crypto: {
      cipher: 'aes-128-ctr',
      cipherparams: { iv: iv.toString('hex') },
      ciphertext: ciphertext.toString('hex'),
      kdf: name,
      kdfparams: { ...cost, ...prf, dklen: 32, salt: salt.toString('hex') },
      mac: hex.encode(mac),
    },
  }
}

const KEY = Uint8Array.from({ length: 32 }, (_, i) => i + 1)
const QUICK: Kdf = { kdf: 'pbkdf2', c: 2 }

describe('keystores', () => {
  test.each([QUICK, { kdf: 'scrypt', n: 1024, r: 8, p: 2 }] as const)('by $kdf are read', async (kdf) => {
    for (let i = 0; i < 5; i++) {
      const key = new Uint8Array(randomBytes(32))
      key[0]! &= 0x7f
      expect(await read(keystoreOf(key, kdf))).toEqual(key)
    }
  })

  test('a wrong password, and any changed bit of what is sealed, is told from a file that is none', async () => {
    const good = keystoreOf(KEY, QUICK)
    await expect(read(good, utf8('correct house'))).rejects.toThrow(WrongImportPassword)
    const flipped = (digits: string, at: number) =>
      digits.slice(0, at) + ((Number.parseInt(digits[at]!, 16) ^ 1) & 15).toString(16) + digits.slice(at + 1)
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('ciphertext' as const, 'mac' as const), fc.nat(63), async (name, at) => {
        const crypto = { ...good.crypto, [name]: flipped(good.crypto[name], at) }
        await expect(read({ ...good, crypto })).rejects.toThrow(WrongImportPassword)
      }),
      { numRuns: 20 },
    )
    // The MAC does not cover the initial counter, but the address does.
    const cipherparams = { iv: flipped(good.crypto.cipherparams.iv, 3) }
    await expect(read({ ...good, crypto: { ...good.crypto, cipherparams } })).rejects.toThrow(InvalidImport)
  })

  test('derivations without bounds are refused before any work', async () => {
    const costly: readonly object[] = [
      { n: 2 ** 21, r: 8, p: 1 },
      { n: 2 ** 18, r: 64, p: 1 },
      { n: 2 ** 18, r: 8, p: 64 },
      { n: 2, r: 2 ** 20, p: 1 },
      { n: 2, r: 1, p: 2 ** 30 },
    ]
    const good = keystoreOf(KEY, { kdf: 'scrypt', n: 2, r: 1, p: 1 })
    const withCost = (cost: object, kdf = 'scrypt') => ({
      ...good,
      crypto: { ...good.crypto, kdf, kdfparams: { ...good.crypto.kdfparams, ...cost } },
    })
    for (const cost of costly) await expect(read(withCost(cost))).rejects.toThrow(ImportTooCostly)
    await expect(read(withCost({ c: 1e12, prf: 'hmac-sha256' }, 'pbkdf2'))).rejects.toThrow(ImportTooCostly)
    for (const cost of [{ n: 3 }, { n: 1 }, { n: -2 }, { n: '8' }, { n: 2.5 }, { r: 0 }, { p: null }, { dklen: 16 }])
      await expect(read(withCost(cost))).rejects.toThrow(InvalidImport)
  })

  test('what is not such a file is refused by name', async () => {
    const good = keystoreOf(KEY, QUICK)
    const crypto = (change: object) => ({ ...good, crypto: { ...good.crypto, ...change } })
    const bad: readonly (readonly [string | object, string])[] = [
      ['', 'JSON'],
      ['[]', 'object'],
      ['"a text"', 'object'],
      [{ ...good, version: 1 }, 'version'],
      [{ ...good, crypto: null }, 'crypto'],
      [crypto({ cipher: 'aes-256-cbc' }), 'cipher'],
      [crypto({ cipherparams: { iv: 'aa' } }), 'iv'],
      [crypto({ ciphertext: 'xy' }), 'ciphertext'],
      [crypto({ ciphertext: 'aabb' }), 'ciphertext'],
      [crypto({ mac: 7 }), 'mac'],
      [crypto({ kdf: 'md5' }), 'kdf'],
      [crypto({ kdfparams: { ...good.crypto.kdfparams, prf: 'hmac-sha1' } }), 'prf'],
      [{ ...good, address: '00'.repeat(20) }, 'address'],
    ]
    for (const [file, named] of bad)
      await expect(read(file)).rejects.toMatchObject({
        code: 'INVALID_IMPORT',
        message: expect.stringContaining(named),
      })
    await expect(read(keystoreOfZero())).rejects.toThrow('no secret key')
  })

  test('any JSON at all gives a typed error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (json) => {
        await expect(read(json)).rejects.toThrow(InvalidImport)
      }),
    )
  })
})

/** A well-sealed key that is none: zero. */
function keystoreOfZero() {
  const { address: _, ...file } = keystoreOfBytes(new Uint8Array(32))
  return file
}

function keystoreOfBytes(bytes: Uint8Array) {
  const template = keystoreOf(KEY, QUICK)
  const { salt } = template.crypto.kdfparams
  const derived = pbkdf2Sync(PASSWORD, Buffer.from(salt, 'hex'), 2, 32, 'sha256')
  const iv = Buffer.from(template.crypto.cipherparams.iv, 'hex')
  const cipher = createCipheriv('aes-128-ctr', derived.subarray(0, 16), iv)
  const ciphertext = Buffer.concat([cipher.update(bytes), cipher.final()])
  const mac = hex.encode(engines.hashes.keccak256(Buffer.concat([derived.subarray(16, 32), ciphertext])))
  return { ...template, crypto: { ...template.crypto, ciphertext: ciphertext.toString('hex'), mac } }
}

describeVectors('keystores of geth, parity and ethers', () => {
  test('open with their passwords to their addresses', async () => {
    const wallets = vectorJson<{ name: string; type: string; address: string; password: string; content: string }[]>(
      'wallet/ethers/wallets.json.gz',
    ).filter(({ type }) => type === 'keystore')
    expect(wallets).toHaveLength(7)
    for (const { name, address, password, content } of wallets) {
      const key = await read(content, hex.decode(password.slice(2)))
      expect(addressOfKey(key), name).toBe(address.toLowerCase())
    }
  }, 120_000)
})

describeVectors('PBKDF2', () => {
  test('of ethers', async () => {
    type Case = { password: string; salt: string; dkLen: number; pbkdf2: Record<string, unknown> }
    const cases = vectorJson<Case[]>('wallet/ethers/pbkdf.json.gz').filter(
      ({ pbkdf2 }) => pbkdf2.algorithm === 'sha256',
    )
    expect(cases.length).toBeGreaterThan(100)
    for (const { password, salt, dkLen, pbkdf2 } of cases) {
      const [word, grain] = [hex.decode(password.slice(2)), hex.decode(salt.slice(2))]
      const key = await webImportCiphers.pbkdf2Sha256(word, grain, Number(pbkdf2.iterations), Number(dkLen))
      expect(`0x${hex.encode(key)}`).toBe(pbkdf2.key)
    }
  })
})
