/** Every screen with a state that fills it: what screenshots and the check of accessibility walk through. */
import { HELD_ASSETS } from './fake-belongings.ts'
import { SCENES } from './scenes.ts'

export interface Place {
  readonly name: string
  readonly scene: keyof typeof SCENES
  /** Behind the `#` of the address. */
  readonly route: string
}

const scenes = Object.keys(SCENES) as (keyof typeof SCENES)[]
const at = (route: string, scene: keyof typeof SCENES = 'home'): Place => ({
  // Scenes have names of their own.
  name: `to-${route.replaceAll('/', '-')}`,
  scene,
  route,
})

export const PLACES: readonly Place[] = [
  ...scenes.map((scene) => ({ name: scene, scene, route: '' })),
  at('receive'),
  at('send'),
  at('accounts', 'accounts'),
  at('accounts/watch'),
  at('accounts/ledger'),
  at('accounts/qr'),
  at('assets', 'tokens'),
  at('assets/add', 'tokens'),
  at(`assets/${HELD_ASSETS.holdings.assets[0]!.key}`, 'tokens'),
  at(`assets/${HELD_ASSETS.holdings.assets[0]!.key}/send`, 'tokens'),
  at('history', 'tokens'),
  at('safety'),
  at('safety/contacts', 'tokens'),
  at('safety/permissions', 'tokens'),
  at('safety/limits', 'limits'),
  at('safety/lists', 'tokens'),
  at('safety/signature'),
  at('activity'),
  at('activity/e1'),
  at('activity/e0', 'stuck'),
  at('network', 'liar'),
  at('network/start', 'longAway'),
  at('network/pair'),
  at('settings', 'waysToUnlock'),
  at('sources'),
  at('backup'),
  at('backup-file'),
  at('phrase'),
  at('password'),
  at('unlock-methods', 'waysToUnlock'),
  at('import'),
  at('identity', 'credentials'),
  at('identity/add', 'credentials'),
  at('identity/log', 'credentials'),
  at('identity/names', 'credentials'),
  at('identity/data', 'credentials'),
]
