import { useState } from 'react'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { ChoosePassword } from './choose-password.tsx'
import { ChooseSources } from './choose-sources.tsx'
import { ImportPhrase } from './import-phrase.tsx'
import { Welcome } from './welcome.tsx'

type Step = 'welcome' | 'sources' | 'phrase' | 'password'

/** From nothing to a wallet: welcome → sources → (phrase) → password. The backup follows in the app. */
export function FirstRun(props: { onCreated: (phrase: string) => void }) {
  const { facade } = useWallet()
  const { t } = useWords()
  const [step, setStep] = useState<Step>('welcome')
  const [importing, setImporting] = useState(false)
  const [phrase, setPhrase] = useState('')

  const begin = (imports: boolean) => {
    setImporting(imports)
    setStep('sources')
  }
  switch (step) {
    case 'welcome':
      return <Welcome onCreate={() => begin(false)} onImport={() => begin(true)} />
    case 'sources':
      return <ChooseSources back={() => setStep('welcome')} onDone={() => setStep(importing ? 'phrase' : 'password')} />
    case 'phrase':
      return (
        <ImportPhrase
          back={() => setStep('sources')}
          initial={phrase}
          onPhrase={(text) => {
            setPhrase(text)
            setStep('password')
          }}
        />
      )
    case 'password':
      return (
        <ChoosePassword
          back={() => setStep(importing ? 'phrase' : 'sources')}
          action={importing ? t('password.import') : t('password.create')}
          onPassword={async (password) => {
            if (importing) {
              await facade.importWallet({ password, from: { kind: 'phrase', phrase, passphrase: new Uint8Array(0) } })
              setPhrase('')
            } else {
              const made = await facade.create({ password, words: 12 })
              props.onCreated(made.phrase)
            }
          }}
        />
      )
  }
}
