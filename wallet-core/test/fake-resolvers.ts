/** Resolvers over a small made-up world, for tests of the intent engine. @module */
import type { Hex } from '@glowworm/light-client'
import { toHex } from '@glowworm/light-client/data/hex'
import type { Shown } from '../src/facade/facade.ts'
import type { AbiValue } from '../src/intent/abi/decode.ts'
import { encodeParameters, selectorOfSignature } from '../src/intent/abi/encode.ts'
import { parseSignature } from '../src/intent/abi/types.ts'
import type { CallAnswer, Resolvers } from '../src/intent/resolvers.ts'
import { engines } from './wallet.ts'

export const TOKEN: Hex = '0x52908400098527886e0f7030069857d2e4169ee7'

/** Answers of a contract by call data, or by selector for calls without arguments; null: it reverts. */
type Methods = Readonly<Record<Hex, Hex | null>>

export interface FakeWorld {
  readonly code?: Readonly<Record<Hex, Hex>>
  readonly storage?: Readonly<Record<Hex, Readonly<Record<Hex, Hex>>>>
  readonly calls?: Readonly<Record<Hex, Methods>>
  /** Nothing can be proven. */
  readonly silent?: boolean
}

const { keccak256 } = engines.hashes
const encoded = (signature: string, value: AbiValue): Hex =>
  toHex(encodeParameters(parseSignature(signature).parameters, [value]))

export const METHODS = {
  raw: (signature: string, answer: Hex): Methods => ({ [selectorOfSignature(signature, keccak256)]: answer }),
  reverts: (signature: string): Methods => ({ [selectorOfSignature(signature, keccak256)]: null }),
  symbol: (symbol: string | Uint8Array): Methods =>
    METHODS.raw(
      'symbol()',
      encoded('f(bytes a)', typeof symbol === 'string' ? new TextEncoder().encode(symbol) : symbol),
    ),
  decimals: (decimals: bigint): Methods => METHODS.raw('decimals()', encoded('f(uint256 a)', decimals)),
  token: (symbol: string, decimals: number): Methods => ({
    ...METHODS.symbol(symbol),
    ...METHODS.decimals(BigInt(decimals)),
  }),
  supports: (ids: readonly Hex[]): Methods =>
    Object.assign(
      {},
      ...ids.map((id) => ({ [`0x01ffc9a7${id.slice(2).padEnd(64, '0')}`]: encoded('f(bool a)', true) })),
    ),
}

export function fakeResolvers({ code = {}, storage = {}, calls = {}, silent = false }: FakeWorld): Resolvers {
  const answer = <T>(value: T): Shown<T> =>
    silent
      ? {
          kind: 'unproven',
          problem: { code: 'UNREACHABLE', kind: 'unreachable', message: 'Nobody answers.', next: null },
        }
      : {
          kind: 'proven',
          handle: 'v1',
          value,
          final: false,
          words: 'attested',
          height: 10n,
          hash: `0x${'00'.repeat(32)}`,
          time: 0,
          checkedAt: 0,
          trail: [],
        }
  const of = <T>(record: Readonly<Record<Hex, T>> | undefined, key: Hex): T | undefined => record?.[key]
  return {
    keccak256,
    now: 1_700_000_000n,
    chainId: 1,
    async call(to, data) {
      const found = of(of(calls, to), data)
      const result: CallAnswer =
        found === undefined || found === null
          ? { status: 'revert', returnData: '0x' }
          : { status: 'success', returnData: found }
      return answer(result)
    },
    storage: async (address, slot) => answer(of(of(storage, address), slot) ?? (`0x${'0'.repeat(64)}` as Hex)),
    code: async (address) => answer(of(code, address) ?? '0x'),
  }
}
