import { useState } from 'react'
import { useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { Screen } from '../../controls/screen.tsx'
import { useToast } from '../../controls/toast.tsx'
import { AskPassword } from './ask-password.tsx'
import { BackupDrill } from './drill.tsx'
import { PhraseWords } from './phrase-words.tsx'

/**
 * Backup: the words, then the drill. `phrase` is there right after creation; later it is revealed by password.
 * `drill` false only shows the words.
 */
export function Backup(props: {
  phrase: string | null
  drill: boolean
  onDone: () => void
  onPostpone: () => void
  postponeWords?: string
}) {
  const { t } = useWords()
  const toast = useToast()
  const [phrase, setPhrase] = useState(props.phrase)
  const [drilling, setDrilling] = useState(false)
  if (phrase === null) return <AskPassword back={props.onPostpone} onPhrase={setPhrase} />
  if (drilling)
    return (
      <BackupDrill
        count={phrase.split(' ').length}
        back={() => setDrilling(false)}
        onDone={() => {
          toast(t('backup.done'))
          props.onDone()
        }}
      />
    )
  return (
    <Screen
      title={t('backup.title')}
      back={props.phrase === null ? props.onPostpone : undefined}
      testId="backup-phrase"
    >
      <p>{t('backup.intro')}</p>
      <PhraseWords phrase={phrase} />
      <div className="screen-foot">
        {props.drill ? (
          <>
            <Button kind="primary" wide onClick={() => setDrilling(true)} testId="backup-written">
              {t('backup.written')}
            </Button>
            <Button kind="plain" wide onClick={props.onPostpone} testId="backup-postpone">
              {props.postponeWords ?? t('backup.postpone')}
            </Button>
            {props.phrase !== null && <p className="fine centered">{t('backup.postponed')}</p>}
          </>
        ) : (
          <Button kind="primary" wide onClick={props.onDone} testId="backup-close">
            {t('action.close')}
          </Button>
        )}
      </div>
    </Screen>
  )
}
