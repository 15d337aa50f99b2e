import type { ReactNode } from 'react'
import { routeHref } from '../app/route.ts'
import { useWords } from '../app/wallet-context.ts'
import { IconButton } from './button.tsx'
import { Icon } from './icon.tsx'

/** The frame of every screen: one heading, an optional way back, the content. */
export function Screen(props: {
  title: ReactNode
  back?: readonly string[] | (() => void)
  trailing?: ReactNode
  children: ReactNode
  testId?: string
}) {
  const { t } = useWords()
  return (
    <main className="screen" id="content" tabIndex={-1} data-testid={props.testId}>
      <header className="screen-head">
        {typeof props.back === 'function' && (
          <IconButton icon="back" label={t('action.back')} onClick={props.back} testId="back" />
        )}
        {props.back !== undefined && typeof props.back !== 'function' && (
          <a className="icon-button" href={routeHref(...props.back)} aria-label={t('action.back')} data-testid="back">
            <Icon name="back" />
          </a>
        )}
        <h1>{props.title}</h1>
        {props.trailing}
      </header>
      {props.children}
    </main>
  )
}

/** A group of related things under a quiet heading. */
export function Section(props: { title: ReactNode; trailing?: ReactNode; children: ReactNode; testId?: string }) {
  return (
    <section className="section" data-testid={props.testId}>
      <div className="section-head">
        <h2>{props.title}</h2>
        {props.trailing}
      </div>
      {props.children}
    </section>
  )
}

/** Names and values, for reading. */
export function Facts({
  rows,
}: {
  rows: readonly (readonly [name: ReactNode, value: ReactNode, key: string] | null)[]
}) {
  return (
    <dl className="facts">
      {rows.map(
        (row) =>
          row && (
            <div key={row[2]} className="fact">
              <dt>{row[0]}</dt>
              <dd>{row[1]}</dd>
            </div>
          ),
      )}
    </dl>
  )
}
