import type { Approval, Problem } from '@glowworm/wallet-core/facade/facade'
import { problemWords } from '../app/command.ts'
import { useWords } from '../app/wallet-context.ts'
import { Notice } from '../controls/notice.tsx'
import { SendTheMost } from './send-the-most.tsx'

/** Why this must not be signed, and what can be done instead. */
export function BlockedNotice(props: { approval: Extract<Approval, { kind: 'send-transaction' }>; problem: Problem }) {
  const words = useWords()
  const { what, next } = problemWords(props.problem, words)
  return (
    <Notice kind="loss" title={words.t('approval.blocked')} live testId="approval-blocked">
      <p>{what}</p>
      {next !== null && <p>{next}</p>}
      <SendTheMost approval={props.approval} />
    </Notice>
  )
}
