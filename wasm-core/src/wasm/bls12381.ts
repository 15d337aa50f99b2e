import { InvalidPoint } from '../errors.ts'
import type { Bls12381 } from '../slots.ts'
import {
  type BlsModule,
  instantiateBls,
  KEY_BYTES,
  POINT_IDENTITY,
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
export function wasmBls({ kernel, view, input, inputBytes, output }: BlsModule): Bls12381 {
  const keysPerWindow = Math.floor(inputBytes / KEY_BYTES)

  return {
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
      start('aggregate', aggregate)
      kernel.sumNegate()
      addKeys('absent', absent)
      kernel.sumNegate()
      const identity = kernel.sumEnd() !== 0
      refuseIdentity('aggregate', identity)
      return check(identity, message, signature)
    },
    verify(publicKey, message, signature) {
      start('publicKey', publicKey)
      return check(kernel.sumEnd() !== 0, message, signature)
    },
  }

  /** A sum of one key, called `argument` in errors. */
  function start(argument: string, publicKey: Uint8Array): void {
    kernel.sumStart()
    refuseLength(argument, publicKey)
    view.set(publicKey, input)
    const refused = kernel.sumAdd(1)
    if (refused !== -1) throw new InvalidPoint(argument, reasonOf(refused & 15))
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
    if (signature.length !== SIGNATURE_BYTES) {
      throw new InvalidPoint('signature', `expected ${SIGNATURE_BYTES} bytes, got ${signature.length}`)
    }
    view.set(signature, input)
    const verdict = kernel.signatureRead()
    if (verdict > POINT_IDENTITY) throw new InvalidPoint('signature', reasonOf(verdict))
    if (identity || verdict === POINT_IDENTITY) return false
    kernel.messageStart()
    for (let at = 0; at < message.length; at += inputBytes) {
      const piece = message.subarray(at, at + inputBytes)
      view.set(piece, input)
      kernel.messageAdd(piece.length)
    }
    return kernel.check() !== 0
  }
}

function refuseLength(argument: string, publicKey: Uint8Array): void {
  if (publicKey.length === KEY_BYTES) return
  throw new InvalidPoint(argument, `expected ${KEY_BYTES} bytes, got ${publicKey.length}`)
}

function refuseIdentity(argument: string, identity: boolean): void {
  if (identity) throw new InvalidPoint(argument, 'the identity is not a key')
}
