/** Precompiled contracts, right and wrong inputs: the same answer as anvil's. */
import type { Hex } from '@glowworm/light-client'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { bn254 } from '@noble/curves/bn254.js'
import { p256 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { askNode, type Following, followDevnet } from './devnet-client.ts'

let following: Following
beforeAll(async () => {
  following = await followDevnet({ forks: { fulu: 0 }, pastPeriods: 1 })
  await following.client.ready()
})
afterAll(() => following?.close())

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
const text = (data: Uint8Array) => [...data].map((byte) => byte.toString(16).padStart(2, '0')).join('')
const word = (value: bigint | number) => value.toString(16).padStart(64, '0')
const field = (value: bigint) => value.toString(16).padStart(128, '0')

const DIGEST = '18c547e4f7b0f325ad1e56f57e26c745b09a3e503d86e00e5255ff7f1d3d561c'

function recoverable(high: boolean): string {
  const made = secp256k1.sign(bytes(DIGEST), bytes('4c'.repeat(32)), {
    prehash: false,
    format: 'recovered',
    lowS: true,
  })
  const [parity, r, s] = [made[0]!, text(made.subarray(1, 33)), BigInt(`0x${text(made.subarray(33))}`)]
  const order = secp256k1.Point.Fn.ORDER
  return DIGEST + word(27 + (high ? 1 - parity : parity)) + r + word(high ? order - s : s)
}

function p256Input(): string {
  const secret = bytes('07'.repeat(32))
  const signature = p256.sign(bytes(DIGEST), secret, { prehash: false, format: 'compact', lowS: false })
  return DIGEST + text(signature) + text(p256.getPublicKey(secret, false).subarray(1))
}

const g1 = (k: bigint) => {
  const { x, y } = bls12_381.G1.Point.BASE.multiply(k).toAffine()
  return field(x) + field(y)
}
const g2 = (k: bigint) => {
  const { x, y } = bls12_381.G2.Point.BASE.multiply(k).toAffine()
  return field(x.c0) + field(x.c1) + field(y.c0) + field(y.c1)
}
const bnG1 = (k: bigint) => {
  const { x, y } = bn254.G1.Point.BASE.multiply(k).toAffine()
  return word(x) + word(y)
}
const bnG2 = (k: bigint) => {
  const { x, y } = bn254.G2.Point.BASE.multiply(k).toAffine()
  return word(x.c1) + word(x.c0) + word(y.c1) + word(y.c0)
}
const blsOrder = bls12_381.fields.Fr.ORDER
const bnOrder = bn254.fields.Fr.ORDER

/** Versioned hash, z, y, commitment and proof, as go-ethereum's test of the precompile has them. */
const KZG =
  '01e798154708fe7789429634053cbf9f99b619f9f084048927333fce637f549b564c0a11a0f704f4fc3e8acfe0f8245f0ad1347b378fbf96e206da11a5d36306' +
  '24d25032e67a7e6a4910df5834b8fe70e6bcfeeac0352434196bdf4b2485d5a18f59a8d2a1a625a17f3fea0fe5eb8c896db3764f3185481bc22f91b4aaffcca2' +
  '5f26936857bc3a7c2539ea8ec3a952b7873033e038326e87ed3e1276fd140253fa08e9fc25fb2d9a98527fc22a2c9612fbeafdad446cbc7bcdbdcd780af2c16a'
const BLAKE2F = `0000000c${'6a09e667f3bcc908'.repeat(8)}${'11'.repeat(128)}${'80'.padEnd(16, '0')}${'00'.repeat(8)}01`

const INPUTS: Readonly<Record<string, readonly string[]>> = {
  '01': [
    recoverable(false),
    recoverable(true),
    DIGEST + word(26) + word(1) + word(1),
    DIGEST + word(27) + word(0) + word(1),
    '',
  ],
  '02': ['', 'abcd', 'ff'.repeat(300)],
  '03': ['', 'abcd', 'ff'.repeat(300)],
  '04': ['', 'abcd'],
  '05': [
    `${word(1)}${word(32)}${word(32)}03${word(2n ** 256n - 2n)}${word(2n ** 256n - 1n)}`,
    word(0) + word(0) + word(0),
    `${word(1)}${word(1)}${word(1)}020500`,
    word(2048) + word(1) + word(1),
  ],
  '06': [bnG1(3n) + bnG1(5n), word(1) + word(1), ''],
  '07': [bnG1(3n) + word(2n ** 256n - 1n), word(1) + word(2) + word(0)],
  '08': [
    bnG1(6n) + bnG2(5n) + bnG1(bnOrder - 30n) + bnG2(1n),
    bnG1(6n) + bnG2(5n) + bnG1(bnOrder - 31n) + bnG2(1n),
    '',
    'ff'.repeat(192),
    '00'.repeat(191),
  ],
  '09': [BLAKE2F, `${BLAKE2F.slice(0, -2)}00`, `${BLAKE2F.slice(0, -2)}02`, 'ff'],
  '0b': [g1(3n) + g1(4n), g1(3n) + g1(3n), '00'.repeat(256), `${'00'.repeat(255)}01`],
  '0c': [g1(3n) + word(9) + g1(4n) + word(2n ** 255n), '', '11'.repeat(160)],
  '0d': [g2(3n) + g2(4n), g2(5n) + g2(blsOrder - 5n)],
  '0e': [g2(3n) + word(9) + g2(4n) + word(2n ** 255n)],
  '0f': [g1(6n) + g2(5n) + g1(blsOrder - 30n) + g2(1n), g1(6n) + g2(5n) + g1(blsOrder - 31n) + g2(1n), ''],
  '10': [field(12345n), field(bls12_381.fields.Fp.ORDER), field(0n)],
  '11': [field(1n) + field(2n), field(0n) + field(0n)],
  '0100': [p256Input(), `${p256Input().slice(0, -2)}00`, 'ff'.repeat(160), ''],
}

it.each(Object.entries(INPUTS))('0x%s', async (name, inputs) => {
  const { devnet, client } = following
  const { optimistic } = await client.ready()
  const block = `0x${optimistic.blockNumber.toString(16)}`
  const to: Hex = `0x${name.padStart(40, '0')}`
  for (const input of inputs) {
    const data: Hex = `0x${input}`
    const theirs = await askNode(devnet, 'eth_call', [{ to, data, gas: '0x1e8480' }, block])
    const { value } = (await client.call({ to, data, gas: 2_000_000n }, { at: 'optimistic' })).verified
    if (theirs.error) expect(value.status, data).not.toBe('success')
    else expect(value, data).toMatchObject({ status: 'success', returnData: theirs.result })
    // anvil takes a call without data to an address without code for a transfer, and precompiles for such addresses.
    if (value.status === 'success' && input !== '') {
      const least = await askNode(devnet, 'eth_estimateGas', [{ to, data, gas: '0x1e8480' }, block])
      expect(value.gasUsed, data).toBe(BigInt(least.result as Hex))
    }
  }
})

// anvil takes seconds to load its ceremony's setup; what the precompile says is known.
it('0x0a', async () => {
  const { client } = following
  const to: Hex = `0x${'0a'.padStart(40, '0')}`
  const evaluate = async (input: string) =>
    (await client.call({ to, data: `0x${input}`, gas: 100_000n })).verified.value
  expect(await evaluate(KZG)).toMatchObject({
    status: 'success',
    returnData: `0x${word(4096)}${word(blsOrder)}`,
  })
  const wrong = {
    proof: `${KZG.slice(0, -2)}6b`,
    version: `02${KZG.slice(2)}`,
    z: `${KZG.slice(0, 64)}${word(5)}${KZG.slice(128)}`,
    'z not canonical': `${KZG.slice(0, 64)}${'ff'.repeat(32)}${KZG.slice(128)}`,
    length: KZG.slice(2),
  }
  for (const [what, input] of Object.entries(wrong))
    expect(await evaluate(input), what).toMatchObject({ status: 'halt', gasUsed: 100_000n })
})
