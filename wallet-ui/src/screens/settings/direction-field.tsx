import { useState } from 'react'
import { useWords } from '../../app/wallet-context.ts'
import { SelectField } from '../../controls/field.tsx'
import { chooseDirection, rememberedDirection } from '../../infrastructure/page.ts'
import { directionOf } from '../../messages/language.ts'

/** On which side lines begin: as in the language, or as somebody is used to. Numbers and addresses never turn. */
export function DirectionField() {
  const { t, language } = useWords()
  const [choice, setChoice] = useState(rememberedDirection)
  return (
    <SelectField<'auto' | 'ltr' | 'rtl'>
      label={t('settings.direction')}
      value={choice ?? 'auto'}
      options={(['auto', 'ltr', 'rtl'] as const).map((value) => ({ value, label: t(`settings.direction.${value}`) }))}
      onChange={(value) => {
        const next = value === 'auto' ? null : value
        chooseDirection(next, directionOf(language))
        setChoice(next)
      }}
      testId="direction"
    />
  )
}
