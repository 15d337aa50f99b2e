/** What was written, kept while the approval covers the screen, so that a rejected transfer can be corrected. */
export interface TransferDraft {
  readonly to: string
  readonly amount: string
}

export const EMPTY_DRAFT: TransferDraft = { to: '', amount: '' }
