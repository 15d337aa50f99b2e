import type { AccountView } from '@glowworm/wallet-core/facade/facade'
import type { Command } from '../../app/command.ts'
import { useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { Notice, ProblemNotice } from '../../controls/notice.tsx'
import { Stop } from '../../controls/stop.tsx'

/** The end of every form that prepares a transfer: why it cannot be, or the way to what it would do. */
export function ReviewTransfer(props: { account: AccountView; command: Command; testId: string }) {
  const { t } = useWords()
  const { command } = props
  const watched = props.account.signer === 'nobody'
  return (
    <>
      {watched && (
        <Notice kind="caution" title={t('problem.WATCH_ONLY')} testId="watch-only">
          <p>{t('problem.WATCH_ONLY.next')}</p>
        </Notice>
      )}
      <ProblemNotice problem={command.problem} />
      <Button kind="primary" wide type="submit" busy={command.busy} disabled={watched} testId={props.testId}>
        {command.busy ? t('send.reviewing') : t('send.review')}
      </Button>
      <Stop command={command} />
    </>
  )
}
