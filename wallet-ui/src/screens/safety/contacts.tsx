import type { ContactView } from '@glowworm/wallet-core/facade/facade'
import { type FormEvent, useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { TextField } from '../../controls/field.tsx'
import { Hex } from '../../controls/hex.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { Screen, Section } from '../../controls/screen.tsx'
import { useSafetyWords } from '../../messages/safety/words.ts'
import { checkRecipient } from '../send/check-transfer.ts'

export function Contacts() {
  const { state } = useWallet()
  const say = useSafetyWords()
  return (
    <Screen title={say('contacts.title')} back={['safety']} testId="contacts-screen">
      <p>{say('contacts.intro')}</p>
      {state.contacts.length === 0 ? (
        <p className="fine">{say('contacts.none')}</p>
      ) : (
        <ul className="rows plain-list">
          {state.contacts.map((contact) => (
            <ContactRow key={contact.id} contact={contact} />
          ))}
        </ul>
      )}
      <AddContact />
    </Screen>
  )
}

function ContactRow({ contact }: { contact: ContactView }) {
  const { facade } = useWallet()
  const { t } = useWords()
  const say = useSafetyWords()
  const command = useCommand()
  const [name, setName] = useState<string | null>(null)
  const rename = async (event: FormEvent) => {
    event.preventDefault()
    if (name === null) return
    if (await command.run(() => facade.renameContact({ id: contact.id, name: name.trim() }))) setName(null)
  }
  if (name !== null)
    return (
      <li>
        <form className="rename" onSubmit={rename} noValidate>
          <TextField label={say('contacts.name')} value={name} onChange={setName} focus testId="contact-rename" />
          <Button type="submit" kind="primary" busy={command.busy} disabled={name.trim() === ''}>
            {t('action.save')}
          </Button>
          <ProblemNotice problem={command.problem} />
        </form>
      </li>
    )
  return (
    <li className="row-with-action" data-testid="contact">
      <span className="row">
        <span className="row-main">
          <span className="row-title breaks">{contact.name}</span>
          <Hex value={contact.checksummed} />
        </span>
      </span>
      <Button kind="plain" onClick={() => setName(contact.name)} testId="rename-contact">
        {t('accounts.rename')}
        <span className="hidden-text"> {contact.name}</span>
      </Button>
      <Button
        kind="plain"
        busy={command.busy}
        onClick={() => command.run(() => facade.removeContact({ id: contact.id }))}
        testId="remove-contact"
      >
        {say('contacts.remove')}
        <span className="hidden-text"> {contact.name}</span>
      </Button>
      <ProblemNotice problem={command.problem} />
    </li>
  )
}

function AddContact() {
  const { facade } = useWallet()
  const { t } = useWords()
  const say = useSafetyWords()
  const command = useCommand()
  const [name, setName] = useState('')
  const [address, setAddress] = useState('')
  const [tried, setTried] = useState(false)
  const wrong = checkRecipient(address)
  const add = async (despite: boolean) => {
    setTried(true)
    if (wrong !== null || name.trim() === '') return
    const request = { name: name.trim(), address: address.trim(), despite }
    if (!(await command.run(() => facade.addContact(request)))) return
    setName('')
    setAddress('')
    setTried(false)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void add(false)
  }
  const alike = command.problem?.code === 'LOOKS_LIKE_KNOWN'
  const change = (set: (text: string) => void) => (text: string) => {
    set(text)
    command.clear()
  }
  return (
    <Section title={say('contacts.add')}>
      <form className="stack" onSubmit={submit} noValidate>
        <TextField label={say('contacts.name')} value={name} onChange={change(setName)} testId="contact-name" />
        <TextField
          label={say('contacts.address')}
          value={address}
          onChange={change(setAddress)}
          mono
          lines={2}
          hint={wrong === null ? <Hex value={address.trim()} /> : undefined}
          error={tried && wrong !== null ? t('send.problem.to.shape') : null}
          testId="contact-address"
        />
        <ProblemNotice problem={command.problem} />
        {alike ? (
          <Button kind="danger" wide busy={command.busy} onClick={() => add(true)} testId="contact-despite">
            {say('contacts.save.despite')}
          </Button>
        ) : (
          <Button
            kind="primary"
            wide
            type="submit"
            busy={command.busy}
            disabled={name.trim() === ''}
            testId="contact-save"
          >
            {say('contacts.save')}
          </Button>
        )}
      </form>
    </Section>
  )
}
