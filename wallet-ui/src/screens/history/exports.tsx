import type { AccountView, LogComparison } from '@glowworm/wallet-core/facade/facade'
import { useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { FileField } from '../../controls/file-field.tsx'
import { Notice, ProblemNotice } from '../../controls/notice.tsx'
import { Section } from '../../controls/screen.tsx'
import { saveFile } from '../../infrastructure/files.ts'
import { useHistoryWords } from '../../messages/history/words.ts'
import { activityTable } from './csv.ts'

export function Exports({ account }: { account: AccountView }) {
  const { facade, state } = useWallet()
  const say = useHistoryWords()
  const command = useCommand()
  const saveTable = () =>
    command.run(async () => {
      const transfers = await facade.allTransfers({ accountId: account.id })
      const table = activityTable(account, state.activity, transfers, state.belongings.history.coverage)
      saveFile('activity.csv', new TextEncoder().encode(table))
    })
  const saveLog = () =>
    command.run(async () => saveFile('activity-log.json', (await facade.exportLog({ accountId: account.id })).file))
  return (
    <Section title={say('export.title')}>
      <p className="fine">{say('export.csv.text')}</p>
      <Button wide busy={command.busy} onClick={saveTable} testId="export-csv">
        {say('export.csv')}
      </Button>
      <p className="fine">{say('export.log.text')}</p>
      <Button wide busy={command.busy} onClick={saveLog} testId="export-log">
        {say('export.log')}
      </Button>
      <ProblemNotice problem={command.problem} />
      <CompareLog />
    </Section>
  )
}

function CompareLog() {
  const { facade } = useWallet()
  const words = useWords()
  const say = useHistoryWords()
  const command = useCommand()
  const [result, setResult] = useState<LogComparison | null>(null)
  const compare = (file: Uint8Array | null) => {
    setResult(null)
    command.clear()
    if (file) void command.run(async () => setResult(await facade.compareLog({ file })))
  }
  const about = result && { moment: words.moment(result.at), count: result.entries }
  return (
    <>
      <FileField
        label={say('export.compare')}
        hint={say('export.compare.text')}
        onChange={compare}
        testId="compare-log"
      />
      <ProblemNotice problem={command.problem} />
      {result && about && (
        <Notice
          kind={result.found === 'contained' ? 'calm' : result.found === 'older' ? 'caution' : 'loss'}
          title={say(`compare.${result.found}`)}
          live
          testId="compare-result"
        >
          <p className="breaks">
            {result.signedBy === null
              ? say('compare.unsigned', about)
              : say('compare.signed', { ...about, address: result.signedBy })}
          </p>
        </Notice>
      )}
    </>
  )
}
