import type { PackKind } from '@glowworm/wallet-core/facade/facade'
import { type FormEvent, useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { useNow, useWallet, useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { TextField } from '../../controls/field.tsx'
import { FileField } from '../../controls/file-field.tsx'
import { Notice, ProblemNotice } from '../../controls/notice.tsx'
import { Screen, Section } from '../../controls/screen.tsx'
import { Stop } from '../../controls/stop.tsx'
import { useToast } from '../../controls/toast.tsx'
import { fetchPacks, rememberedListAddress, rememberListAddress } from '../../infrastructure/fetch-packs.ts'
import { useHistoryWords } from '../../messages/history/words.ts'
import { checkWebAddress, type SourceProblem } from '../first-run/source-address.ts'

export function Lists() {
  const { facade, state } = useWallet()
  const words = useWords()
  const say = useHistoryWords()
  const now = useNow(60_000)
  const toast = useToast()
  const command = useCommand()
  const [file, setFile] = useState<Uint8Array | null>(null)
  const { taken, packs, forks } = state.belongings.lists
  const newestOf = (kind: PackKind) => packs.find((pack) => pack.kind === kind)?.version ?? 0
  const install = async () => {
    if (file && (await command.run(async () => void (await facade.installPack({ file }))))) toast(say('lists.taken'))
  }
  const fetched = useCommand()
  const [address, setAddress] = useState(rememberedListAddress)
  const [fault, setFault] = useState<SourceProblem | null>(null)
  const fetchLists = async (event: FormEvent) => {
    event.preventDefault()
    const checked = checkWebAddress(address)
    setFault(checked.ok ? null : checked.problem)
    if (!checked.ok) return
    let newer = 0
    const done = await fetched.run(async (stop) => {
      for (const list of await fetchPacks(checked.address, stop)) {
        const { kind, version } = await facade.installPack({ file: list })
        if (version > newestOf(kind)) newer++
      }
      rememberListAddress(checked.address)
    })
    if (done) toast(newer === 0 ? say('lists.noneNewer') : say('lists.newer', { count: newer }))
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
        <Section title={say('lists.fetch')}>
          <form className="stack" onSubmit={fetchLists} noValidate>
            <TextField
              label={say('lists.address')}
              value={address}
              onChange={(text) => {
                setAddress(text)
                setFault(null)
                fetched.clear()
              }}
              mono
              inputMode="url"
              hint={say('lists.address.hint')}
              error={fault && words.t(`sources.problem.${fault}`)}
              testId="list-address"
            />
            <ProblemNotice problem={fetched.problem} />
            <Button type="submit" wide busy={fetched.busy} testId="list-fetch">
              {say('lists.fetch.button')}
            </Button>
            <Stop command={fetched} />
          </form>
        </Section>
      )}
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
