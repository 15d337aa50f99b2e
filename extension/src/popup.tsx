/** The popup under the extension's button; with `?surface=page` the wallet in a tab, with `?surface=panel` beside the page. */
import { issuerWindow } from './infrastructure/issuer-window.ts'
import { continueInTab, standsInTab } from './infrastructure/own-page.ts'
import { drawWallet } from './page/draw.tsx'

const where = new URLSearchParams(window.location.search).get('surface')

void drawWallet({
  // A panel is as wide as the person pulls it, like a page.
  surface: where === 'page' || where === 'panel' ? 'page' : 'popup',
  maySetUp: () => staysInTab(''),
  // A popup closes as soon as the issuer's window is shown; a panel stays.
  issuerPage: { ...issuerWindow, stays: async (hash) => where === 'panel' || staysInTab(hash) },
})

/** False: it stood in no tab, and goes on in one, at that hash. */
async function staysInTab(hash: string): Promise<boolean> {
  if (await standsInTab()) return true
  await continueInTab(`popup.html?surface=page${hash}`)
  return false
}
