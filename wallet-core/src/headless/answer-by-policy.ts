/** Says yes to what waits. What the policy refuses never waits; the core has refused it before. */
import { problemOf } from '../errors.ts'
import type { Approval, WalletFacade } from '../facade/facade.ts'

/** @param second asked where the policy wants a second yes. Returns the function that stops it. */
export function answerByPolicy(
  facade: WalletFacade,
  second: (approval: Approval) => boolean | Promise<boolean>,
): () => void {
  const busy = new Set<string>()

  async function answer(approval: Approval): Promise<void> {
    const { id, revision } = approval
    try {
      await facade.approve({ id, revision })
    } catch (error) {
      const { code } = problemOf(error)
      // A new head changed fees or nonce: it comes again as it is now.
      if (code === 'APPROVAL_CHANGED' || code === 'APPROVAL_GONE') return
      if (code === 'APPROVE_AGAIN' && (await second(approval))) return answer(current(id) ?? approval)
      await facade.reject({ id }).catch(() => undefined)
    }
  }
  const current = (id: string) => facade.state.approvals.find((candidate) => candidate.id === id)

  function look(): void {
    for (const approval of facade.state.approvals) {
      if (busy.has(approval.id)) continue
      busy.add(approval.id)
      void answer(approval)
        .catch(() => facade.reject({ id: approval.id }).catch(() => undefined))
        .finally(() => {
          busy.delete(approval.id)
          if (current(approval.id)) look()
        })
    }
  }
  const stop = facade.subscribe(look)
  look()
  return stop
}
