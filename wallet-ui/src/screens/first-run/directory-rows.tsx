import type { SourceChoice } from '@glowworm/wallet-core/facade/facade'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { CheckRow } from '../../controls/field.tsx'
import { Section } from '../../controls/screen.tsx'
import { chooseOffer, isChosen, type Offer } from './directory.ts'

/** The bundled directory: who runs a node, and what they would learn. */
export function DirectoryRows(props: {
  offers: readonly Offer[]
  choices: readonly SourceChoice[]
  onChoices: (choices: readonly SourceChoice[]) => void
}) {
  const { state } = useWallet()
  const { t } = useWords()
  return (
    <Section title={t('sources.directory', { network: state.network.name })} testId="directory">
      <p>{t('sources.directory.text')}</p>
      <div className="rows">
        {props.offers.map((offer) => (
          <CheckRow
            key={`${offer.kind} ${offer.address}`}
            checked={isChosen(props.choices, offer)}
            onChange={(on) => props.onChoices(chooseOffer(props.choices, offer, on))}
            testId={`offer-${offer.kind}`}
            title={t('sources.directory.by', { kind: t(`sources.kind.${offer.kind}`), operator: offer.operator })}
            text={
              <>
                <span className="source-address mono breaks" dir="ltr">
                  {offer.address}
                </span>
                <span className="check-text">{t(`sources.learns.${offer.kind}`)}</span>
              </>
            }
          />
        ))}
      </div>
    </Section>
  )
}
