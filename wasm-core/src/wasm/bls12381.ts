import { naming, verifyTogether } from '../bls12381-batch.ts'
import { InvalidPoint } from '../errors.ts'
import type { Bls12381, CommitteeSignature } from '../slots.ts'
import { checkCombination } from './bls12381-batch.ts'
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
  const { kernel, view, input, inputBytes, output } = module
  const keysPerWindow = Math.floor(inputBytes / KEY_BYTES)

  const bls: Bls12381 = {
    validatePublicKey(publicKey) {
      start('publicKey', publicKey)
    },
    aggregatePublicKeys(publicKeys) {
      kernel.sumStart()
      addKeys('publicKeys', publicKeys)
      refuseIdentity('publicKeys', kernel.sumEnd() !== 0)
      kernel.sumWrite()
      return view.slice(output, output + KEY_BYTES)
    },
    fastAggregateVerify(publicKeys, message, signature) {
      if (publicKeys.length === 0) throw new InvalidPoint('publicKeys', 'expected at least one key')
      kernel.sumStart()
      addKeys('publicKeys', publicKeys)
      return check(kernel.sumEnd() !== 0, message, signature)
    },
    verifyWithoutAbsent(aggregate, absent, message, signature) {
      startPresent(aggregate, absent)
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
  return bls

  /** A sum of one key, called `argument` in errors. */
  function start(argument: string, publicKey: Uint8Array): void {
    kernel.sumStart()
    refuseLength(argument, publicKey)
    view.set(publicKey, input)
    const refused = kernel.sumAdd(1)
    if (refused !== -1) throw new InvalidPoint(argument, reasonOf(refused & 15))
  }

  /** The ended sum `aggregate` − Σ `absent`, which must not be the identity. */
  function startPresent(aggregate: Uint8Array, absent: readonly Uint8Array[]): void {
    start('aggregate', aggregate)
    kernel.sumNegate()
    addKeys('absent', absent)
    kernel.sumNegate()
    refuseIdentity('aggregate', kernel.sumEnd() !== 0)
  }

  function validate({ aggregate, absent, signature }: CommitteeSignature): void {
    startPresent(aggregate, absent)
    readSignature(signature)
  }

  /** Adds keys a window at a time. The first key that is refused, for whatever reason, is the one named. */
  function addKeys(argument: string, publicKeys: readonly Uint8Array[]): void {
    const misfit = publicKeys.findIndex(({ length }) => length !== KEY_BYTES)
    const fitting = misfit < 0 ? publicKeys.length : misfit
    for (let from = 0; from < fitting; from += keysPerWindow) {
      const count = Math.min(keysPerWindow, fitting - from)
      for (let i = 0; i < count; i++) view.set(publicKeys[from + i]!, input + KEY_BYTES * i)
      const refused = kernel.sumAdd(count)
      if (refused !== -1) throw new InvalidPoint(`${argument}[${from + (refused >> 4)}]`, reasonOf(refused & 15))
    }
    if (misfit >= 0) refuseLength(`${argument}[${misfit}]`, publicKeys[misfit]!)
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

function refuseLength(argument: string, publicKey: Uint8Array): void {
  if (publicKey.length === KEY_BYTES) return
  throw new InvalidPoint(argument, `expected ${KEY_BYTES} bytes, got ${publicKey.length}`)
}

function refuseIdentity(argument: string, identity: boolean): void {
  if (identity) throw new InvalidPoint(argument, 'the identity is not a key')
}
