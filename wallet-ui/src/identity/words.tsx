/** The words of identity, beside those that every screen has. */
import type { Problem } from '@glowworm/wallet-core/facade/facade'
import { useWords } from '../app/wallet-context.ts'
import { Notice, ProblemNotice } from '../controls/notice.tsx'
import { type Say, tableOf } from '../messages/table.ts'
import type { en } from './messages/en.ts'

export const IDENTITY_TABLE = tableOf<typeof en>({
  en: () => import('./messages/en.ts').then((table) => table.en),
  de: () => import('./messages/de.ts').then((table) => table.de),
  ar: () => import('./messages/ar.ts').then((table) => table.ar),
})

export function useSay(): Say<typeof en> {
  return IDENTITY_TABLE.use(useWords().language).say
}

/** In the reader's language where the code belongs to identity, else as everywhere. */
export function IdentityProblem({ problem }: { problem: Problem | null }) {
  const { language, t } = useWords()
  const { has, say } = IDENTITY_TABLE.use(language)
  const what = `problem.${problem?.code}`
  if (!problem || !has(what)) return <ProblemNotice problem={problem} />
  const next = `${what}.next`
  const plainly = say as (key: keyof typeof en) => string
  return (
    <Notice kind="caution" title={plainly(what)} live testId="problem">
      {has(next) ? <p>{plainly(next)}</p> : problem.next !== null && <p>{problem.next}</p>}
      <details className="fine">
        <summary>{t('refused.details')}</summary>
        <p className="breaks">{problem.message}</p>
      </details>
    </Notice>
  )
}
