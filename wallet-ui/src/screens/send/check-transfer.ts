/** What can be said about a transfer before the core is asked. The core checks everything again. */
import { ETHER_DECIMALS, parseAmount, type Signs } from '../../amount/units.ts'
import type { MessageKey } from '../../messages/language.ts'

type AddressProblem = Extract<MessageKey, `send.problem.to.${string}`>
type AmountProblem = Extract<MessageKey, `send.problem.amount.${string}`>

/** Shape only; the checksum (EIP-55) is the core's business. Null when nothing is wrong with it. */
export function checkRecipient(text: string): AddressProblem | null {
  const trimmed = text.trim()
  if (trimmed === '') return 'send.problem.to.empty'
  return isAddress(trimmed) ? null : 'send.problem.to.shape'
}

export const isAddress = (text: string): boolean => /^0x[0-9a-fA-F]{40}$/.test(text)

/** Labels with dots between. Whether it is a name, and where it leads, is the core's business. */
export function looksLikeName(text: string): boolean {
  const trimmed = text.trim()
  return !trimmed.startsWith('0x') && trimmed.length <= 255 && /^[^\s.]+(\.[^\s.]+)+$/.test(trimmed)
}

export type CheckedAmount =
  | { readonly value: bigint; readonly problem: null }
  | { readonly value: null; readonly problem: AmountProblem }

/** @param available The balance where one is known; null leaves the comparison to the core. */
export function checkAmount(text: string, signs: Signs, available: bigint | null): CheckedAmount {
  const parsed = parseAmount(text, ETHER_DECIMALS, signs)
  if (!parsed.ok) return { value: null, problem: `send.problem.amount.${parsed.problem}` }
  if (parsed.value === 0n) return { value: null, problem: 'send.problem.amount.zero' }
  if (available !== null && parsed.value > available) return { value: null, problem: 'send.problem.amount.above' }
  return { value: parsed.value, problem: null }
}
