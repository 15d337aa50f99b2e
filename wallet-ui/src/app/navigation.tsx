import { PRODUCT } from '@glowworm/light-client/product'
import { Icon, Logo } from '../controls/icon.tsx'
import { routeHref } from './route.ts'
import { useWords } from './wallet-context.ts'

const PLACES = ['home', 'activity', 'identity', 'network', 'settings'] as const
/** Screens without a place of their own belong to the one they are reached from. */
const BELONGS: Readonly<Record<string, (typeof PLACES)[number]>> = {
  receive: 'home',
  send: 'home',
  backup: 'home',
  accounts: 'home',
  assets: 'home',
  history: 'activity',
  safety: 'settings',
  import: 'home',
  sources: 'network',
  phrase: 'settings',
  password: 'settings',
}

/** Below on phones, at the side on wide screens. */
export function Navigation({ current }: { current: string }) {
  const { t } = useWords()
  const place = BELONGS[current] ?? current
  return (
    <nav className="navigation" aria-label={t('app.nav')}>
      <p className="navigation-brand">
        <Logo />
        {PRODUCT.name}
      </p>
      {PLACES.map((name) => (
        <a
          key={name}
          href={routeHref(name)}
          className="navigation-item"
          aria-current={place === name ? 'page' : undefined}
          data-testid={`nav-${name}`}
        >
          <Icon name={name} />
          <span>{t(`nav.${name}`)}</span>
        </a>
      ))}
    </nav>
  )
}
