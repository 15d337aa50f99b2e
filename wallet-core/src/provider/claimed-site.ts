/**
 * The name under which a page on another screen is a site here. No browser says whose the page is, only the page does: so
 * what it is allowed stands under a name of its own for each connection, which no page of the web can have (`invalid` is
 * nobody's, RFC 6761), and never under the origin that it claims.
 * @module
 */

export interface ClaimedSite {
  /** What the page says its origin is. */
  readonly origin: string
  /** Of the connection: 32 hexadecimal digits. */
  readonly id: string
}

const NAME = /^https:\/\/(.+)\.([spcm])(\d*)\.([0-9a-f]{32})\.phone\.invalid$/
/** Where extensions of Chromium and of Firefox are served. */
const EXTENSION = /^(chrome|moz)-extension:\/\/([a-p]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/
const SCHEMES: Readonly<Record<string, string>> = { s: 'https', p: 'http', c: 'chrome-extension', m: 'moz-extension' }
/** Characters of a host, so that the name is still one. */
const MOST_HOST = 180

/** The name, in the form of an origin; null for what no page with a wallet has for an origin. */
export function claimedSite({ origin, id }: ClaimedSite): string | null {
  const [, browser, extension] = EXTENSION.exec(origin) ?? []
  if (extension !== undefined) return `https://${extension}.${browser![0]}.${id}.phone.invalid`
  const url = URL.canParse(origin) ? new URL(origin) : null
  // A page writes its origin as the browser does, in ASCII: what has to be put right first was made by hand.
  if (url === null || url.origin !== origin || url.hostname.length > MOST_HOST) return null
  if (!/^[a-z0-9._-]+$/.test(url.hostname)) return null
  const loopback = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+)$/.test(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) return null
  const name = `https://${url.hostname}.${url.protocol === 'https:' ? 's' : 'p'}${url.port}.${id}.phone.invalid`
  return readClaimedSite(name)?.origin === origin ? name : null
}

/** Null for the origin of a page that a browser vouches for. */
export function readClaimedSite(site: string): ClaimedSite | null {
  const [, host, scheme, port, id] = NAME.exec(site) ?? []
  if (host === undefined || id === undefined) return null
  return { id, origin: `${SCHEMES[scheme!]}://${host}${port ? `:${port}` : ''}` }
}

/** True for a session with what says it is a wallet's extension on another screen. */
export const isOtherWallet = (site: string): boolean => EXTENSION.test(readClaimedSite(site)?.origin ?? '')

/** The site as a person reads it: what it claims, where nobody vouches for it. */
export const saidOrigin = (site: string): string => readClaimedSite(site)?.origin ?? site
