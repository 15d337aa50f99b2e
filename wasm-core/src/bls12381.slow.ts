/**
 * A million changed inputs for each decoder of points, twenty thousand where a pairing follows: each ends in an answer or
 * a typed error, the instance stays usable, and now and then the other engine must say the same. `npm run test:slow`.
 */
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { expect, it } from 'vitest'
import { accepted, generator, mutate, sign } from '../test/bls12381.ts'
import { toHex } from '../test/vectors.ts'
import { InvalidPoint } from './errors.ts'
import { loadBls12381Groups } from './load-bls12381-groups.ts'
import { loadEngines } from './load-engines.ts'
import { nobleBls } from './noble/bls12381.ts'
import { nobleBls12381Groups } from './noble/bls12381-groups.ts'
import type { Bls12381Groups } from './slots.ts'

const RUNS = 1_000_000
const WITH_PAIRINGS = 20_000
const COMPARED = 4096
const LIMIT = 3_600_000

const { bls } = await loadEngines()
const groups = await loadBls12381Groups()
const message = Uint8Array.of(4, 2)
const keys = [3n, 5n, 7n].map((secret) => bls12_381.G1.Point.BASE.multiply(secret).toBytes(true))
const key = keys[0]!
const signature = sign(3n, message)

it(
  'points of G1',
  () => {
    const decode = ({ g1 }: Bls12381Groups, bytes: Uint8Array) => outcome(() => g1.encode(g1.decode(bytes)))
    const next = generator(1)
    for (let i = 0; i < RUNS; i++) {
      const bytes = mutate(keys[i % 3]!, next)
      const answer = decode(groups, bytes)
      if (i % COMPARED === 0) expect(answer, toHex(bytes)).toBe(decode(nobleBls12381Groups, bytes))
      if (answer !== 'refused') expect(answer).toBe(toHex(bytes)) // one encoding per point
      if (i % COMPARED === 1) expect(decode(groups, key)).toBe(toHex(key))
    }
  },
  LIMIT,
)

it(
  'points of G2',
  () => {
    const decode = ({ g2 }: Bls12381Groups, bytes: Uint8Array) => outcome(() => g2.encode(g2.decode(bytes)))
    const next = generator(2)
    for (let i = 0; i < RUNS; i++) {
      const bytes = mutate(signature, next)
      const answer = decode(groups, bytes)
      if (i % COMPARED === 0) expect(answer, toHex(bytes)).toBe(decode(nobleBls12381Groups, bytes))
      if (answer !== 'refused') expect(answer).toBe(toHex(bytes))
      if (i % COMPARED === 1) expect(decode(groups, signature)).toBe(toHex(signature))
    }
  },
  LIMIT,
)

it(
  'parsed keys',
  () => {
    const next = generator(3)
    for (let i = 0; i < RUNS; i += 2) {
      const pair = [mutate(key, next), i % 4 === 0 ? keys[1]! : mutate(keys[2]!, next)]
      const answer = outcome(() => Uint8Array.of(bls.parsePublicKeys(pair).size))
      if (i % COMPARED === 0) {
        expect(answer).toBe(outcome(() => Uint8Array.of(nobleBls.parsePublicKeys(pair).size)))
        expect(bls.parsePublicKeys(keys).size).toBe(3)
      }
    }
  },
  LIMIT,
)

it(
  'signatures under changed keys, messages and signatures',
  () => {
    const next = generator(4)
    const good = [key, message, signature]
    for (let i = 0; i < WITH_PAIRINGS; i++) {
      const changed = good.map((bytes, part) => (part === i % 3 ? mutate(bytes, next) : bytes))
      const [k, m, s] = changed as [Uint8Array, Uint8Array, Uint8Array]
      const same = changed.every((bytes, part) => toHex(bytes) === toHex(good[part]!))
      const got = accepted(() => bls.verify(k, m, s))
      expect(got, changed.map(toHex).join()).toBe(same)
      if (i % 1000 === 0) expect(bls.verify(key, message, signature)).toBe(true)
    }
  },
  LIMIT,
)

function outcome(run: () => Uint8Array): string {
  try {
    return toHex(run())
  } catch (error) {
    if (error instanceof InvalidPoint) return 'refused'
    throw error
  }
}
