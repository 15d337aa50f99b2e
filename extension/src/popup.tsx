/** The popup under the extension's button; with `?surface=page` the wallet in a tab. */
import { continueInTab, standsInTab } from './infrastructure/own-page.ts'
import { drawWallet } from './page/draw.tsx'

const inTab = new URLSearchParams(window.location.search).get('surface') === 'page'

void drawWallet({
  surface: inTab ? 'page' : 'popup',
  async maySetUp() {
    if (await standsInTab()) return true
    await continueInTab('popup.html?surface=page')
    return false
  },
})
