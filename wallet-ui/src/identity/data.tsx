import { useState } from 'react'
import { useCommand } from '../app/command.ts'
import { useWallet } from '../app/wallet-context.ts'
import { AccountHint } from '../controls/account-hint.tsx'
import { Button } from '../controls/button.tsx'
import { TextField } from '../controls/field.tsx'
import { Screen } from '../controls/screen.tsx'
import { useToast } from '../controls/toast.tsx'
import { saveFile } from '../infrastructure/files.ts'
import { withBytes } from '../screens/secret-text.ts'
import { IdentityProblem, useSay } from './words.tsx'

/** Take everything along, or leave nothing behind. */
export function Data() {
  const { facade } = useWallet()
  const say = useSay()
  const toast = useToast()
  const command = useCommand()
  const [password, setPassword] = useState('')
  const [sure, setSure] = useState(false)
  const done = (words: string) => {
    setPassword('')
    setSure(false)
    toast(words)
  }
  const save = () =>
    command.run(async () => {
      const { file } = await withBytes(password, (bytes) => facade.exportIdentity({ password: bytes }))
      saveFile('identity.json', file)
      done(say('data.exported'))
    })
  const erase = () => {
    if (!sure) return setSure(true)
    void command.run(async () => {
      await withBytes(password, (bytes) => facade.eraseIdentity({ password: bytes }))
      done(say('data.erased'))
    })
  }
  return (
    <Screen title={say('data')} back={['identity']} testId="data-screen">
      <p>{say('data.text')}</p>
      <form className="stack" onSubmit={(event) => event.preventDefault()} noValidate>
        <AccountHint />
        <TextField
          label={say('data.password')}
          value={password}
          onChange={setPassword}
          secret
          autoComplete="current-password"
          testId="password"
        />
        <IdentityProblem problem={command.problem} />
        <Button wide onClick={save} busy={command.busy} disabled={password === ''} testId="data-export">
          {say('data.export')}
        </Button>
        <Button kind="danger" wide onClick={erase} busy={command.busy} disabled={password === ''} testId="data-erase">
          {say(sure ? 'data.erase.sure' : 'data.erase')}
        </Button>
      </form>
    </Screen>
  )
}
