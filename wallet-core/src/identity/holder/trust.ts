/** What answers rest on, as plain data that can be kept and shown. @module */
import type { Hex } from '@glowworm/light-client'
import type { StatusView, TrustView } from '../../facade/identity.ts'
import { isProvenByLedger, isSelfCertified, type Resolution } from '../did/resolution.ts'
import { answerOf, type StatusReading } from '../status/check-status.ts'

export function trustOf(resolution: Resolution, now: number): TrustView {
  if (isProvenByLedger(resolution)) {
    const { anchor, finality, checkedAt } = resolution.history
    return {
      ...{ kind: 'proven', height: anchor.height, hash: anchor.hash as Hex, time: anchor.time, checkedAt },
      ...{ final: finality.level === 'final', words: finality.words },
    }
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
  return { state, listedAt, checkedAt, by: 'ledger', anchored: trustOf(by as Resolution, checkedAt) }
}
