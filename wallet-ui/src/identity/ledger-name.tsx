import type { DidChange } from '@glowworm/wallet-core/facade/identity'
import { type FormEvent, useState } from 'react'
import { useCommand } from '../app/command.ts'
import { useSelected } from '../app/selected.ts'
import { useWallet } from '../app/wallet-context.ts'
import { Button } from '../controls/button.tsx'
import { SelectField, TextField } from '../controls/field.tsx'
import { Section } from '../controls/screen.tsx'
import { DidPart } from './account-document.tsx'
import { IdentityProblem, useSay } from './words.tsx'

type Kind = DidChange['kind']
type Hex = `0x${string}`

const KINDS: readonly Kind[] = [
  'add-delegate',
  'revoke-delegate',
  'set-attribute',
  'revoke-attribute',
  'change-owner',
  'deactivate',
]
const DAY = 86_400
/** A hundred years. */
const MOST_DAYS = 36_500

/** Null for what is no whole number of days. */
function daysIn(text: string): number | null {
  const days = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0
  return days >= 1 && days <= MOST_DAYS ? days : null
}

/** The did:ethr of the account, and changes to it. Each becomes a transaction, which is then read and approved. */
export function LedgerName() {
  const { facade, state } = useWallet()
  const say = useSay()
  const account = useSelected()
  const command = useCommand()
  const [kind, setKind] = useState<Kind>('add-delegate')
  const [other, setOther] = useState('')
  const [days, setDays] = useState('365')
  const [name, setName] = useState('')
  const [value, setValue] = useState('')
  if (!account) return null
  const needsAccount = kind === 'add-delegate' || kind === 'revoke-delegate' || kind === 'change-owner'
  const needsAttribute = kind === 'set-attribute' || kind === 'revoke-attribute'
  const needsDays = kind === 'add-delegate' || kind === 'set-attribute'
  const review = (event: FormEvent) => {
    event.preventDefault()
    if (needsDays && daysIn(days) === null) return
    void command.run(async () => {
      await facade.prepareDidChange({ accountId: account.id, change: changeOf() })
    })
  }
  return (
    <Section title={say('ledger')} testId="ledger-name">
      <DidPart
        title={say('resolve.did')}
        text={say('ledger.intro')}
        did={`did:ethr:0x${state.network.chainId.toString(16)}:${account.address}`}
        testId="did-ethr"
      />
      <form className="stack" onSubmit={review} noValidate>
        <SelectField
          label={say('ledger.kind')}
          value={kind}
          options={KINDS.map((one) => ({ value: one, label: say(`ledger.kind.${one}`) }))}
          onChange={setKind}
          testId="ledger-kind"
        />
        {needsAccount && (
          <TextField label={say('ledger.account')} value={other} onChange={setOther} mono testId="ledger-account" />
        )}
        {needsAttribute && (
          <>
            <TextField
              label={say('ledger.attribute')}
              hint={say('ledger.attribute.hint')}
              value={name}
              onChange={setName}
              mono
              testId="ledger-attribute"
            />
            <TextField label={say('ledger.value')} value={value} onChange={setValue} testId="ledger-value" />
          </>
        )}
        {needsDays && (
          <TextField
            label={say('ledger.days')}
            value={days}
            onChange={setDays}
            inputMode="decimal"
            error={daysIn(days) === null ? say('ledger.days.problem', { most: MOST_DAYS }) : null}
            testId="ledger-days"
          />
        )}
        <IdentityProblem problem={command.problem} />
        <Button type="submit" wide busy={command.busy} testId="ledger-review">
          {say('ledger.review')}
        </Button>
      </form>
    </Section>
  )

  function changeOf(): DidChange {
    const validity = (daysIn(days) ?? 0) * DAY
    const delegate = other.trim() as Hex
    // 0x… is bytes, such as a key; all else is text.
    const bytes = /^0x(?:[0-9a-fA-F]{2})+$/.test(value.trim())
      ? Uint8Array.from(value.trim().slice(2).match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
      : new TextEncoder().encode(value)
    switch (kind) {
      case 'add-delegate':
        return { kind, use: 'veriKey', delegate, validity }
      case 'revoke-delegate':
        return { kind, use: 'veriKey', delegate }
      case 'set-attribute':
        return { kind, name: name.trim(), value: bytes, validity }
      case 'revoke-attribute':
        return { kind, name: name.trim(), value: bytes }
      case 'change-owner':
        return { kind, owner: delegate }
      case 'deactivate':
        return { kind }
    }
  }
}
