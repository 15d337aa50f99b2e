/** The screens at the sizes and in the colours that `scenes.spec.ts` leaves out, by every rule. */
import { LAYOUT, looksFaultless, test } from './scenes/faults.ts'

test.use({ contextOptions: { reducedMotion: 'reduce' }, trace: 'off', screenshot: 'off' })

test('no screen of the popup has a fault that axe knows', ({ page, wallet }) =>
  looksFaultless(page, wallet, { size: 'popup', schemes: { light: null, dark: LAYOUT } }))

test('no screen on a desk in the dark has a fault that axe knows', ({ page, wallet }) =>
  looksFaultless(page, wallet, { size: 'desktop', schemes: { dark: null } }))
