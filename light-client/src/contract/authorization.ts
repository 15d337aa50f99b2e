/** EIP-7702: accounts that lend themselves the code of a contract. @module */
import { Account } from '@ethereumjs/util'
import { fromHex, minimalBytes, toHex } from '../data/hex.ts'
import { encode } from '../data/rlp.ts'
import type { Authorization } from '../ledgers/ethereum/call-claims.ts'
import type { Hex } from '../ledgers/ethereum/evidence.ts'
import { AUTHORIZATION_REFUND } from './intrinsic-gas.ts'
import { addressOf, change, type Machine, ZERO_ADDRESS } from './machine.ts'

const DELEGATION_PREFIX: Hex = '0xef0100'
const MAGIC = 0x05
const MAX_NONCE = 2n ** 64n - 1n
const HALF_CURVE_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

/** The contract whose code an account with this code runs; null: the code is its own. */
export function delegationOf(code: Uint8Array): Hex | null {
  const hex = code.length === 23 ? toHex(code) : null
  return hex?.startsWith(DELEGATION_PREFIX) ? `0x${hex.slice(DELEGATION_PREFIX.length)}` : null
}

/** Applies an authorization, or leaves it out where the EIP says so. @returns gas to refund. @throws {MissingEvidence} */
export async function applyAuthorization(machine: Machine, authorization: Authorization): Promise<bigint> {
  const { evm, overlay, chainId } = machine
  if (authorization.chainId !== 0n && authorization.chainId !== chainId) return 0n
  if (authorization.nonce >= MAX_NONCE) return 0n
  const authority = signerOf(machine, authorization)
  if (authority === null) return 0n
  evm.journal.addAlwaysWarmAddress(authority)
  const code = await overlay.getCode(addressOf(authority))
  if (code.length > 0 && delegationOf(code) === null) return 0n
  const account = overlay.account(authority)
  if ((account ?? new Account()).nonce !== authorization.nonce) return 0n
  const delegated =
    authorization.address === ZERO_ADDRESS
      ? new Uint8Array(0)
      : fromHex(`${DELEGATION_PREFIX}${authorization.address.slice(2)}`, 'delegation')
  await overlay.putCode(addressOf(authority), delegated)
  await change(machine, authority, (changed) => {
    changed.nonce += 1n
  })
  return account ? AUTHORIZATION_REFUND : 0n
}

/** Who signed keccak256(0x05 ‖ rlp([chain id, address, nonce])); null: nobody did. */
function signerOf({ engines }: Machine, { chainId, address, nonce, yParity, r, s }: Authorization): Hex | null {
  if (s > HALF_CURVE_ORDER || (yParity !== 0 && yParity !== 1)) return null
  const payload = encode([minimalBytes(chainId), fromHex(address, 'address', 20), minimalBytes(nonce)])
  const signed = new Uint8Array(payload.length + 1)
  signed[0] = MAGIC
  signed.set(payload, 1)
  const signature = new Uint8Array(65)
  signature.set(fromHex(`0x${r.toString(16).padStart(64, '0')}`, 'r', 32))
  signature.set(fromHex(`0x${s.toString(16).padStart(64, '0')}`, 's', 32), 32)
  signature[64] = yParity
  try {
    const key = engines.secp256k1.recover(signature, engines.hashes.keccak256(signed))
    return toHex(engines.hashes.keccak256(key.subarray(1)).subarray(12))
  } catch {
    return null // no key makes this signature: the authorization is void
  }
}
