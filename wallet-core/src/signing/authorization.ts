/** Permission for a contract's code to run in an account's name (EIP-7702). */
import type { Hex } from '@glowworm/light-client'
import { concatBytes, fromHex, minimalBytes, toHex } from '@glowworm/light-client/data/hex'
import { encode, type RlpItem } from '@glowworm/light-client/data/rlp'
import type { Engines } from '@glowworm/wasm-core'
import { WalletError } from '../errors.ts'

export interface Authorization {
  /** 0: on every chain. */
  readonly chainId: bigint
  /** Whose code runs; the zero address takes the permission back. */
  readonly address: Hex
  /** Of the account that gives the permission, when it takes effect. */
  readonly nonce: bigint
}

export interface SignedAuthorization extends Authorization {
  readonly yParity: 0 | 1
  /** 32 bytes each. */
  readonly r: Hex
  readonly s: Hex
}

/** MAGIC of EIP-7702. */
const MAGIC = 0x05

/** keccak256(0x05 ‖ rlp([chainId, address, nonce])). @throws {InvalidAuthorization} */
export function authorizationDigest(authorization: Authorization, hashes: Engines['hashes']): Uint8Array {
  return hashes.keccak256(concatBytes(Uint8Array.of(MAGIC), encode(permission(authorization))))
}

/** Signs with `secretKey` (32 bytes, not kept). @throws {InvalidAuthorization} */
export function signAuthorization(
  authorization: Authorization,
  secretKey: Uint8Array,
  engines: Pick<Engines, 'hashes' | 'secp256k1'>,
): SignedAuthorization {
  const signature = engines.secp256k1.sign(authorizationDigest(authorization, engines.hashes), secretKey)
  return {
    ...authorization,
    yParity: signature[64] === 1 ? 1 : 0,
    r: toHex(signature.subarray(0, 32)),
    s: toHex(signature.subarray(32, 64)),
  }
}

/** As it stands in a transaction. */
export function authorizationItem(signed: SignedAuthorization): RlpItem {
  const number = (value: Hex, what: string) => minimalBytes(BigInt(toHex(fromHex(value, what, 32))))
  return [...permission(signed), minimalBytes(BigInt(signed.yParity)), number(signed.r, 'r'), number(signed.s, 's')]
}

function permission({ chainId, address, nonce }: Authorization): Uint8Array[] {
  if (chainId < 0n || chainId >= 1n << 256n) throw new InvalidAuthorization('chainId does not fit into 256 bits')
  // The last nonce can never be used up, and nodes take no authorization with it.
  if (nonce < 0n || nonce >= (1n << 64n) - 1n) throw new InvalidAuthorization('nonce does not fit into 64 bits')
  return [minimalBytes(chainId), fromHex(address, 'address', 20), minimalBytes(nonce)]
}

export class InvalidAuthorization extends WalletError {
  constructor(reason: string) {
    super(
      { name: 'Signing.InvalidAuthorization', code: 'INVALID_AUTHORIZATION', kind: 'usage' },
      `This is not an authorization that can be signed: ${reason}.`,
    )
  }
}
