import { useEffect, useState } from 'react'
import { useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { keepStorage, storageIsKept } from '../../infrastructure/page.ts'

/** Whether the browser may clear this wallet from the device when space is short. */
export function Storage() {
  const { t } = useWords()
  const [kept, setKept] = useState<boolean | null>(null)
  const [asked, setAsked] = useState(false)
  useEffect(() => {
    let shown = true
    void storageIsKept().then((answer) => shown && setKept(answer))
    return () => {
      shown = false
    }
  }, [])
  const ask = async () => {
    setKept(await keepStorage())
    setAsked(true)
  }
  return (
    <div className="stack" data-testid="storage">
      <p className={kept === true ? 'fine' : 'fine caution'} role="status" data-testid="storage-state">
        {t(kept === true ? 'storage.kept' : kept === false ? 'storage.mayGo' : 'storage.unknown')}
      </p>
      {kept === false && (
        <Button wide onClick={() => void ask()} testId="storage-ask">
          {t('storage.ask')}
        </Button>
      )}
      {kept === false && asked && <p className="fine">{t('storage.refused')}</p>}
    </div>
  )
}
