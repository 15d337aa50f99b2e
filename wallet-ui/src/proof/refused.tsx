import type { Problem } from '@glowworm/wallet-core/facade/facade'
import type { ReactNode } from 'react'
import { problemWords } from '../app/command.ts'
import { routeHref } from '../app/route.ts'
import { useWords } from '../app/wallet-context.ts'
import { Button, LinkButton } from '../controls/button.tsx'
import { useCopy } from '../controls/toast.tsx'
import { causeWords } from './reading.ts'

/** "Cannot verify" as a designed place: what was asked, what came back, what is safe, what to do. */
export function Refused(props: { asked: string; problem: Problem; onAgain?: () => void; children?: ReactNode }) {
  const { problem } = props
  const words = useWords()
  const { t } = words
  const copy = useCopy()
  const { what, next, detail } = problemWords(problem, words)
  return (
    <div className="refused" data-testid="refused">
      <dl className="refused-story">
        <div>
          <dt>{t('refused.asked')}</dt>
          <dd>{props.asked}</dd>
        </div>
        <div>
          <dt>{t('refused.answer')}</dt>
          <dd>
            <p>{what}</p>
            {detail !== null && detail !== what && <p className="fine breaks">{detail}</p>}
            <p className="fine mono">{problem.code}</p>
          </dd>
        </div>
        <div>
          <dt>{t('refused.safe')}</dt>
          <dd>{t('refused.safe.text')}</dd>
        </div>
        <div>
          <dt>{t('refused.next')}</dt>
          <dd>{next ?? causeWords(problem, words)}</dd>
        </div>
      </dl>
      {props.children}
      <div className="actions">
        {problem.kind === 'stale' ? (
          <LinkButton href={routeHref('network', 'start')} kind="primary">
            {t('stale.choose')}
          </LinkButton>
        ) : (
          <LinkButton href={routeHref('sources')} kind="primary">
            {t('refused.addSource')}
          </LinkButton>
        )}
        {props.onAgain && (
          <Button onClick={props.onAgain} icon="again" testId="refused-again">
            {t('refused.again')}
          </Button>
        )}
        <Button
          icon="copy"
          kind="plain"
          onClick={() =>
            copy(
              t('refused.details'),
              [props.asked, problem.code, problem.message, problem.next].filter((line) => line !== null).join('\n'),
            )
          }
        >
          {t('refused.copy')}
        </Button>
      </div>
    </div>
  )
}
