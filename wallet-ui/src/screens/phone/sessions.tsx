import { useCommand } from '../../app/command.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { accountName } from '../../approval/outcome.ts'
import { Button } from '../../controls/button.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { Section } from '../../controls/screen.tsx'
import { useToast } from '../../controls/toast.tsx'
import { usePhoneWords } from '../../messages/phone/words.ts'

/** The pages that are connected now, in their own words, and the way to end each. */
export function Sessions() {
  const { facade, state } = useWallet()
  const words = useWords()
  const say = usePhoneWords()
  const toast = useToast()
  const command = useCommand()
  const seenBy = (site: string): string => {
    const accounts = state.sites.find(({ origin }) => origin === site)?.accounts ?? []
    if (accounts.length === 0) return say('phone.sees.none')
    return say('phone.sees', { accounts: words.list(accounts.map((id) => accountName(id, state.accounts))) })
  }
  return (
    <Section title={say('phone.connected')}>
      {state.phoneSessions.length === 0 && <p className="fine">{say('phone.none')}</p>}
      <ul className="rows plain-list">
        {state.phoneSessions.map((session) => (
          <li key={session.id} className="row" data-testid="phone-session">
            <span className="row-main">
              <span className="fine">{say('phone.says')}</span>
              {session.name && (
                <span className="row-title breaks">
                  <bdi>{session.name}</bdi>
                </span>
              )}
              <span className="breaks">
                <bdi dir="ltr">{session.origin}</bdi>
              </span>
              <span className="fine">
                {seenBy(session.site)} · {say('phone.since', { moment: words.moment(session.since) })}
              </span>
            </span>
            <Button
              busy={command.busy}
              testId="phone-end"
              onClick={async () => {
                if (await command.run(() => facade.endPhoneSession({ id: session.id })))
                  toast(say('phone.ended', { origin: session.origin }))
              }}
            >
              {say('phone.end')}
            </Button>
          </li>
        ))}
      </ul>
      {state.phoneSessions.length > 0 && (
        <p className="fine">
          {say('phone.says.text')} {say('phone.ends')}
        </p>
      )}
      <ProblemNotice problem={command.problem} />
    </Section>
  )
}
