/** Names of the ports between the extension's parts. */

/** Wallet pages → worker: the façade. */
export const WALLET_PORT = 'wallet'
/** Relay beside a page → worker: the provider. */
export const SITE_PORT = 'site'
/** Offscreen document → worker: peer connections. */
export const CARRIER_PORT = 'carrier'
