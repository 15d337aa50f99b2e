import { useState } from 'react'
import { useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { Screen } from '../../controls/screen.tsx'
import { useToast } from '../../controls/toast.tsx'
import { AskPassword } from './ask-password.tsx'
import { BackupDrill } from './drill.tsx'
import { useHeldPhrase } from './held-phrase.ts'
import { countWords, PhraseWords } from './phrase-words.tsx'

/**
 * Backup: the words, then the drill. `phrase` is there right after creation, and is wiped here; later it is revealed by
 * password.
 * `drill` false only shows the words.
 */
export function Backup(props: {
  phrase: Uint8Array | null
  drill: boolean
  onDone: () => void
  onPostpone: () => void
  postponeWords?: string
}) {
  const { t } = useWords()
  const toast = useToast()
  const { phrase, hold } = useHeldPhrase(props.phrase)
  const [count, setCount] = useState(0)
  const [drilling, setDrilling] = useState(false)
  if (drilling)
    return (
      <BackupDrill
        count={count}
        back={() => setDrilling(false)}
        onDone={() => {
          toast(t('backup.done'))
          props.onDone()
        }}
      />
    )
  if (phrase === null) return <AskPassword back={props.onPostpone} onPhrase={hold} />
  const drill = () => {
    setCount(countWords(phrase))
    setDrilling(true)
  }
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
            <Button kind="primary" wide onClick={drill} testId="backup-written">
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
