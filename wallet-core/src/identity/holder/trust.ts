/** What answers rest on, as plain data that can be kept and shown. @module */
import type { StatusView, TrustView } from '../../facade/identity.ts'
import { isSelfCertified, ledgerProofOf, type Resolution } from '../did/resolution.ts'
import { answerOf, type StatusReading } from '../status/check-status.ts'

export function trustOf(resolution: Resolution, now: number): TrustView {
  const proof = ledgerProofOf(resolution)
  if (proof !== null) {
    const { deactivated: _, ...rest } = proof
    return { kind: 'proven', ...rest }
  }
  if (isSelfCertified(resolution)) return { kind: 'self-certified', method: resolution.method, checkedAt: now }
  const { by, checkedAt } = resolution as Extract<Resolution, { by: string }>
  return { kind: 'attested', by, checkedAt }
}

export function statusViewOf(reading: StatusReading): StatusView {
  const { status: state, listedAt } = answerOf(reading)
  if (reading.kind === 'attested') {
    const { by, checkedAt } = reading.answer
    return { state, listedAt, checkedAt, by, anchored: null }
  }
  const { by, checkedAt } = reading
  return { state, listedAt, checkedAt, by: 'ledger', anchored: trustOf(by, checkedAt) }
}
