import type { RecipientView } from '@glowworm/wallet-core/facade/facade'
import { useEffect, useState } from 'react'
import { useWallet } from '../../app/wallet-context.ts'
import { Hex } from '../../controls/hex.tsx'
import { Notice } from '../../controls/notice.tsx'
import { useSafetyWords } from '../../messages/safety/words.ts'

/** What this wallet knows of an address that was written. One whose checksum is wrong is the core's business later. */
export function RecipientCheck({ address }: { address: string }) {
  const { facade } = useWallet()
  const [view, setView] = useState<RecipientView | null>(null)
  useEffect(() => {
    let current = true
    facade.lookAtRecipient({ address }).then(
      (found) => current && setView(found),
      () => undefined,
    )
    return () => {
      current = false
    }
  }, [facade, address])
  return <div aria-live="polite">{view && <RecipientWords recipient={view} />}</div>
}

/** Who it is, and what speaks against it. */
export function RecipientWords({ recipient }: { recipient: RecipientView }) {
  const say = useSafetyWords()
  const { known, name } = recipient
  return (
    <div className="stack">
      {known && (
        <p className="fine" data-testid="recipient-known">
          {known === 'used' ? say('recipient.used') : say(`recipient.${known}`, { name: name ?? '' })}
        </p>
      )}
      {recipient.warnings.map((warning) =>
        warning.code === 'looks-like' ? (
          <Notice
            key={`${warning.code} ${warning.about}`}
            kind="loss"
            title={say('recipient.looks-like', { name: warning.name ?? say('recipient.known.some') })}
            testId="recipient-looks-like"
          >
            <p>{say('recipient.looks-like.known')}</p>
            <Hex value={warning.about} />
          </Notice>
        ) : (
          <Notice
            key={`${warning.code} ${warning.about}`}
            kind="caution"
            testId={`recipient-${warning.code}`}
            title={say(`recipient.${warning.code}`)}
          />
        ),
      )}
    </div>
  )
}
