import { useState } from 'react'
import { useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'

/** The words, numbered and covered until asked for. There is no copy button on purpose. */
export function PhraseWords({ phrase }: { phrase: string }) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  const words = phrase.split(' ')
  if (!open)
    return (
      <div className="phrase-cover">
        <p>{t('backup.hidden')}</p>
        <Button onClick={() => setOpen(true)} testId="phrase-reveal">
          {t('backup.reveal')}
        </Button>
      </div>
    )
  return (
    <>
      <ol className="phrase" onCopy={(event) => event.preventDefault()}>
        {words.map((word, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a word is its position
          <li key={i}>
            <span className="phrase-number" aria-hidden="true">
              {i + 1}
            </span>
            <span className="mono" lang="en" data-testid={`phrase-word-${i + 1}`}>
              {word}
            </span>
          </li>
        ))}
      </ol>
      <p className="fine">{t('backup.noCopy')}</p>
    </>
  )
}
