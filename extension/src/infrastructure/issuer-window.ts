/** An issuer's page in a window of the browser's, which tells where it led back to: to an address that nobody else serves. */
import type { IssuerPage } from '@glowworm/wallet-ui'

export const issuerWindow: IssuerPage = {
  returnTo: () => chrome.identity.getRedirectURL(),
  stays: async () => true,
  async visit(url) {
    const back = await chrome.identity.launchWebAuthFlow({ url, interactive: true })
    if (back === undefined) throw new Error('The page led nowhere.')
    return back
  },
}
