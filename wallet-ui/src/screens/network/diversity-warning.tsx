import type { DiversityView } from '@glowworm/wallet-core/facade/facade'
import { useWords } from '../../app/wallet-context.ts'
import { Notice } from '../../controls/notice.tsx'

/** Said when all news of the chain came through one hand: it cannot lie, but it could keep news back. */
export function DiversityWarning({ diversity }: { diversity: DiversityView }) {
  const { t } = useWords()
  if (diversity.state !== 'single') return null
  return (
    <Notice kind="caution" testId="one-hand">
      <p>
        {t(`network.oneHand.${diversity.hand}`, { name: diversity.name })} {t('network.oneHand.next')}
      </p>
    </Notice>
  )
}
