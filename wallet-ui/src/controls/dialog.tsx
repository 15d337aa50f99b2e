import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useWords } from '../app/wallet-context.ts'
import { IconButton } from './button.tsx'

/** A native modal dialog; a sheet from below on phones. Escape and the ground beside it close it. */
export function Dialog(props: { title: ReactNode; onClose: () => void; children: ReactNode; testId?: string }) {
  const { t } = useWords()
  const id = useId()
  const element = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    // Not closed on the way out: that would tell `onClose`, and an element that leaves the page is closed anyway.
    if (!element.current?.open) element.current?.showModal()
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a native dialog
    <dialog
      ref={element}
      className="dialog"
      aria-labelledby={id}
      data-testid={props.testId}
      onClose={props.onClose}
      onClick={(event) => {
        if (event.target === element.current) element.current?.close()
      }}
    >
      <div className="dialog-body">
        <header className="dialog-head">
          <h2 id={id}>{props.title}</h2>
          <IconButton
            icon="close"
            label={t('action.close')}
            onClick={() => element.current?.close()}
            testId="dialog-close"
          />
        </header>
        {props.children}
      </div>
    </dialog>
  )
}
