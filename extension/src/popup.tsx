/** The popup under the extension's button; with `?surface=page` the wallet in a tab, with `?surface=panel` beside the page. */
import { continueInTab, standsInTab } from './infrastructure/own-page.ts'
import { drawWallet } from './page/draw.tsx'

const where = new URLSearchParams(window.location.search).get('surface')

void drawWallet({
  // A panel is as wide as the person pulls it, like a page.
  surface: where === 'page' || where === 'panel' ? 'page' : 'popup',
  async maySetUp() {
    if (await standsInTab()) return true
    await continueInTab('popup.html?surface=page')
    return false
  },
})
