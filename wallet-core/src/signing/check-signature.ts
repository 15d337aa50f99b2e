/**
 * Whose signature it is: of a key by recovery (EIP-191), of a contract by its own word (ERC-1271), of one that does not
 * exist yet by making it first (ERC-6492). What a contract says is executed here, on proven state.
 * @module
 */
import type { Answer, CallRequest, Hex, LightClient } from '@glowworm/light-client'
import { concatBytes, fromHex, toHex } from '@glowworm/light-client/data/hex'
import type { Engines } from '@glowworm/wasm-core'
import { addressOf } from '../accounts/address.ts'
import { WalletError } from '../errors.ts'
import type { SignatureCheck } from '../facade/facade.ts'
import type { Handles } from '../facade/handles.ts'
import { shownProven } from '../facade/shown.ts'

export interface SignatureQuestion {
  readonly who: Hex
  /** 32 bytes. */
  readonly digest: Uint8Array
  readonly signature: Hex
}

/** `isValidSignature(bytes32,bytes)`, which is also what it returns when the signature is valid (ERC-1271). */
const IS_VALID_SIGNATURE: Hex = '0x1626ba7e'
/** What follows the wrapped signature of a contract that does not exist yet (ERC-6492). */
const MAGIC_SUFFIX = fromHex(`0x${'6492'.repeat(16)}`, 'suffix')
const MOST_BYTES = 64 * 1024
const NO_CODE = '0x'

/** @throws {InvalidSignatureText} for what is no signature, and why state could not be proven */
export async function checkSignature(
  client: LightClient,
  handles: Handles,
  engines: Pick<Engines, 'hashes' | 'secp256k1'>,
  { who, digest, signature }: SignatureQuestion,
): Promise<SignatureCheck> {
  const given = readSignature(signature)
  const code = await client.code(who, 'optimistic')
  const wrapped = unwrapped(given)
  const exists = code.verified.value !== NO_CODE
  const result = (how: SignatureCheck['how'], proof: Answer<unknown>, valid: boolean): SignatureCheck => ({
    valid,
    how,
    proof: shownProven(proof, handles, () => valid),
  })
  if (exists) {
    const inner = wrapped?.signature ?? given
    const { outcome, answer } = await ask(client, who, digest, inner)
    if (outcome || !wrapped) return result('contract', answer, outcome)
  }
  // There is code but it says no: ERC-6492 lets the factory's call prepare the account, e.g. move it to newer keys.
  if (wrapped) {
    const make: CallRequest = { from: ZERO, to: wrapped.factory, data: toHex(wrapped.call) }
    const calls = [make, question(who, digest, wrapped.signature)]
    const answer = await client.simulate([{ calls }], { at: 'optimistic' })
    const [made, said] = answer.verified.value.blocks[0]?.calls ?? []
    const valid = made?.status === 'success' && said?.status === 'success' && saysYes(said.returnData)
    return result(exists ? 'contract' : 'future-contract', answer, valid)
  }
  return result('key', code, recovers(given, digest, who, engines))
}

const ZERO: Hex = `0x${'00'.repeat(20)}`

async function ask(client: LightClient, who: Hex, digest: Uint8Array, signature: Uint8Array) {
  const answer = await client.call(question(who, digest, signature), { at: 'optimistic' })
  const { status, returnData } = answer.verified.value
  return { answer, outcome: status === 'success' && saysYes(returnData) }
}

/** The ABI's call of `isValidSignature(digest, signature)`. */
function question(to: Hex, digest: Uint8Array, signature: Uint8Array): CallRequest {
  const padded = new Uint8Array(Math.ceil(signature.length / 32) * 32)
  padded.set(signature)
  const data = concatBytes(fromHex(IS_VALID_SIGNATURE, 'selector'), digest, word(64), word(signature.length), padded)
  return { from: ZERO, to, data: toHex(data) }
}

/** Exactly one word: the selector, and zeros after it. */
const saysYes = (returned: Hex): boolean => returned === `${IS_VALID_SIGNATURE}${'00'.repeat(28)}`

/** A key's signature has one form only: r ‖ s ‖ v, s in the lower half (EIP-2). */
function recovers(
  signature: Uint8Array,
  digest: Uint8Array,
  who: Hex,
  { hashes, secp256k1 }: Pick<Engines, 'hashes' | 'secp256k1'>,
): boolean {
  if (signature.length !== 65) return false
  const compact = signature.slice()
  if (compact[64]! >= 27) compact[64]! -= 27
  if (compact[64]! > 1 || compact[32]! > 0x7f) return false
  try {
    return addressOf(secp256k1.recover(compact, digest), hashes.keccak256) === who
  } catch {
    return false
  }
}

interface Wrapped {
  readonly factory: Hex
  readonly call: Uint8Array
  readonly signature: Uint8Array
}

/** `abi.encode(address factory, bytes call, bytes signature) ‖ suffix`. @throws {InvalidSignatureText} when only the suffix fits */
function unwrapped(bytes: Uint8Array): Wrapped | null {
  const body = bytes.subarray(0, -MAGIC_SUFFIX.length)
  if (bytes.length < MAGIC_SUFFIX.length || !MAGIC_SUFFIX.every((byte, i) => byte === bytes[body.length + i]))
    return null
  const number = (at: number): number => {
    const field = body.subarray(at, at + 32)
    if (field.length !== 32 || field.subarray(0, 28).some((byte) => byte !== 0))
      throw new InvalidSignatureText('its wrapping (ERC-6492) cannot be read')
    return new DataView(field.buffer, field.byteOffset).getUint32(28)
  }
  const bytesAt = (at: number): Uint8Array => {
    const [start, length] = [number(at) + 32, number(number(at))]
    if (start + length > body.length) throw new InvalidSignatureText('its wrapping (ERC-6492) cannot be read')
    return body.subarray(start, start + length)
  }
  if (body.subarray(0, 12).some((byte) => byte !== 0)) throw new InvalidSignatureText('its factory is no address')
  return { factory: toHex(body.slice(12, 32)), call: bytesAt(32).slice(), signature: bytesAt(64).slice() }
}

function readSignature(text: Hex): Uint8Array {
  if (typeof text !== 'string' || !/^0x([0-9a-fA-F]{2})*$/.test(text) || text.length > 2 + 2 * MOST_BYTES)
    throw new InvalidSignatureText(`expected 0x and at most ${MOST_BYTES} bytes`)
  return fromHex(text.toLowerCase() as Hex, 'signature')
}

function word(value: number): Uint8Array {
  const bytes = new Uint8Array(32)
  new DataView(bytes.buffer).setUint32(28, value)
  return bytes
}

export class InvalidSignatureText extends WalletError {
  constructor(reason: string) {
    super(
      { name: 'Signing.InvalidSignatureText', code: 'INVALID_SIGNATURE_TEXT', kind: 'usage' },
      `This cannot be checked: ${reason}.`,
      { next: 'Copy the whole signature again.' },
    )
  }
}
