import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

export function Button(props: {
  children: ReactNode
  onClick?: () => void
  kind?: 'primary' | 'quiet' | 'danger' | 'plain'
  type?: 'button' | 'submit'
  icon?: IconName
  disabled?: boolean
  busy?: boolean
  wide?: boolean
  describedBy?: string | undefined
  testId?: string
}) {
  const { kind = 'quiet', type = 'button', busy = false } = props
  return (
    <button
      type={type}
      className={`button button-${kind}${props.wide ? ' button-wide' : ''}`}
      disabled={props.disabled === true || busy}
      aria-busy={busy || undefined}
      aria-describedby={props.describedBy}
      onClick={props.onClick}
      data-testid={props.testId}
    >
      {props.icon && <Icon name={props.icon} />}
      <span>{props.children}</span>
    </button>
  )
}

export function IconButton(props: { icon: IconName; label: string; onClick: () => void; testId?: string }) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={props.label}
      title={props.label}
      onClick={props.onClick}
      data-testid={props.testId}
    >
      <Icon name={props.icon} />
    </button>
  )
}

export function LinkButton(props: {
  href: string
  children: ReactNode
  icon?: IconName
  kind?: 'primary' | 'quiet' | 'plain'
  testId?: string
}) {
  return (
    <a className={`button button-${props.kind ?? 'quiet'}`} href={props.href} data-testid={props.testId}>
      {props.icon && <Icon name={props.icon} />}
      <span>{props.children}</span>
    </a>
  )
}
