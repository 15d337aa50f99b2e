import { COEFFICIENT_BYTES } from '../bls12381-batch.ts'
import type { CommitteeSignature } from '../slots.ts'
import { type BlsModule, KEY_BYTES, readMessage, SIGNATURE_BYTES } from './bls12381-module.ts'

/** 'malformed': some key or signature is; the kernel stopped there. */
export type Combination = 'holds' | 'fails' | 'malformed'

/**
 * Checks the combination of at least one item under the coefficients given, window by window of the kernel. It starts
 * everything afresh, so a batch that ended half-way leaves nothing to a later one.
 */
export function checkCombination(
  module: BlsModule,
  items: readonly CommitteeSignature[],
  coefficients: readonly Uint8Array[],
): Combination {
  const { kernel } = module
  const size = kernel.BATCH_ITEMS.value
  kernel.batchStart()
  for (let from = 0; from < items.length; from += size) {
    const window = items.slice(from, from + size)
    kernel.batchWindow()
    if (!addKeys(module, window)) return 'malformed'
    if (!addSignatures(module, window, coefficients.slice(from, from + size))) return 'malformed'
    for (const [i, { message }] of window.entries()) {
      readMessage(module, message)
      kernel.batchMessage(i)
    }
    kernel.batchWindowEnd(window.length, from + size >= items.length ? 1 : 0)
  }
  return kernel.batchEnd() !== 0 ? 'holds' : 'fails'
}

/** Two keys at a time, of one item or of two: the kernel decodes two in the time of one. */
function addKeys({ kernel, view, input }: BlsModule, window: readonly CommitteeSignature[]): boolean {
  const keys = window.flatMap(({ aggregate, absent }, i) => [
    { key: aggregate, owner: i },
    ...absent.map((key) => ({ key, owner: ~i })),
  ])
  if (keys.some(({ key }) => key.length !== KEY_BYTES)) return false
  for (let i = 0; i < keys.length; i += 2) {
    const first = keys[i]!
    const second = keys[i + 1] ?? first
    view.set(first.key, input)
    view.set(second.key, input + KEY_BYTES)
    if (kernel.batchKeys(i + 1 < keys.length ? 2 : 1, first.owner, second.owner) === 0) return false
  }
  return window.every((_, i) => kernel.batchKeysEnd(i) === 0)
}

function addSignatures(
  { kernel, view, input }: BlsModule,
  window: readonly CommitteeSignature[],
  coefficients: readonly Uint8Array[],
): boolean {
  if (window.some(({ signature }) => signature.length !== SIGNATURE_BYTES)) return false
  for (let i = 0; i < window.length; i += 2) {
    const pair = window.slice(i, i + 2)
    for (const [n, { signature }] of pair.entries()) {
      view.set(signature, input + SIGNATURE_BYTES * n)
      view.set(coefficients[i + n]!, input + SIGNATURE_BYTES * pair.length + COEFFICIENT_BYTES * n)
    }
    if (kernel.batchSignatures(pair.length, i) === 0) return false
  }
  return true
}
