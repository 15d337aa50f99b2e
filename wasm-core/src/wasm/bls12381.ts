import { naming, verifyTogether } from '../bls12381-batch.ts'
import { InvalidPoint } from '../errors.ts'
import { guardedBls12381 } from '../guarded.ts'
import type { Bls12381, CommitteeSignature, ParsedKeys } from '../slots.ts'
import { checkCombination } from './bls12381-batch.ts'
import { addParsed, formCommittee, inWindows, parseKeys, refuseLength, startPresent } from './bls12381-keys.ts'
import {
  type BlsModule,
  instantiateBls,
  KEY_BYTES,
  POINT_IDENTITY,
  readMessage,
  reasonOf,
  SIGNATURE_BYTES,
} from './bls12381-module.ts'

/** The `Bls12381` slot on `bls12381.wasm`. @throws {WebAssembly.CompileError} where WebAssembly or SIMD is refused. */
export async function createWasmBls(bytes: BufferSource): Promise<Bls12381> {
  return wasmBls(await instantiateBls(bytes))
}

/**
 * The slot on a running instance. Every function starts from an empty sum, so nothing of an earlier call — finished or
 * refused half-way — reaches a later one. Keys and messages of any number and length pass through one fixed window.
 */
export function wasmBls(module: BlsModule): Bls12381 {
  const { kernel, view, input, output } = module

  const bls: Bls12381 = {
    validatePublicKey(publicKey) {
      start('publicKey', publicKey)
    },
    aggregatePublicKeys(publicKeys) {
      kernel.sumStart()
      addKeys('publicKeys', publicKeys)
      refuseIdentity('publicKeys', kernel.sumEnd() !== 0)
      return writeSum()
    },
    parsePublicKeys(publicKeys) {
      return parseKeys(module, 'publicKeys', publicKeys)
    },
    formCommittee(keys) {
      return formCommittee(module, keys)
    },
    aggregatePresent(committee, absent) {
      startPresent(module, committee, absent)
      return writeSum()
    },
    verifyPresent(committee, absent, message, signature) {
      startPresent(module, committee, absent)
      return check(false, message, signature)
    },
    fastAggregateVerify(publicKeys, message, signature) {
      kernel.sumStart()
      if (!isList(publicKeys)) addParsed(module, publicKeys)
      else if (publicKeys.length > 0) addKeys('publicKeys', publicKeys)
      else throw new InvalidPoint('publicKeys', 'expected at least one key')
      return check(kernel.sumEnd() !== 0, message, signature)
    },
    verifyWithoutAbsent(aggregate, absent, message, signature) {
      startWithoutAbsent(aggregate, absent)
      return check(false, message, signature)
    },
    verifyBatch(items, random) {
      return verifyTogether(bls, items, random, (coefficients) => {
        const combination = checkCombination(module, items, coefficients)
        // The kernel does not say what was malformed: everything is read again, one part at a time, to name the first.
        if (combination === 'malformed') for (const [i, item] of items.entries()) naming(i, () => validate(item))
        return combination === 'holds'
      })
    },
    verify(publicKey, message, signature) {
      start('publicKey', publicKey)
      return check(kernel.sumEnd() !== 0, message, signature)
    },
  }
  return guardedBls12381(bls)

  /** A sum of one key, called `argument` in errors. */
  function start(argument: string, publicKey: Uint8Array): void {
    kernel.sumStart()
    refuseLength(argument, publicKey)
    view.set(publicKey, input)
    const refused = kernel.sumAdd(1)
    if (refused !== -1) throw new InvalidPoint(argument, reasonOf(refused & 15))
  }

  /** The ended sum `aggregate` − Σ `absent`, which must not be the identity. */
  function startWithoutAbsent(aggregate: Uint8Array, absent: readonly Uint8Array[]): void {
    start('aggregate', aggregate)
    kernel.sumNegate()
    addKeys('absent', absent)
    kernel.sumNegate()
    refuseIdentity('aggregate', kernel.sumEnd() !== 0)
  }

  function validate({ aggregate, absent, signature }: CommitteeSignature): void {
    startWithoutAbsent(aggregate, absent)
    readSignature(signature)
  }

  function addKeys(argument: string, publicKeys: readonly Uint8Array[]): void {
    inWindows(module, argument, publicKeys, (_, count) => kernel.sumAdd(count))
  }

  /** The ended sum, which is not the identity, compressed. */
  function writeSum(): Uint8Array {
    kernel.sumWrite()
    return view.slice(output, output + KEY_BYTES)
  }

  /** Checks `signature` under the ended sum of keys, which `identity` says is the identity. */
  function check(identity: boolean, message: Uint8Array, signature: Uint8Array): boolean {
    const signed = readSignature(signature)
    if (identity || !signed) return false
    readMessage(module, message)
    return kernel.check() !== 0
  }

  /** Reads a signature. False for the identity, which is well-formed and nobody's. */
  function readSignature(signature: Uint8Array): boolean {
    if (signature.length !== SIGNATURE_BYTES) {
      throw new InvalidPoint('signature', `expected ${SIGNATURE_BYTES} bytes, got ${signature.length}`)
    }
    view.set(signature, input)
    const verdict = kernel.signatureRead()
    if (verdict > POINT_IDENTITY) throw new InvalidPoint('signature', reasonOf(verdict))
    return verdict !== POINT_IDENTITY
  }
}

function isList(publicKeys: readonly Uint8Array[] | ParsedKeys): publicKeys is readonly Uint8Array[] {
  return Array.isArray(publicKeys)
}

function refuseIdentity(argument: string, identity: boolean): void {
  if (identity) throw new InvalidPoint(argument, 'the identity is not a key')
}
