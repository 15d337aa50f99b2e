/** The words that name a decision: its heading and the button that approves it. */
import type { AccountApproval } from '@glowworm/wallet-core/facade/facade'
import type { Words } from '../messages/language.ts'
import { fullAmount } from './outcome.ts'

export function titleOf(approval: AccountApproval, symbol: string, words: Words): string {
  const { t } = words
  if (approval.kind === 'connect') return t('approval.connect.title')
  if (approval.kind === 'watch-asset') return t('approval.watch.title')
  if (approval.kind === 'sign-message') return approval.signIn ? t('approval.signIn.title') : t('approval.sign.title')
  if (approval.kind === 'sign-typed-data') return t('approval.typed.title')
  if (approval.replaces) return t(`approval.approve.${approval.replaces.how}`)
  return t('approval.send.title', { symbol })
}

/** The button names the act, never just "OK". */
export function actName(approval: AccountApproval, symbol: string, words: Words): string {
  const { t } = words
  if (approval.kind === 'connect') return t('approval.approve.connect')
  if (approval.kind === 'watch-asset') return t('approval.approve.watch')
  if (approval.kind === 'sign-message')
    return approval.signIn
      ? t('approval.approve.signIn', { domain: approval.signIn.domain })
      : t('approval.approve.sign')
  if (approval.kind === 'sign-typed-data') return t('approval.approve.typed')
  if (approval.replaces) return t(`approval.approve.${approval.replaces.how}`)
  const amount = fullAmount(approval.value, symbol, words)
  if (approval.to === null) return t('approval.approve.deploy')
  if (approval.data !== '0x')
    return approval.value === 0n ? t('approval.approve.call') : t('approval.approve.callWith', { amount })
  return t('approval.approve.send', { amount })
}
