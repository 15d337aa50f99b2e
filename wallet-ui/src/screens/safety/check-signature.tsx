import type { SignatureCheck } from '@glowworm/wallet-core/facade/facade'
import { type FormEvent, useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { useWallet } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { TextField } from '../../controls/field.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { Screen } from '../../controls/screen.tsx'
import { Stop } from '../../controls/stop.tsx'
import { useSafetyWords } from '../../messages/safety/words.ts'
import { Proof } from '../../proof/proof.tsx'

/** Whether a message was signed by an account. What a contract says is executed on this device, on proven state. */
export function CheckSignature() {
  const { facade } = useWallet()
  const say = useSafetyWords()
  const command = useCommand()
  const [address, setAddress] = useState('')
  const [message, setMessage] = useState('')
  const [signature, setSignature] = useState('')
  const [seen, setSeen] = useState<SignatureCheck | null>(null)
  const change = (set: (text: string) => void) => (text: string) => {
    set(text)
    // It was about something else.
    setSeen(null)
    command.clear()
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const request = {
      address: address.trim(),
      message: messageBytes(message),
      signature: signature.trim() as `0x${string}`,
    }
    await command.run(async (stop) => setSeen(await facade.checkSignature(request, stop)))
  }
  return (
    <Screen title={say('signature.title')} back={['safety']} testId="check-signature">
      <p>{say('signature.intro')}</p>
      <form className="stack" onSubmit={submit} noValidate>
        <TextField
          label={say('signature.who')}
          hint={say('signature.who.hint')}
          value={address}
          onChange={change(setAddress)}
          mono
          lines={2}
          testId="signature-who"
        />
        <TextField
          label={say('signature.message')}
          hint={say('signature.message.hint')}
          value={message}
          onChange={change(setMessage)}
          lines={4}
          testId="signature-message"
        />
        <TextField
          label={say('signature.text')}
          hint={say('signature.text.hint')}
          value={signature}
          onChange={change(setSignature)}
          mono
          lines={3}
          testId="signature-text"
        />
        <ProblemNotice problem={command.problem} />
        {seen && (
          <div role="status">
            <Proof
              label={say('signature.result')}
              shown={seen.proof}
              format={(valid) => (valid ? say(`signature.yes.${seen.how}`) : say('signature.no'))}
              testId="signature-result"
            />
          </div>
        )}
        <Button
          kind="primary"
          wide
          type="submit"
          busy={command.busy}
          disabled={address.trim() === '' || signature.trim() === ''}
          testId="signature-check"
        >
          {say('signature.check')}
        </Button>
        <Stop command={command} />
      </form>
    </Screen>
  )
}

/** As `personal_sign` takes it: whole bytes in hexadecimal are bytes, everything else is text. */
export function messageBytes(text: string): Uint8Array {
  const digits = /^0x((?:[0-9a-f]{2})+)$/i.exec(text)?.[1]
  if (digits === undefined) return new TextEncoder().encode(text)
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
