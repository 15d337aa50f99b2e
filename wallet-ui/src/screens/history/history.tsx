import { useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { useSelected } from '../../app/selected.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { SelectField } from '../../controls/field.tsx'
import { Notice, ProblemNotice } from '../../controls/notice.tsx'
import { Screen } from '../../controls/screen.tsx'
import { useHistoryWords } from '../../messages/history/words.ts'
import { Exports } from './exports.tsx'
import { TransferRows } from './transfer-rows.tsx'

export function History() {
  const { state } = useWallet()
  const say = useHistoryWords()
  const account = useSelected()
  if (!account) return null
  const { transfers } = state.belongings.history
  const bait = transfers.filter((transfer) => transfer.bait !== null)
  const real = transfers.filter((transfer) => transfer.bait === null)
  return (
    <Screen title={say('history.title')} back={['activity']} testId="history-screen">
      <p>{say('history.intro')}</p>
      <Coverage accountId={account.id} />
      <SearchBlocks accountId={account.id} />
      {transfers.length === 0 ? (
        <p className="fine">{say('history.none')}</p>
      ) : (
        <TransferRows transfers={real} account={account.address} />
      )}
      {bait.length > 0 && (
        <details className="section details" data-testid="bait">
          <summary>{say('history.bait', { count: bait.length })}</summary>
          <TransferRows transfers={bait} account={account.address} />
        </details>
      )}
      <Exports account={account} />
    </Screen>
  )
}

/** What the list is complete for, and that nothing is said of the rest. */
function Coverage({ accountId }: { accountId: string }) {
  const { state } = useWallet()
  const words = useWords()
  const say = useHistoryWords()
  const ranges = state.belongings.history.coverage.find((one) => one.accountId === accountId)?.ranges ?? []
  if (ranges.length === 0) return <p data-testid="coverage">{say('history.covered.none')}</p>
  return (
    <div className="stack" data-testid="coverage">
      <p>
        {say('history.covered')}{' '}
        <strong>
          {words.list(
            ranges.map(({ from, to }) =>
              say('history.covered.range', { from: words.number(from), to: words.number(to) }),
            ),
          )}
        </strong>
      </p>
      <p className="fine">{say('history.covered.not')}</p>
    </div>
  )
}

/** Blocks, at twelve seconds each. */
const SPANS = [
  { value: '300', unit: 'hour', count: 1 },
  { value: '1800', unit: 'hour', count: 6 },
  { value: '7200', unit: 'day', count: 1 },
  { value: '50400', unit: 'day', count: 7 },
] as const

export function SearchBlocks({ accountId }: { accountId: string }) {
  const { facade, state } = useWallet()
  const words = useWords()
  const say = useHistoryWords()
  const command = useCommand()
  const [blocks, setBlocks] = useState<(typeof SPANS)[number]['value']>('1800')
  const [undecided, setUndecided] = useState<readonly { from: bigint; to: bigint; reason: string }[]>([])
  const { search } = state.belongings.history
  const run = () =>
    command.run(async () => {
      setUndecided([])
      setUndecided(await facade.searchHistory({ accountId, blocks: Number(blocks) }))
    })
  return (
    <div className="stack">
      <SelectField
        label={say('history.span')}
        value={blocks}
        options={SPANS.map(({ value, unit, count }) => ({ value, label: say(`history.span.${unit}`, { count }) }))}
        onChange={setBlocks}
        testId="search-span"
      />
      {search ? (
        <div className="stack" aria-live="polite">
          <p data-testid="search-progress">
            <progress value={search.done} max={Math.max(search.of, 1)} aria-label={say('history.search')} />{' '}
            {say('history.searching', { done: search.done, of: search.of })}
          </p>
          <Button wide onClick={() => void facade.stopSearch()} testId="search-stop">
            {say('history.stop')}
          </Button>
        </div>
      ) : (
        <Button wide busy={command.busy} onClick={run} testId="search-blocks">
          {say('history.search')}
        </Button>
      )}
      <ProblemNotice problem={command.problem?.code === 'SEARCH_STOPPED' ? null : command.problem} />
      {undecided.length > 0 && (
        <Notice kind="caution" title={say('history.undecided')} testId="undecided">
          {undecided.map(({ from, to, reason }) => (
            <p key={String(from)} className="breaks">
              {say('history.covered.range', { from: words.number(from), to: words.number(to) })}: {reason}
            </p>
          ))}
        </Notice>
      )}
    </div>
  )
}
