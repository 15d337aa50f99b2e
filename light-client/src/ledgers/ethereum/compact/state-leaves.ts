import type { ForkRules } from '../forks.ts'

/**
 * The places in the attested state that a hop's proof is about, with their nodes. Up to Fulu the current committee
 * stands right beside the next one: whoever verifies a hop knows it, so it need not be sent.
 */
export function stateLeaves(
  rules: ForkRules,
  roots: { readonly finalized: Uint8Array; readonly next: Uint8Array; readonly current: Uint8Array },
): Map<number, Uint8Array> {
  const { FINALIZED_ROOT_GINDEX, CURRENT_SYNC_COMMITTEE_GINDEX, NEXT_SYNC_COMMITTEE_GINDEX } = rules
  const leaves = new Map([
    [FINALIZED_ROOT_GINDEX, roots.finalized],
    [NEXT_SYNC_COMMITTEE_GINDEX, roots.next],
  ])
  if ((NEXT_SYNC_COMMITTEE_GINDEX ^ 1) === CURRENT_SYNC_COMMITTEE_GINDEX)
    leaves.set(CURRENT_SYNC_COMMITTEE_GINDEX, roots.current)
  return leaves
}
