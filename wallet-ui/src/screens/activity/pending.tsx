import type { ActivityEntry } from '@glowworm/wallet-core/facade/facade'
import { useCommand } from '../../app/command.ts'
import { routeHref } from '../../app/route.ts'
import { useWallet } from '../../app/wallet-context.ts'
import { Button, LinkButton } from '../../controls/button.tsx'
import { Notice, ProblemNotice } from '../../controls/notice.tsx'
import { useAccountWords } from '../../messages/accounts/words.ts'

/** Why it waits, and the two things that can be done about it. */
export function Pending({ entry }: { entry: ActivityEntry }) {
  const { facade, state } = useWallet()
  const say = useAccountWords()
  const command = useCommand()
  const replace = (how: 'speed-up' | 'cancel') =>
    command.run(async () => {
      await facade.prepareReplacement({ id: entry.id, how })
    })
  const first = state.activity.find(
    ({ accountId, queue, nonce }) => accountId === entry.accountId && queue === 'next' && nonce !== entry.nonce,
  )
  return (
    <Notice kind={entry.queue === 'gap' ? 'caution' : 'calm'} testId="pending">
      {entry.queue !== null && <p data-queue={entry.queue}>{say(`pending.${entry.queue}`)}</p>}
      {entry.queue === 'behind' && first && (
        <LinkButton href={routeHref('activity', first.id)}>{say('pending.earlier')}</LinkButton>
      )}
      <div className="pending-acts">
        {/* What waits for another one, or for none that will come, is not carried out any sooner for more. */}
        {entry.queue !== 'behind' && entry.queue !== 'gap' && (
          <div>
            <Button busy={command.busy} onClick={() => replace('speed-up')} testId="speed-up">
              {say('pending.speedUp')}
            </Button>
            <p className="fine">{say('pending.speedUp.text')}</p>
          </div>
        )}
        {entry.replaces?.how !== 'cancel' && (
          <div>
            <Button busy={command.busy} onClick={() => replace('cancel')} testId="cancel-transaction">
              {say('pending.cancel')}
            </Button>
            <p className="fine">{say('pending.cancel.text')}</p>
          </div>
        )}
      </div>
      <ProblemNotice problem={command.problem} />
    </Notice>
  )
}
