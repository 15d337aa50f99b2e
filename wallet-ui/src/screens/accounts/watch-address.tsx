import { type FormEvent, useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { go } from '../../app/route.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { TextField } from '../../controls/field.tsx'
import { Hex } from '../../controls/hex.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { Screen } from '../../controls/screen.tsx'
import { useAccountWords } from '../../messages/accounts/words.ts'
import { checkRecipient } from '../send/check-transfer.ts'

export function WatchAddress() {
  const { facade, state } = useWallet()
  const { t } = useWords()
  const say = useAccountWords()
  const command = useCommand()
  const [address, setAddress] = useState('')
  const [name, setName] = useState(() => t('accounts.new', { number: state.accounts.length + 1 }))
  const [tried, setTried] = useState(false)
  const problem = checkRecipient(address)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (problem !== null) return
    if (await command.run(() => facade.watchAddress({ address: address.trim(), name: name.trim() }))) go('accounts')
  }
  return (
    <Screen title={say('accounts.watch')} back={['accounts']} testId="watch-screen">
      <p>{say('accounts.watch.text')}</p>
      <form className="stack" onSubmit={submit} noValidate>
        <TextField
          label={say('watch.address')}
          value={address}
          onChange={setAddress}
          mono
          lines={2}
          hint={problem === null ? <Hex value={address.trim()} /> : t('send.to.hint')}
          error={tried && problem !== null ? t('send.problem.to.shape') : null}
          testId="watch-field"
        />
        <TextField label={t('accounts.name')} value={name} onChange={setName} testId="account-name" />
        <ProblemNotice problem={command.problem} />
        <Button kind="primary" wide type="submit" busy={command.busy} disabled={name.trim() === ''} testId="watch-add">
          {say('watch.add')}
        </Button>
      </form>
    </Screen>
  )
}
