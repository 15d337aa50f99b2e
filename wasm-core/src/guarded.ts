/** The slots whose calls take microseconds and more, behind one check of what kind their arguments are. @module */
import { checkBytes, checkList, checkListOfBytes } from './bytes-argument.ts'
import { InvalidArgument } from './errors.ts'
import type { Bls12381, Bls12381Groups, Ed25519, Secp256k1 } from './slots.ts'

type Check = (argument: string, value: unknown) => void
/** For each function its arguments in order: the name that errors give it, and what it must be. */
type Shape<Slot> = { readonly [Name in keyof Slot]: readonly (readonly [argument: string, check: Check])[] }

/**
 * The slot, of which every function now refuses arguments of the wrong kind by `InvalidArgument`, before anything is
 * done. Lengths and ranges are the engines' to check.
 */
function guarded<Slot extends object>(slot: Slot, shape: Partial<Shape<Slot>>): Slot {
  const faces = Object.entries(shape as Record<string, Shape<Slot>[keyof Slot]>).map(([name, parameters]) => {
    const run = (slot as Record<string, (...args: unknown[]) => unknown>)[name]!
    const face = (...args: unknown[]) => {
      for (let i = 0; i < parameters.length; i++) parameters[i]![1](parameters[i]![0], args[i])
      return run(...args)
    }
    return [name, face]
  })
  return Object.assign(slot, Object.fromEntries(faces))
}

const anything: Check = () => {} // a handle, which the engine tells from others
const record: Check = (argument, value) => {
  if (typeof value !== 'object' || value === null) throw new InvalidArgument(argument, 'expected an object')
}
const callable: Check = (argument, value) => {
  if (typeof value !== 'function') throw new InvalidArgument(argument, 'expected a function')
}
const source: Check = (argument, value) => {
  record(argument, value)
  callable(`${argument}.bytes`, (value as { bytes?: unknown }).bytes)
}
const optional =
  (check: Check): Check =>
  (argument, value) => {
    if (value !== undefined) check(argument, value)
  }
const listOf =
  (fields: Readonly<Record<string, Check>>): Check =>
  (argument, value) => {
    checkList(argument, value)
    for (const [i, item] of (value as unknown[]).entries()) {
      record(`${argument}[${i}]`, item)
      for (const [name, check] of Object.entries(fields))
        check(`${argument}[${i}].${name}`, (item as Record<string, unknown>)[name])
    }
  }
/** A list of keys, or a handle, which the engine tells from others. */
const keys: Check = (argument, value) => {
  if (Array.isArray(value)) checkListOfBytes(argument, value)
}

const message = ['message', checkBytes] as const
const signature = ['signature', checkBytes] as const
const digest = ['digest', checkBytes] as const
const publicKey = ['publicKey', checkBytes] as const
const secretKey = ['secretKey', checkBytes] as const
const tweak = ['tweak', checkBytes] as const
const absentSeats = ['absent', checkList] as const

const SECP256K1: Shape<Secp256k1> = {
  publicKey: [secretKey],
  sign: [digest, secretKey, ['extraEntropy', optional(checkBytes)]],
  verify: [signature, digest, publicKey, ['options', optional(record)]],
  recover: [signature, digest],
  schnorrSign: [message, secretKey, ['auxiliary', checkBytes]],
  schnorrVerify: [signature, message, publicKey],
  tweakPublicKey: [publicKey, tweak],
  tweakSecretKey: [secretKey, tweak],
  ecdh: [secretKey, publicKey],
}

const ED25519: Shape<Ed25519> = {
  publicKey: [secretKey],
  sign: [message, secretKey],
  verify: [signature, message, publicKey, ['options', record]],
  verifyBatch: [
    ['items', listOf({ signature: checkBytes, message: checkBytes, publicKey: checkBytes })],
    ['random', source],
  ],
}

const BLS12381: Shape<Bls12381> = {
  validatePublicKey: [publicKey],
  aggregatePublicKeys: [['publicKeys', checkListOfBytes]],
  parsePublicKeys: [['publicKeys', checkListOfBytes]],
  formCommittee: [],
  aggregatePresent: [['committee', anything], absentSeats],
  verifyPresent: [['committee', anything], absentSeats, message, signature],
  fastAggregateVerify: [['publicKeys', keys], message, signature],
  verifyWithoutAbsent: [['aggregate', checkBytes], ['absent', checkListOfBytes], message, signature],
  verifyBatch: [
    ['items', listOf({ aggregate: checkBytes, absent: checkListOfBytes, message: checkBytes, signature: checkBytes })],
    ['random', callable],
  ],
  verify: [publicKey, message, signature],
}

const encoded = ['encoded', checkBytes] as const
const domain = ['domain', checkBytes] as const
const a = ['a', checkBytes] as const
const multiples = [
  ['points', checkList],
  ['scalars', checkListOfBytes],
] as const

export const guardedSecp256k1 = (slot: Secp256k1): Secp256k1 => guarded(slot, SECP256K1)
export const guardedEd25519 = (slot: Ed25519): Ed25519 => guarded(slot, ED25519)
export const guardedBls12381 = (slot: Bls12381): Bls12381 => guarded(slot, BLS12381)
export const guardedBls12381Groups = (slot: Bls12381Groups): Bls12381Groups => ({
  ...guarded(slot, { pairingProductIsOne: [['pairs', listOf({})]] }),
  g1: guarded(slot.g1, {
    decode: [encoded],
    sum: [['points', checkList]],
    secretSumOfMultiples: multiples,
    sumOfMultiples: multiples,
    hash: [message, domain],
    mapUniform: [['uniform', checkBytes]],
  }),
  g2: guarded(slot.g2, {
    decode: [encoded],
    secretMultipleOfGenerator: [['scalar', checkBytes]],
    hash: [message, domain],
  }),
  scalars: guarded(slot.scalars, {
    add: [a, ['b', checkBytes]],
    multiply: [a, ['b', checkBytes]],
    negate: [a],
    invert: [a],
    reduce: [['wide', checkBytes]],
  }),
})
