/** Approvals are fetched when the first one is due, or at once by a window that is there for them. @module */
import { late } from '../app/late.tsx'
import { INTENT_TABLE } from '../messages/intent/words.ts'
import type { Language } from '../messages/languages.ts'
import { SAFETY_TABLE } from '../messages/safety/words.ts'

export const ApprovalView = late(() => import('./approval-view.tsx').then((part) => part.default))

/** Afterwards an approval is drawn without waiting for anything. */
export async function fetchApprovals(language: Language): Promise<void> {
  await Promise.all([ApprovalView.fetch(), INTENT_TABLE.load(language), SAFETY_TABLE.load(language)])
}
