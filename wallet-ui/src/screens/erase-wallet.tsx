import { useState } from 'react'
import { useCommand } from '../app/command.ts'
import { useWallet, useWords } from '../app/wallet-context.ts'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { TextField } from '../controls/field.tsx'
import { Notice, ProblemNotice } from '../controls/notice.tsx'

/** The one act that loses something for ever: confirmed by typing a word. */
export function EraseWallet() {
  const { facade, state } = useWallet()
  const { t } = useWords()
  const command = useCommand()
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const word = t('settings.erase.word')
  const close = () => {
    setOpen(false)
    setTyped('')
    command.clear()
  }
  return (
    <>
      <Button kind="danger" wide onClick={() => setOpen(true)} testId="erase">
        {t('settings.erase')}
      </Button>
      {open && (
        <Dialog title={t('settings.erase')} onClose={close} testId="erase-dialog">
          <Notice kind="loss" title={t('settings.erase.text')}>
            {state.phase === 'unlocked' && !state.backedUp && <p>{t('settings.erase.notBackedUp')}</p>}
          </Notice>
          <TextField
            label={t('settings.erase.type', { word })}
            value={typed}
            onChange={setTyped}
            testId="erase-confirm"
          />
          <ProblemNotice problem={command.problem} />
          <div className="actions">
            <Button onClick={close}>{t('action.cancel')}</Button>
            <Button
              kind="danger"
              disabled={typed.trim() !== word}
              busy={command.busy}
              onClick={() => command.run(() => facade.erase())}
              testId="erase-now"
            >
              {t('settings.erase.button')}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  )
}
