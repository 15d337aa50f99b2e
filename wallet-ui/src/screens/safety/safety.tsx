import { routeHref } from '../../app/route.ts'
import { useWords } from '../../app/wallet-context.ts'
import { Icon } from '../../controls/icon.tsx'
import { Screen } from '../../controls/screen.tsx'
import { useSafetyWords } from '../../messages/safety/words.ts'
import { Contacts } from './contacts.tsx'
import { Limits } from './limits.tsx'

/** What protects this wallet's owner, by the second part of the route. */
export function Safety({ part }: { part: string | undefined }) {
  if (part === 'contacts') return <Contacts />
  if (part === 'limits') return <Limits />
  return <Overview />
}

const PLACES = ['contacts', 'limits'] as const

function Overview() {
  const { t } = useWords()
  const say = useSafetyWords()
  return (
    <Screen title={t('settings.safety')} back={['settings']} testId="safety-screen">
      <div className="rows">
        {PLACES.map((place) => (
          <a key={place} className="row" href={routeHref('safety', place)} data-testid={`safety-${place}`}>
            <span className="row-main">
              <span className="row-title">{say(`${place}.title`)}</span>
            </span>
            <Icon name="next" />
          </a>
        ))}
      </div>
    </Screen>
  )
}
