import { useEffect, useState } from 'react'
import type { Command } from '../app/command.ts'
import { useWords } from '../app/wallet-context.ts'
import { after } from '../infrastructure/clock.ts'
import { Button } from './button.tsx'

/** Milliseconds that a command may take before it is said that it can be stopped: most are done by then. */
const SHORT = 400

/** Stands beside the button of a command that can be stopped, while it runs; Escape does the same. */
export function Stop({ command }: { command: Command }) {
  const { t } = useWords()
  const { busy, stop } = command
  const [long, setLong] = useState(false)
  useEffect(() => {
    setLong(false)
    if (!busy) return
    return after(SHORT, () => setLong(true))
  }, [busy])
  useEffect(() => {
    if (!busy) return
    // An open dialog has its own Escape, and takes it first.
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) stop()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [busy, stop])
  if (!busy || !long) return null
  return (
    <Button wide onClick={stop} testId="stop">
      {t('action.cancel')}
    </Button>
  )
}
