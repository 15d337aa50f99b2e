import type { PairingCode } from '@glowworm/wallet-core/facade/facade'
import { useNow, useWords } from '../../../app/wallet-context.ts'
import { Button } from '../../../controls/button.tsx'
import { QrCode } from '../../../controls/qr-code.tsx'
import { useCopy } from '../../../controls/toast.tsx'

/** A code for the other device: to scan, or to copy. */
export function ShowCode({ code, label }: { code: PairingCode; label: string }) {
  const { t } = useWords()
  const copy = useCopy()
  const now = useNow()
  const minutes = Math.max(1, Math.ceil((code.expiresAt - now) / 60_000))
  return (
    <div className="pair-code">
      <QrCode text={code.code} label={label} />
      <p className="fine" data-testid="pair-expires">
        {t('pair.expires', { count: minutes })}
      </p>
      <Button icon="copy" onClick={() => copy(t('pair.code'), code.code)} testId="pair-copy">
        {t('pair.copy')}
      </Button>
      <span hidden data-testid="pair-code" data-code={code.code} />
    </div>
  )
}
