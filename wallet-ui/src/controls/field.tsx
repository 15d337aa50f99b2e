import { type ReactNode, useId, useState } from 'react'
import { useWords } from '../app/wallet-context.ts'

interface FieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  hint?: ReactNode
  error?: string | null | undefined
  testId?: string
}

/** A labelled text field; hint and error are tied to it for screen readers. */
export function TextField(
  props: FieldProps & {
    secret?: boolean
    lines?: number
    mono?: boolean
    inputMode?: 'decimal' | 'text' | 'url'
    autoComplete?: string
    trailing?: ReactNode
    disabled?: boolean
    focus?: boolean
  },
) {
  const id = useId()
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  const describedBy = [props.hint ? `${id}-hint` : '', props.error ? `${id}-error` : ''].filter(Boolean).join(' ')
  const shared = {
    id,
    value: props.value,
    disabled: props.disabled,
    className: `input${props.mono ? ' mono' : ''}`,
    autoCapitalize: 'off',
    autoCorrect: 'off',
    spellCheck: false,
    autoComplete: props.autoComplete ?? 'off',
    dir: props.mono ? ('ltr' as const) : undefined,
    'aria-invalid': props.error ? true : undefined,
    'aria-describedby': describedBy === '' ? undefined : describedBy,
    'data-testid': props.testId,
    autoFocus: props.focus,
  }
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <div className="field-row">
        {props.lines === undefined ? (
          <input
            {...shared}
            type={props.secret && !open ? 'password' : 'text'}
            inputMode={props.inputMode}
            onChange={(event) => props.onChange(event.currentTarget.value)}
          />
        ) : (
          <textarea {...shared} rows={props.lines} onChange={(event) => props.onChange(event.currentTarget.value)} />
        )}
        {props.secret && (
          <button type="button" className="field-button" aria-pressed={open} onClick={() => setOpen(!open)}>
            {open ? t('action.hide') : t('action.show')}
            <span className="hidden-text"> {props.label}</span>
          </button>
        )}
        {props.trailing}
      </div>
      {props.hint && (
        <p className="hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
      {props.error && (
        <p className="field-error" id={`${id}-error`} role="alert">
          {props.error}
        </p>
      )}
    </div>
  )
}

export function SelectField<V extends string>(
  props: Omit<FieldProps, 'onChange' | 'value'> & {
    value: V
    options: readonly { readonly value: V; readonly label: string }[]
    onChange: (value: V) => void
  },
) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <select
        id={id}
        className="input"
        value={props.value}
        data-testid={props.testId}
        onChange={(event) => {
          const chosen = props.options.find((option) => option.value === event.currentTarget.value)
          if (chosen) props.onChange(chosen.value)
        }}
      >
        {props.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      {props.hint && <p className="hint">{props.hint}</p>}
    </div>
  )
}

/** A row that is a checkbox: the whole row is the target. */
export function CheckRow(props: {
  checked: boolean
  onChange: (checked: boolean) => void
  title: ReactNode
  text?: ReactNode
  testId?: string
}) {
  return (
    <label className="check-row">
      <input
        type="checkbox"
        checked={props.checked}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
        data-testid={props.testId}
      />
      <span>
        <span className="check-title">{props.title}</span>
        {props.text && <span className="check-text">{props.text}</span>}
      </span>
    </label>
  )
}
