import type { Shown } from '@glowworm/wallet-core/facade/facade'
import { type ReactNode, useState } from 'react'
import { useNow, useWords } from '../app/wallet-context.ts'
import { LightMark } from './light.tsx'
import { ProofStory } from './proof-story.tsx'
import { readProof } from './reading.ts'

export interface ProofProps<T> {
  shown: Shown<T>
  /** Prints the value. Only called when there is one. */
  format: (value: T) => string
  /** What the value is, e.g. "Balance": for the story's heading and for screen readers. */
  label: string
  /** Every digit of the value, where `format` shortens it; printed in the story. */
  exact?: (value: T) => string
  size?: 'big' | 'normal' | 'small'
  /** True for what stays true once final, like a receipt. */
  lasting?: boolean
  /** Draws the light without the button: inside a link, which leads to a place with the button. */
  still?: boolean
  /** Hides the words; the light's name and the story still have them. */
  wordless?: boolean
  testId?: string
}

/**
 * Prints one ledger value with its light. The only component that does: a value of the ledger that is not a `Shown<T>`
 * has no way onto the screen.
 */
export function Proof<T>(props: ProofProps<T>) {
  const { shown, format, label, size = 'normal', lasting = false } = props
  const words = useWords()
  const now = useNow()
  const [open, setOpen] = useState(false)
  const reading = readProof(shown, words, now, lasting)
  const text = shown.kind === 'proven' || shown.kind === 'attested' ? format(shown.value) : null
  const light = (
    <>
      <LightMark reading={reading} />
      {!props.wordless && <span className="proof-words">{reading.words}</span>}
    </>
  )
  return (
    <span className={`proof proof-${size}`} data-testid={props.testId} data-light={reading.light}>
      <ProofValue text={text} pending={shown.kind === 'proving'} size={size} />
      {props.still ? (
        <span className="proof-light">
          {light}
          {props.wordless && <span className="hidden-text">{reading.words}</span>}
        </span>
      ) : (
        <button
          type="button"
          className="proof-light"
          aria-haspopup="dialog"
          aria-label={
            text === null
              ? words.t('proof.open', { label, words: reading.words })
              : words.t('proof.openValue', { label, value: text, words: reading.words })
          }
          onClick={() => setOpen(true)}
        >
          {light}
        </button>
      )}
      {open && (
        <ProofStory
          shown={shown}
          label={label}
          text={text}
          exact={props.exact}
          reading={reading}
          onClose={() => setOpen(false)}
        />
      )}
    </span>
  )
}

function ProofValue({ text, pending, size }: { text: string | null; pending: boolean; size: string }): ReactNode {
  const { t } = useWords()
  if (text === '') return null
  if (text !== null) return <span className="proof-value">{text}</span>
  // Words only where a number would have stood big; beside a small light they would say the same twice.
  if (pending)
    return (
      <span className="proof-value proof-pending">
        <span aria-hidden="true">· · ·</span>
        <span className="hidden-text">{t('proof.pending')}</span>
      </span>
    )
  return size === 'big' ? <span className="proof-value proof-unknown">{t('proof.unproven.value')}</span> : null
}
