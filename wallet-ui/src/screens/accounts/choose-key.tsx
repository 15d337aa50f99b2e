import type { DeviceKeysAnswer, DeviceKeyView } from '@glowworm/wallet-core/facade/facade'
import { type FormEvent, useId, useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { go } from '../../app/route.ts'
import { useWallet } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { TextField } from '../../controls/field.tsx'
import { Hex } from '../../controls/hex.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { useToast } from '../../controls/toast.tsx'
import { useAccountWords } from '../../messages/accounts/words.ts'

/** One of the keys that a device has named, and a name for the account. */
export function ChooseKey(props: { keys: readonly DeviceKeyView[]; from: DeviceKeysAnswer; name: string }) {
  const { facade } = useWallet()
  const say = useAccountWords()
  const toast = useToast()
  const command = useCommand()
  const group = useId()
  const [path, setPath] = useState(() => props.keys.find(({ known }) => !known)?.path ?? null)
  const [name, setName] = useState(props.name)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (path === null) return
    const added = await command.run(() => facade.addDeviceAccount({ ...props.from, path, name: name.trim() }))
    if (!added) return
    toast(say('device.added'))
    go('accounts')
  }
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <fieldset className="rows" data-testid="device-keys">
        <legend className="hidden-text">{say('device.choose')}</legend>
        {props.keys.map((key) => (
          <label key={key.path} className="check-row">
            <input
              type="radio"
              name={group}
              checked={path === key.path}
              disabled={key.known}
              onChange={() => setPath(key.path)}
            />
            <span>
              <Hex value={key.checksummed} />
              <span className="check-text mono" dir="ltr">
                {key.path}
              </span>
              {key.known && <span className="check-text">{say('device.known')}</span>}
            </span>
          </label>
        ))}
      </fieldset>
      <TextField label={say('device.name')} value={name} onChange={setName} testId="account-name" />
      <ProblemNotice problem={command.problem} />
      <Button
        kind="primary"
        wide
        type="submit"
        busy={command.busy}
        disabled={path === null || name.trim() === ''}
        testId="device-add"
      >
        {say('device.add')}
      </Button>
    </form>
  )
}
