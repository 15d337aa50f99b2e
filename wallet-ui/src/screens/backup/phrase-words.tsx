import { useState } from 'react'
import { useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'

const SPACE = 0x20

export const countWords = (phrase: Uint8Array): number => phrase.filter((byte) => byte === SPACE).length + 1

/** What the page draws is text, one word at a time: no string ever holds the phrase. */
function* wordsOf(phrase: Uint8Array): Generator<string> {
  for (let start = 0, end = 0; start <= phrase.length; start = end + 1) {
    end = phrase.indexOf(SPACE, start)
    if (end < 0) end = phrase.length
    yield new TextDecoder().decode(phrase.subarray(start, end))
  }
}

/** The words, numbered and covered until asked for. There is no copy button on purpose. */
export function PhraseWords({ phrase }: { phrase: Uint8Array }) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
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
        {[...wordsOf(phrase)].map((word, i) => (
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
