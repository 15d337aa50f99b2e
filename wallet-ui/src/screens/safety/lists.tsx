import { useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { useNow, useWallet, useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { FileField } from '../../controls/file-field.tsx'
import { Notice, ProblemNotice } from '../../controls/notice.tsx'
import { Screen, Section } from '../../controls/screen.tsx'
import { useToast } from '../../controls/toast.tsx'
import { useHistoryWords } from '../../messages/history/words.ts'

export function Lists() {
  const { facade, state } = useWallet()
  const words = useWords()
  const say = useHistoryWords()
  const now = useNow(60_000)
  const toast = useToast()
  const command = useCommand()
  const [file, setFile] = useState<Uint8Array | null>(null)
  const { taken, packs, forks } = state.belongings.lists
  const install = async () => {
    if (file && (await command.run(async () => void (await facade.installPack({ file }))))) toast(say('lists.taken'))
  }
  return (
    <Screen title={say('lists.title')} back={['safety']} testId="lists-screen">
      <p>{say('lists.intro')}</p>
      {!taken && <Notice kind="caution" title={say('lists.noKey')} testId="lists-no-key" />}
      {taken && packs.length === 0 && <p className="fine">{say('lists.none')}</p>}
      {packs.length > 0 && (
        <ul className="rows plain-list">
          {packs.map(({ kind, version, entries, expiresAt }) => (
            <li key={kind} className="row" data-testid="list" data-kind={kind}>
              <span className="row-main">
                <span className="row-title">{say(`lists.kind.${kind}`)}</span>
                <span className="fine">{say('lists.entries', { version, count: entries })}</span>
                <span className={now >= expiresAt ? 'fine caution' : 'fine'}>
                  {say(now >= expiresAt ? 'lists.expired' : 'lists.until', { moment: words.moment(expiresAt) })}
                </span>
              </span>
            </li>
          ))}
        </ul>
      )}
      {forks.map(({ name, at }) => (
        <p key={name} className="fine">
          {say('lists.fork', { name, moment: words.moment(at) })}
        </p>
      ))}
      {taken && (
        <Section title={say('lists.add')}>
          <FileField
            label={say('lists.file')}
            onChange={(bytes) => {
              setFile(bytes)
              command.clear()
            }}
            testId="list-file"
          />
          <ProblemNotice problem={command.problem} />
          <Button kind="primary" wide busy={command.busy} disabled={file === null} onClick={install} testId="list-take">
            {say('lists.add')}
          </Button>
        </Section>
      )}
    </Screen>
  )
}
