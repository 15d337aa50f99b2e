import type { Problem } from '@glowworm/wallet-core/facade/facade'
import type { ReactNode } from 'react'
import { problemWords } from '../app/command.ts'
import { useWords } from '../app/wallet-context.ts'
import { Icon, type IconName } from './icon.tsx'

export function Notice(props: {
  kind: 'calm' | 'caution' | 'loss'
  title?: ReactNode
  children?: ReactNode
  icon?: IconName
  live?: boolean
  testId?: string
}) {
  return (
    <div className={`notice notice-${props.kind}`} role={props.live ? 'alert' : undefined} data-testid={props.testId}>
      {props.kind !== 'calm' && <Icon name={props.icon ?? 'warning'} />}
      <div>
        {props.title && <p className="notice-title">{props.title}</p>}
        {props.children}
      </div>
    </div>
  )
}

/** What happened and what to do, in the reader's language where the code is known. */
export function ProblemNotice({ problem, testId }: { problem: Problem | null; testId?: string }) {
  const words = useWords()
  if (!problem) return null
  const { what, next, detail } = problemWords(problem, words)
  return (
    <Notice kind="caution" title={what} live testId={testId ?? 'problem'}>
      {next && <p>{next}</p>}
      {detail && detail !== what && (
        <details className="fine">
          <summary>{words.t('refused.details')}</summary>
          <p className="breaks">{detail}</p>
        </details>
      )}
    </Notice>
  )
}
