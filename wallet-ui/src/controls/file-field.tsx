import { useId, useState } from 'react'
import { useWords } from '../app/wallet-context.ts'
import { MOST_FILE_BYTES, readFile } from '../infrastructure/files.ts'

/** Lets a person choose a file; the screen gets its bytes, or null while there are none. */
export function FileField(props: {
  label: string
  hint?: string
  onChange: (bytes: Uint8Array | null) => void
  testId?: string
}) {
  const id = useId()
  const words = useWords()
  const [tooLarge, setTooLarge] = useState(false)
  const described = [props.hint ? `${id}-hint` : '', tooLarge ? `${id}-error` : ''].filter(Boolean).join(' ')
  const choose = async (file: File | undefined) => {
    const bytes = file ? await readFile(file) : null
    setTooLarge(file !== undefined && bytes === null)
    props.onChange(bytes)
  }
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <input
        id={id}
        type="file"
        className="input"
        aria-describedby={described === '' ? undefined : described}
        aria-invalid={tooLarge || undefined}
        onChange={(event) => void choose(event.currentTarget.files?.[0])}
        data-testid={props.testId}
      />
      {props.hint && (
        <p className="hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
      {tooLarge && (
        <p className="field-error" id={`${id}-error`} role="alert">
          {words.t('file.tooLarge', { size: words.bytes(MOST_FILE_BYTES) })}
        </p>
      )}
    </div>
  )
}
