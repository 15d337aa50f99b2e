import { useCommand } from '../app/command.ts'
import { go } from '../app/route.ts'
import { useWallet, useWords } from '../app/wallet-context.ts'
import { Button } from '../controls/button.tsx'
import { Notice, ProblemNotice } from '../controls/notice.tsx'

/** Above every screen while what was stored is gone: what happened, and the two ways not to lose it. */
export function VaultGone() {
  const { facade, state } = useWallet()
  const { t } = useWords()
  const command = useCommand()
  const open = state.phase === 'unlocked'
  return (
    <div className="vault-gone">
      <Notice kind="loss" title={t('gone.title')} live testId="vault-gone">
        <p>{t(open ? 'gone.text' : 'gone.locked')}</p>
        <ProblemNotice problem={command.problem} />
        <div className="vault-gone-ways">
          <Button
            kind="primary"
            busy={command.busy}
            onClick={() => command.run(() => facade.putVaultBack())}
            testId="put-back"
          >
            {t('gone.store')}
          </Button>
          {open && (
            <Button onClick={() => go('backup-file')} testId="gone-backup">
              {t('gone.backup')}
            </Button>
          )}
        </div>
      </Notice>
    </div>
  )
}
