import { checkRecipient, looksLikeName } from './check-transfer.ts'
import { recipientOf } from './recipient-name.tsx'
import { type FoundName, useName } from './use-name.ts'

export interface Recipient {
  readonly found: FoundName | null
  /** Where it would go, with the name that led there; null while that is not known. */
  readonly known: { readonly to: string; readonly name?: string } | null
  readonly problem: ReturnType<typeof checkRecipient> | 'send.problem.to.name'
}

/** What was written as a recipient, and what it leads to. */
export function useRecipient(typed: string): Recipient {
  const found = useName(typed)
  const known = recipientOf(typed, found)
  const problem = known ? null : looksLikeName(typed) ? 'send.problem.to.name' : checkRecipient(typed)
  return { found, known, problem }
}
