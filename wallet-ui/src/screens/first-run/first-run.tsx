import type { ImportRequest } from '@glowworm/wallet-core/facade/facade'
import { useEffect, useState } from 'react'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { ChoosePassword } from './choose-password.tsx'
import { ChooseSources } from './choose-sources.tsx'
import { copyImport, EMPTY_IMPORT, wipeImport } from './import-draft.ts'
import { ImportWallet } from './import-wallet.tsx'
import { Welcome } from './welcome.tsx'

type Step = 'welcome' | 'sources' | 'import' | 'password'

/** From nothing to a wallet: welcome → sources → (import) → password. The backup follows in the app. */
export function FirstRun(props: { onCreated: (phrase: Uint8Array) => void }) {
  const { facade } = useWallet()
  const { t } = useWords()
  const [step, setStep] = useState<Step>('welcome')
  const [importing, setImporting] = useState(false)
  const [draft, setDraft] = useState(EMPTY_IMPORT)

  // What was brought, from the moment it was found good until it is in the vault, or the screen is left.
  const [brought, setBrought] = useState<ImportRequest | null>(null)
  useEffect(() => () => wipeImport(brought), [brought])

  const begin = (imports: boolean) => {
    setImporting(imports)
    setStep('sources')
  }
  switch (step) {
    case 'welcome':
      return <Welcome onCreate={() => begin(false)} onImport={() => begin(true)} />
    case 'sources':
      return <ChooseSources back={() => setStep('welcome')} onDone={() => setStep(importing ? 'import' : 'password')} />
    case 'import':
      return (
        <ImportWallet
          back={() => setStep('sources')}
          draft={draft}
          onDraft={setDraft}
          onChecked={(from) => {
            setDraft({ ...EMPTY_IMPORT, kind: draft.kind })
            setBrought(from)
            setStep('password')
          }}
        />
      )
    case 'password':
      return (
        <ChoosePassword
          back={() => {
            setBrought(null)
            setStep(importing ? 'import' : 'sources')
          }}
          action={importing ? t('password.import') : t('password.create')}
          onPassword={async (password) => {
            if (brought) {
              await facade.importWallet({ password, from: copyImport(brought) })
              setBrought(null)
            } else {
              const made = await facade.create({ password, words: 12 })
              props.onCreated(made.phrase)
            }
          }}
        />
      )
  }
}
