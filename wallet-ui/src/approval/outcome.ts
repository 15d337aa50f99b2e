/** What an approval comes to, in words, and how two versions of it differ. */

import type { AccountApproval, AccountView } from '@glowworm/wallet-core/facade/facade'
import { saidOrigin } from '@glowworm/wallet-core/provider/claimed-site'
import { ETHER_DECIMALS, readableUnits } from '../amount/units.ts'
import type { Words } from '../messages/language.ts'
import { knownValue } from '../proof/reading.ts'

/** One thing the person decides about. */
export interface OutcomeItem {
  readonly field: string
  readonly label: string
  readonly text: string
}

export interface OutcomeChange {
  readonly field: string
  readonly label: string
  readonly before: string
  readonly after: string
}

const ABSENT = '–'

/** Every digit of an amount, grouped, with its unit: what is decided about is never shortened. */
export function fullAmount(wei: bigint, symbol: string, words: Words): string {
  return words.amount(`${readableUnits(wei, ETHER_DECIMALS, words.signs, ETHER_DECIMALS)} ${symbol}`)
}

export function accountName(id: string, accounts: readonly AccountView[]): string {
  return accounts.find((account) => account.id === id)?.name ?? id
}

/**
 * The outcome as a list that two versions of an approval can be compared by. Left out on purpose: base fee, handles,
 * heights and times, which move with every block and change nothing for the person.
 */
export function outcomeOf(
  approval: AccountApproval,
  at: { words: Words; symbol: string; accounts: readonly AccountView[] },
): readonly OutcomeItem[] {
  const { words, symbol } = at
  const { t } = words
  const item = (field: string, label: string, text: string): OutcomeItem => ({ field, label, text })
  switch (approval.kind) {
    case 'connect':
      return [
        item('origin', t('approval.send.site'), saidOrigin(approval.origin)),
        item(
          'accounts',
          t('approval.connect.choose'),
          words.list(approval.accounts.map((id) => accountName(id, at.accounts))),
        ),
      ]
    case 'watch-asset':
      return [
        item('origin', t('approval.send.site'), saidOrigin(approval.origin)),
        item('contract', t('approval.typed.contract'), `${approval.asset.address} ${approval.asset.id ?? ABSENT}`),
      ]
    case 'sign-message':
      return [
        item('origin', t('approval.send.site'), saidOrigin(approval.origin)),
        item('account', t('home.accounts'), accountName(approval.accountId, at.accounts)),
        item('digest', t('approval.detail.digest'), approval.digest),
        item('message', t('approval.sign.message'), approval.text ?? ABSENT),
        item(
          'signIn',
          t('approval.signIn.domain'),
          approval.signIn === null ? ABSENT : JSON.stringify(approval.signIn),
        ),
      ]
    case 'sign-typed-data':
      return [
        item('origin', t('approval.send.site'), saidOrigin(approval.origin)),
        item('account', t('home.accounts'), accountName(approval.accountId, at.accounts)),
        item('digest', t('approval.detail.digest'), approval.digest),
      ]
    case 'send-transaction': {
      const amount = (wei: bigint | null) => (wei === null ? t('proof.unproven.value') : fullAmount(wei, symbol, words))
      const count = (value: bigint | null) => (value === null ? t('proof.unproven.value') : words.number(value))
      return [
        item('origin', t('approval.send.site'), approval.origin === null ? ABSENT : saidOrigin(approval.origin)),
        item('account', t('entry.from'), accountName(approval.accountId, at.accounts)),
        item('to', t('approval.send.to'), approval.toChecksummed ?? approval.to ?? t('approval.send.create')),
        item('value', t('approval.detail.value'), amount(approval.value)),
        item('data', t('approval.detail.data'), approval.data),
        item('most', t('approval.send.most'), amount(approval.mostThatLeaves)),
        item('balance', t('approval.send.balance'), amount(knownValue(approval.balance))),
        item('gas', t('approval.detail.gas'), count(knownValue(approval.gasLimit))),
        item('nonce', t('approval.detail.nonce'), count(knownValue(approval.nonce))),
        item('first', t('approval.send.first'), approval.firstTimeRecipient ? '1' : '0'),
        item('warnings', t('approval.who'), approval.warnings.map((warning) => warning.message).join(' ') || ABSENT),
        item('blocked', t('approval.blocked'), approval.blocked?.message ?? ABSENT),
      ]
    }
  }
}

/** A text that is equal exactly when the outcomes are. */
export function outcomeSubject(of: Pick<AccountApproval, 'id' | 'revision'>, outcome: readonly OutcomeItem[]): string {
  return JSON.stringify([of.id, of.revision, ...outcome.map((item) => [item.field, item.text])])
}

export function outcomeChanges(before: readonly OutcomeItem[], after: readonly OutcomeItem[]): OutcomeChange[] {
  const earlier = new Map(before.map((item) => [item.field, item.text]))
  return after.flatMap(({ field, label, text }) => {
    const was = earlier.get(field) ?? ABSENT
    return was === text ? [] : [{ field, label, before: was, after: text }]
  })
}
