/** Accounts in a device that has no connection: questions and answers are QR codes (EIP-4527). */
import { concatBytes, fromHex } from '@glowworm/light-client/data/hex'
import { PRODUCT } from '@glowworm/light-client/product'
import type { Engines } from '@glowworm/wasm-core'
import { HARDENED_OFFSET } from '@scure/bip32'
import type { Device } from '../../accounts/account-kind.ts'
import type { DeviceAnswer } from '../../facade/facade.ts'
import { digestOf, type Signable } from '../../signing/signable.ts'
import { encodeUnsigned } from '../../signing/transaction.ts'
import type { AccountKey } from '../../vault/content.ts'
import type { DeviceKey } from '../device-key.ts'
import { DeviceCannotSign, IncompleteAnswer, UnreadableAnswer, WrongDevice } from '../errors.ts'
import { pathSteps } from '../key-path.ts'
import { type Cbor, decodeCbor, encodeCbor, Tagged } from './cbor.ts'
import { bytesOf, deviceKeys, mapOf } from './hd-key.ts'
import { decodeUr, encodeUr } from './ur.ts'

type AirGappedKey = Extract<AccountKey, { kind: 'air-gapped' }>

const TAG = { uuid: 37, keyPath: 304 } as const
/** `sign-data-type` of EIP-4527. */
const DATA_TYPE = { typedData: 2, message: 3, typedTransaction: 4 } as const

/** The keys the device has shown so far; null with the share that is known while parts are missing. @throws {UnreadableAnswer} */
export function airGappedKeys(
  parts: readonly string[],
  hashes: Engines['hashes'],
): { readonly progress: number; readonly keys: DeviceKey[] | null } {
  const decoded = decodeUr(parts, hashes.sha256)
  if (!decoded.complete) return { progress: decoded.progress, keys: null }
  return { progress: 1, keys: deviceKeys(decoded.type, decoded.message, hashes) }
}

export const airGapped: Device<AirGappedKey> = {
  request({ key, address }, signable, { hashes, chainId }) {
    const [type, data] = signData(signable, hashes)
    const keyPath = new Map<number, Cbor>([
      [1, pathSteps(key.path).flatMap((step) => [step % HARDENED_OFFSET, step >= HARDENED_OFFSET])],
    ])
    if (key.fingerprint !== null) keyPath.set(2, key.fingerprint)
    const request = new Map<number, Cbor>([
      [1, new Tagged(TAG.uuid, requestId(signable, hashes))],
      [2, data],
      [3, type],
      [4, chainId],
      [5, new Tagged(TAG.keyPath, keyPath)],
      [6, fromHex(address, 'address', 20)],
      [7, PRODUCT.name],
    ])
    return { device: 'air-gapped', parts: encodeUr('eth-sign-request', encodeCbor(request)) }
  },
  signature(answer, signable, { hashes }) {
    const decoded = decodeUr(partsOf(answer), hashes.sha256)
    if (!decoded.complete) throw new IncompleteAnswer()
    if (decoded.type !== 'eth-signature')
      throw new UnreadableAnswer(`it is of the type ${decoded.type}, expected eth-signature`)
    const fields = mapOf(decodeCbor(decoded.message))
    const id = fields.get(1)
    if (id !== undefined && !sameBytes(bytesOf(unwrap(id), 16, 'request id'), requestId(signable, hashes)))
      throw new WrongDevice()
    return bytesOf(fields.get(2), 65, 'signature').subarray(0, 64)
  },
}

function signData(signable: Signable, hashes: Engines['hashes']): [type: number, data: Uint8Array] {
  switch (signable.kind) {
    case 'transaction':
      if (signable.transaction.type === 'legacy') throw new DeviceCannotSign('transactions of this kind')
      return [DATA_TYPE.typedTransaction, encodeUnsigned(signable.transaction, hashes)]
    case 'message':
      return [DATA_TYPE.message, signable.message]
    case 'typed-data':
      return [DATA_TYPE.typedData, new TextEncoder().encode(signable.json)]
  }
}

/** Made of what is to be signed: an answer to another question does not fit. In the form of version 4, which all readers know. */
function requestId(signable: Signable, hashes: Engines['hashes']): Uint8Array {
  const domain = new TextEncoder().encode('eth-sign-request')
  const id = hashes.sha256(concatBytes(domain, digestOf(signable, hashes))).slice(0, 16)
  id[6] = (id[6]! & 0x0f) | 0x40
  id[8] = (id[8]! & 0x3f) | 0x80
  return id
}

const unwrap = (value: Cbor): Cbor => (value instanceof Tagged ? value.value : value)

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.every((byte, i) => byte === b[i])

function partsOf(answer: DeviceAnswer): readonly string[] {
  if (answer?.device !== 'air-gapped') throw new UnreadableAnswer('it is from a device of another kind')
  return answer.parts
}
