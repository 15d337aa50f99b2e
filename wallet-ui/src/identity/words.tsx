/** The words of identity, beside those that every screen has. */
import type { Problem } from '@glowworm/wallet-core/facade/facade'
import { useWords } from '../app/wallet-context.ts'
import { Notice, ProblemNotice } from '../controls/notice.tsx'
import { type Language, type Say, sayIn } from '../messages/language.ts'
import { de } from './messages/de.ts'
import { en } from './messages/en.ts'

const TABLES = { en, de }
const made = new Map<Language, Say<typeof en>>()

export function useSay(): Say<typeof en> {
  const { language } = useWords()
  let say = made.get(language)
  if (!say) {
    say = sayIn<typeof en>(TABLES[language], language)
    made.set(language, say)
  }
  return say
}

/** In the reader's language where the code belongs to identity, else as everywhere. */
export function IdentityProblem({ problem }: { problem: Problem | null }) {
  const { language, t } = useWords()
  const table: Readonly<Record<string, unknown>> = TABLES[language]
  const what = problem && table[`problem.${problem.code}`]
  if (!problem || typeof what !== 'string') return <ProblemNotice problem={problem} />
  const next = table[`problem.${problem.code}.next`] ?? problem.next
  return (
    <Notice kind="caution" title={what} live testId="problem">
      {typeof next === 'string' && <p>{next}</p>}
      <details className="fine">
        <summary>{t('refused.details')}</summary>
        <p className="breaks">{problem.message}</p>
      </details>
    </Notice>
  )
}
