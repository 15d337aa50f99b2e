import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../test/vectors.ts'
import { InvalidArgument, InvalidPoint } from './errors.ts'
import { secureRandom } from './infrastructure/secure-random.ts'
import { readWasmFile } from './infrastructure/wasm-files.ts'
import { nobleHashes } from './noble/hashes.ts'
import { nobleSecp256k1 } from './noble/secp256k1.ts'
import type { Random, Secp256k1 } from './slots.ts'
import { taggedHash } from './tagged-hash.ts'
import { secp256k1Slot } from './wasm/secp256k1.ts'
import type { Secp256k1Exports } from './wasm/secp256k1-module.ts'
import { unverifiedSigner } from './wasm/secp256k1-unverified.ts'

// That no byte of memory depends on a secret after the wipe is shown by test/constant-time. Here the same is looked at
// from outside, through the slot: secrets, and what can be computed from them, are searched for in all of the memory.

const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const LAMBDA = 0x5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72n
const numberOf = (bytes: Uint8Array) => BigInt(`0x${toHex(bytes)}`)
const modulo = (value: bigint) => ((value % N) + N) % N
const key = fromHex('c0ffee254729296a45a3885639ac7e10f9d54979e3f9d54979e3d5649d51234a')
const d = numberOf(key)
const digest = new Uint8Array(32).fill(0x5a)
const extra = fromHex('e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff01')
const other = nobleSecp256k1.publicKey(fromHex('5'.repeat(64)))
const xOnly = nobleSecp256k1.publicKey(key).slice(1, 33)
const bytes = await readWasmFile('secp256k1')

async function freshKernel(): Promise<Secp256k1Exports> {
  const { instance } = await WebAssembly.instantiate(bytes)
  return instance.exports as unknown as Secp256k1Exports
}

interface SecretOperation {
  readonly name: string
  run(slot: Secp256k1): Uint8Array
  /** What nobody must find, of which the first is found without the wipe. */
  secrets(result: Uint8Array): Record<string, bigint>
}

const operations: SecretOperation[] = [
  { name: 'publicKey', run: (slot) => slot.publicKey(key), secrets: () => ({ key: d }) },
  {
    name: 'sign',
    run: (slot) => slot.sign(digest, key),
    secrets: (signature) => ({ key: d, ...ecdsaNonce(signature) }),
  },
  {
    name: 'sign with extra entropy',
    run: (slot) => slot.sign(digest, key, extra),
    secrets: (signature) => ({ key: d, entropy: numberOf(extra), ...ecdsaNonce(signature) }),
  },
  {
    name: 'schnorrSign',
    run: (slot) => slot.schnorrSign(digest, key, extra),
    secrets: (signature) => {
      const even = evenKey()
      const challenge = taggedHash(nobleHashes, 'BIP0340/challenge', signature.subarray(0, 32), xOnly, digest)
      const nonce = modulo(numberOf(signature.subarray(32)) - numberOf(challenge) * even)
      const masked = even ^ numberOf(taggedHash(nobleHashes, 'BIP0340/aux', extra))
      return { key: d, 'even key': even, nonce, 'other nonce': N - nonce, 'masked key': masked }
    },
  },
  {
    name: 'tweakSecretKey',
    run: (slot) => slot.tweakSecretKey(key, digest),
    secrets: (tweaked) => ({ key: d, 'even key': evenKey(), 'tweaked key': numberOf(tweaked) }),
  },
  {
    name: 'ecdh',
    run: (slot) => slot.ecdh(key, other, 'uncompressed'),
    secrets: (point) => ({
      key: d,
      'shared x': numberOf(point.subarray(1, 33)),
      'shared y': numberOf(point.subarray(33)),
      'shifted key': modulo((d + (2n ** 130n - 2n ** 129n - 1n) * (1n + LAMBDA)) * ((N + 1n) / 2n)),
    }),
  },
]

function ecdsaNonce(signature: Uint8Array): Record<string, bigint> {
  const [r, s] = [numberOf(signature.subarray(0, 32)), numberOf(signature.subarray(32, 64))]
  const nonce = modulo((numberOf(digest) + r * d) * inverse(s))
  return { nonce, 'other nonce': N - nonce, 'inverse of the nonce': inverse(nonce) }
}

/** The key of the point with even y. */
const evenKey = () => (nobleSecp256k1.publicKey(key)[64]! % 2 === 0 ? d : N - d)

describe.each(operations)('after $name', ({ run, secrets }) => {
  it('secrets are in memory without the wiping, so that the next test means something', async () => {
    const kernel = await freshKernel()
    const result = run(secp256k1Slot({ ...kernel, wipe: () => {} }, secureRandom))
    const found = findSecrets(kernel, secrets(result))
    expect(found).toContain('key as big-endian bytes')
    const other = Object.keys(secrets(result)).slice(1)
    if (other.length > 0) expect(found.some((text) => other.some((name) => text.startsWith(name)))).toBe(true)
  })

  it('they are gone: any 8 bytes of them, anywhere', async () => {
    const kernel = await freshKernel()
    const slot = secp256k1Slot(kernel, secureRandom)
    for (let i = 0; i < 2; i++) {
      const result = run(slot)
      expect(findSecrets(kernel, secrets(result))).toEqual([])
    }
  })
})

describe('when something is wrong', () => {
  it('secrets are gone too', async () => {
    const kernel = await freshKernel()
    const slot = secp256k1Slot(kernel, secureRandom)
    const beyond = fromHex(`${'f'.repeat(32)}f0c1d2e3a4b5968778695a4b3c2d1e0f`)
    for (const call of [
      () => slot.sign(digest, beyond),
      () => slot.publicKey(beyond),
      () => slot.schnorrSign(digest, beyond, extra),
      () => slot.tweakSecretKey(beyond, digest),
      () => slot.tweakSecretKey(key, new Uint8Array(32).fill(255)),
      () => slot.ecdh(beyond, other, 'x'),
    ])
      expect(call).toThrow(InvalidArgument)
    expect(() => slot.ecdh(key, other.with(64, other[64]! ^ 1), 'x')).toThrow(InvalidPoint)
    expect(findSecrets(kernel, { key: d })).toEqual([])
    const memory = new Uint8Array(kernel.memory.buffer)
    expect(indexOf(memory, beyond.subarray(16))).toBe(-1)
    expect(indexOf(memory, limbs(numberOf(beyond)).subarray(0, 8))).toBe(-1)
  })

  it.each([
    ['sign', (slot: Secp256k1) => slot.sign(digest, key)],
    ['schnorrSign', (slot: Secp256k1) => slot.schnorrSign(digest, key, extra)],
  ] as const)('%s gives out no signature that does not verify', async (_, run) => {
    const kernel = await freshKernel()
    const slot = secp256k1Slot({ ...kernel, verify: () => 0, schnorrVerify: () => 0 }, secureRandom)
    expect(() => run(slot)).toThrow(expect.objectContaining({ code: 'FAULT_DETECTED' }))
    expect(findSecrets(kernel, { key: d })).toEqual([])
  })

  it('a fault in the table of the comb gives out nothing', async () => {
    const kernel = await freshKernel()
    const slot = secp256k1Slot(kernel, secureRandom)
    slot.publicKey(key)
    const memory = new Uint8Array(kernel.memory.buffer)
    const table = fromHex('79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798')
    const entry = indexOf(memory, limbs(numberOf(table)).subarray(0, 36)) // G stands in several tables
    expect(entry).toBeGreaterThan(0)
    for (let at = entry; at >= 0; at = indexOf(memory, limbs(numberOf(table)), at + 1)) memory[at]! ^= 1
    let faults = 0
    for (let i = 1; i < 40; i++) {
      try {
        slot.sign(digest.with(0, i), key)
      } catch (error) {
        expect(error).toMatchObject({ code: 'FAULT_DETECTED' })
        faults++
      }
    }
    expect(faults).toBeGreaterThan(0)
  })
})

it('the signer for benchmarks makes the same signatures', async () => {
  const sign = await unverifiedSigner(bytes, secureRandom)
  expect(sign(digest, key)).toEqual(nobleSecp256k1.sign(digest, key))
  expect(sign(digest, key, extra)).toEqual(nobleSecp256k1.sign(digest, key, extra))
  expect(() => sign(digest, new Uint8Array(32))).toThrow(InvalidArgument)
})

describe('blinding', () => {
  /** Counts what is asked of it. */
  function counting(bytesOf = secureRandom.bytes): Random & { draws: number[] } {
    const draws: number[] = []
    return {
      draws,
      bytes(length) {
        draws.push(length)
        return bytesOf(length)
      },
    }
  }

  it('is drawn at the first use and again after 64, and changes with each use; results do not', async () => {
    const kernel = await freshKernel()
    const random = counting()
    const slot = secp256k1Slot(kernel, random)
    const state = () => toHex(new Uint8Array(kernel.memory.buffer, kernel.BLINDING.value, kernel.BLINDING_BYTES.value))
    const states = new Set([state()])
    expect(random.draws).toEqual([])
    for (let i = 0; i < 130; i++) {
      expect(slot.publicKey(key)).toEqual(nobleKey)
      states.add(state())
    }
    expect(random.draws).toEqual([64, 64, 64])
    expect(states.size).toBe(131)
  })

  it('is not needed for verifying', async () => {
    const random = counting()
    const slot = secp256k1Slot(await freshKernel(), random)
    slot.verify(nobleSecp256k1.sign(digest, key).subarray(0, 64), digest, nobleKey)
    slot.schnorrVerify(new Uint8Array(64), digest, xOnly)
    slot.tweakPublicKey(xOnly, digest)
    expect(random.draws).toEqual([])
  })

  it('of extreme numbers gives the same results', async () => {
    for (const [first, second] of [
      [N - 1n, 1n],
      [1n, 2n ** 256n - 1n],
      [2n ** 256n - 1n, 2n ** 255n],
      [d, d],
      [N - d, 0n],
    ] as const) {
      const drawn = fromHex(first.toString(16).padStart(64, '0') + second.toString(16).padStart(64, '0'))
      const slot = secp256k1Slot(await freshKernel(), { bytes: () => drawn.slice() })
      for (let i = 0; i < 3; i++) {
        expect(slot.publicKey(key)).toEqual(nobleKey)
        expect(slot.ecdh(key, other, 'x')).toEqual(nobleSecp256k1.ecdh(key, other, 'x'))
      }
    }
  })

  it('is refused when it is not random, and the key has not entered', async () => {
    for (const bytesOf of [(length: number) => new Uint8Array(length), () => new Uint8Array(63).fill(1)]) {
      const kernel = await freshKernel()
      const slot = secp256k1Slot(kernel, counting(bytesOf))
      expect(() => slot.sign(digest, key)).toThrow(expect.objectContaining({ argument: 'random' }))
      expect(findSecrets(kernel, { key: d })).toEqual([])
      expect(() => slot.sign(digest, key)).toThrow(InvalidArgument)
    }
  })
})

const nobleKey = nobleSecp256k1.publicKey(key)

/** The forms, of which eight bytes lie anywhere in the module's memory. */
function findSecrets(kernel: Secp256k1Exports, secrets: Record<string, bigint>): string[] {
  const memory = new Uint8Array(kernel.memory.buffer)
  const found = new Set<string>()
  for (const [name, secret] of Object.entries(secrets)) {
    const big = fromHex(secret.toString(16).padStart(64, '0'))
    const forms = {
      'big-endian bytes': big,
      'little-endian bytes': big.slice().reverse(),
      limbs: limbs(secret),
      'Montgomery limbs': limbs((secret << 261n) % N),
    }
    for (const [form, pattern] of Object.entries(forms))
      for (let at = 0; at + 8 <= pattern.length; at += 4) {
        const part = pattern.subarray(at, at + 8)
        if (part.some((byte) => byte !== 0) && indexOf(memory, part) >= 0) found.add(`${name} as ${form}`)
      }
  }
  return [...found]
}

function limbs(value: bigint): Uint8Array {
  const words = Uint32Array.from({ length: 9 }, (_, i) => Number((value >> BigInt(29 * i)) & 0x1fffffffn))
  return new Uint8Array(words.buffer)
}

function inverse(value: bigint): bigint {
  let [a, b, x, y] = [value, N, 1n, 0n]
  while (b > 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y]
  return modulo(x)
}

function indexOf(memory: Uint8Array, pattern: Uint8Array, from = 0): number {
  return Buffer.from(memory.buffer).indexOf(pattern, from)
}
