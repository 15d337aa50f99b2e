import type { ActivityEntry } from '@glowworm/wallet-core/facade/facade'

export interface EntryStep {
  readonly name: 'signed' | 'sent' | 'included' | 'final'
  readonly done: boolean
}

const ORDER = ['signed', 'sent', 'included', 'final'] as const

/** The way of a transaction and how far this one has come. A failed one was included; whether that is final, its receipt says. */
export function entrySteps(entry: Pick<ActivityEntry, 'kind' | 'state' | 'receipt'>): EntryStep[] {
  const reached = reachedStep(entry)
  // The faucet signs for itself: there is nothing signed on this device.
  return ORDER.filter((name) => entry.kind === 'send' || name !== 'signed').map((name) => ({
    name,
    done: ORDER.indexOf(name) <= ORDER.indexOf(reached),
  }))
}

function reachedStep({ state, receipt }: Pick<ActivityEntry, 'state' | 'receipt'>): (typeof ORDER)[number] {
  if (state === 'unsent') return 'signed'
  // It will never be in a block.
  if (state === 'replaced') return 'sent'
  if (state === 'failed') return receipt?.kind === 'proven' && receipt.final ? 'final' : 'included'
  return state
}
