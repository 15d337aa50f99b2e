import { useWallet } from '../../app/wallet-context.ts'
import { SelectField } from '../../controls/field.tsx'
import { useSafetyWords } from '../../messages/safety/words.ts'

export function ContactChoice({ onChoose }: { onChoose: (address: string) => void }) {
  const { state } = useWallet()
  const say = useSafetyWords()
  return (
    <SelectField
      label={say('contacts.choose')}
      value=""
      options={[
        { value: '', label: say('contacts.choose.none') },
        ...state.contacts.map(({ name, checksummed }) => ({ value: checksummed, label: name })),
      ]}
      onChange={(address) => address !== '' && onChoose(address)}
      testId="contact-choice"
    />
  )
}
