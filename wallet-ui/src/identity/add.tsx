import { useState } from 'react'
import { useCommand } from '../app/command.ts'
import { go } from '../app/route.ts'
import { useWallet } from '../app/wallet-context.ts'
import { Button } from '../controls/button.tsx'
import { TextField } from '../controls/field.tsx'
import { FileField } from '../controls/file-field.tsx'
import { Screen } from '../controls/screen.tsx'
import { useToast } from '../controls/toast.tsx'
import { IdentityProblem, useSay } from './words.tsx'

/** A credential that somebody has as text or in a file: it is believed, or refused, like any other. */
export function Add() {
  const { facade } = useWallet()
  const say = useSay()
  const toast = useToast()
  const command = useCommand()
  const [text, setText] = useState('')
  const add = async () => {
    let id = ''
    const added = await command.run(async () => {
      id = (await facade.addCredential({ text })).id
    })
    if (!added) return
    toast(say('add.done'))
    go('identity', 'credential', id)
  }
  return (
    <Screen title={say('add')} back={['identity']} testId="add-screen">
      <p>{say('add.text')}</p>
      <FileField
        label={say('add.file')}
        onChange={(bytes) => setText(new TextDecoder().decode(bytes ?? new Uint8Array()))}
        testId="add-file"
      />
      <TextField label={say('add.field')} value={text} onChange={setText} lines={6} mono testId="add-text" />
      <IdentityProblem problem={command.problem} />
      <Button kind="primary" wide onClick={add} busy={command.busy} disabled={text.trim() === ''} testId="add-take">
        {say('add.take')}
      </Button>
    </Screen>
  )
}
