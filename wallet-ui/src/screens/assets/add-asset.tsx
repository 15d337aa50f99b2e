import type { AssetPreview } from '@glowworm/wallet-core/facade/facade'
import { type FormEvent, useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { go } from '../../app/route.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { TextField } from '../../controls/field.tsx'
import { Hex } from '../../controls/hex.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { Screen, Section } from '../../controls/screen.tsx'
import { Stop } from '../../controls/stop.tsx'
import { useAssetWords } from '../../messages/assets/words.ts'
import { checkRecipient } from '../send/check-transfer.ts'
import { AssetFacts } from './asset-facts.tsx'

export function AddAsset() {
  const { facade } = useWallet()
  const { t } = useWords()
  const say = useAssetWords()
  const command = useCommand()
  const [address, setAddress] = useState('')
  const [number, setNumber] = useState('')
  const [tried, setTried] = useState(false)
  const [seen, setSeen] = useState<AssetPreview | null>(null)
  const wrong = checkRecipient(address)
  const id = /^\d{1,78}$/.test(number.trim()) ? BigInt(number.trim()) : null
  const wrongNumber = number.trim() !== '' && id === null
  const change = (set: (text: string) => void) => (text: string) => {
    set(text)
    setSeen(null)
    command.clear()
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (wrong !== null || wrongNumber) return
    await command.run(async (stop) => setSeen(await facade.lookAtAsset({ address: address.trim(), id }, stop)))
  }
  const keep = async () => {
    if (seen && (await command.run(async () => void (await facade.addAsset({ address: seen.address, id: seen.id })))))
      go('assets')
  }
  return (
    <Screen title={say('assets.add')} back={['assets']} testId="add-asset-screen">
      <form className="stack" onSubmit={submit} noValidate>
        <TextField
          label={say('assets.field.address')}
          value={address}
          onChange={change(setAddress)}
          mono
          lines={2}
          hint={wrong === null ? <Hex value={address.trim()} /> : t('send.to.hint')}
          error={tried && wrong !== null ? t('send.problem.to.shape') : null}
          testId="asset-address"
        />
        <TextField
          label={say('assets.field.id')}
          value={number}
          onChange={change(setNumber)}
          hint={say('assets.field.id.hint')}
          error={tried && wrongNumber ? say('assets.field.id.problem') : null}
          testId="asset-id"
        />
        <ProblemNotice problem={command.problem} />
        {seen === null && (
          <Button kind="primary" wide type="submit" busy={command.busy} testId="asset-look">
            {command.busy ? say('assets.looking') : say('assets.look')}
          </Button>
        )}
        <Stop command={command} />
      </form>
      {seen && <Preview seen={seen} busy={command.busy} onKeep={keep} />}
    </Screen>
  )
}

function Preview({ seen, busy, onKeep }: { seen: AssetPreview; busy: boolean; onKeep: () => void }) {
  const say = useAssetWords()
  return (
    <Section title={say(`assets.standard.${seen.standard}`)} testId="asset-preview">
      <AssetFacts seen={seen} />
      <Button
        kind={seen.imitates === null ? 'primary' : 'danger'}
        wide
        busy={busy}
        onClick={onKeep}
        testId="asset-keep"
      >
        {seen.imitates === null ? say('assets.keep') : say('assets.keep.despite')}
      </Button>
    </Section>
  )
}
