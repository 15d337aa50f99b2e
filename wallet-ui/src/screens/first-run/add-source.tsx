import type { SourceChoice } from '@glowworm/wallet-core/facade/facade'
import { type FormEvent, useState } from 'react'
import { useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { SelectField, TextField } from '../../controls/field.tsx'
import { checkSource, type SourceProblem } from './source-address.ts'

const KINDS = ['beacon', 'execution', 'peer', 'turn'] as const

export function AddSource(props: {
  existing: readonly SourceChoice[]
  open: boolean
  onAdd: (source: SourceChoice) => void
}) {
  const { t } = useWords()
  const [kind, setKind] = useState<SourceChoice['kind']>('beacon')
  const [address, setAddress] = useState('')
  const [problem, setProblem] = useState<SourceProblem | null>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const checked = checkSource(kind, address, props.existing)
    setProblem(checked.ok ? null : checked.problem)
    if (!checked.ok) return
    props.onAdd({ kind, address: checked.address, chosen: true, bundled: false })
    setAddress('')
  }
  return (
    <details className="section details" open={props.open}>
      <summary data-testid="add-source">{t('sources.add')}</summary>
      <form className="stack" onSubmit={submit} noValidate>
        <SelectField
          label={t('sources.add.kind')}
          value={kind}
          onChange={setKind}
          options={KINDS.map((value) => ({ value, label: t(`sources.kind.${value}`) }))}
          hint={t(`sources.learns.${kind}`)}
          testId="add-source-kind"
        />
        <TextField
          label={t('sources.add.address')}
          value={address}
          onChange={setAddress}
          mono
          inputMode="url"
          hint={t(`sources.add.hint.${kind}`)}
          error={problem && t(`sources.problem.${problem}`)}
          testId="add-source-address"
        />
        <Button type="submit" icon="plus" testId="add-source-button">
          {t('sources.add.button')}
        </Button>
      </form>
    </details>
  )
}
