import { routeHref } from '../../app/route.ts'
import { useWords } from '../../app/wallet-context.ts'
import { Icon } from '../../controls/icon.tsx'
import { Screen } from '../../controls/screen.tsx'
import { useHistoryWords } from '../../messages/history/words.ts'
import { useSafetyWords } from '../../messages/safety/words.ts'
import { CheckSignature } from './check-signature.tsx'
import { Contacts } from './contacts.tsx'
import { Limits } from './limits.tsx'
import { Lists } from './lists.tsx'
import { Permissions } from './permissions.tsx'

/** What protects this wallet's owner, by the second part of the route. */
export function Safety({ part }: { part: string | undefined }) {
  switch (part) {
    case 'contacts':
      return <Contacts />
    case 'limits':
      return <Limits />
    case 'permissions':
      return <Permissions />
    case 'lists':
      return <Lists />
    case 'signature':
      return <CheckSignature />
    default:
      return <Overview />
  }
}

function Overview() {
  const { t } = useWords()
  const say = useSafetyWords()
  const sayMore = useHistoryWords()
  const places = [
    ['contacts', say('contacts.title')],
    ['permissions', sayMore('permissions.title')],
    ['limits', say('limits.title')],
    ['lists', sayMore('lists.title')],
    ['signature', say('signature.title')],
  ] as const
  return (
    <Screen title={t('settings.safety')} back={['settings']} testId="safety-screen">
      <div className="rows">
        {places.map(([place, title]) => (
          <a key={place} className="row" href={routeHref('safety', place)} data-testid={`safety-${place}`}>
            <span className="row-main">
              <span className="row-title">{title}</span>
            </span>
            <Icon name="next" />
          </a>
        ))}
      </div>
    </Screen>
  )
}
