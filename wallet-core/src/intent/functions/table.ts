/** All that is known of functions, by selector: whose meaning is known, then what descriptors say. @module */
import type { Hex } from '@glowworm/light-client'
import { selectorOfSignature } from '../abi/encode.ts'
import { type AbiFunction, canonicalSignature, parseSignature } from '../abi/types.ts'
import { BUNDLED } from '../descriptors/bundled.ts'
import { type DescribedFunction, type Descriptor, parseDescriptor } from '../descriptors/descriptor.ts'
import { BATCH_FUNCTIONS } from './batch-functions.ts'
import type { KnownFunction } from './known-function.ts'
import { PERMIT2_FUNCTIONS } from './permit2-functions.ts'
import { TOKEN_FUNCTIONS } from './token-functions.ts'

export interface FunctionTable {
  known(selector: Hex): { readonly known: KnownFunction; readonly abi: AbiFunction } | null
  /** What holds for this very contract goes before what holds for an interface. */
  described(
    selector: Hex,
    chainId: number,
    to: Hex,
  ): { readonly format: DescribedFunction; readonly bound: boolean } | null
}

type Keccak256 = (data: Uint8Array) => Uint8Array

/** @throws {InvalidDescriptor} */
export function createFunctionTable(keccak256: Keccak256, descriptors: readonly unknown[] = BUNDLED): FunctionTable {
  const known = new Map(
    [...TOKEN_FUNCTIONS, ...PERMIT2_FUNCTIONS, ...BATCH_FUNCTIONS].map((one) => [
      selectorOfSignature(one.signature, keccak256),
      { known: one, abi: parseSignature(one.signature) },
    ]),
  )
  const described = new Map<Hex, { format: DescribedFunction; descriptor: Descriptor }[]>()
  for (const descriptor of descriptors.map(parseDescriptor))
    for (const format of descriptor.formats) {
      const selector = selectorOfSignature(canonicalSignature(format.function), keccak256)
      described.set(selector, [...(described.get(selector) ?? []), { format, descriptor }])
    }
  return {
    known: (selector) => known.get(selector) ?? null,
    described(selector, chainId, to) {
      const all = described.get(selector) ?? []
      const here = all.find(({ descriptor }) =>
        descriptor.deployments.some((place) => place.chainId === chainId && place.address === to),
      )
      const found = here ?? all.find(({ descriptor }) => descriptor.deployments.length === 0)
      return found ? { format: found.format, bound: here !== undefined } : null
    },
  }
}
