/** The few things of the page that are not drawing: clipboard, remembered preference, attention, chance. */

const LANGUAGE_KEY = 'glowworm.language'
const DIRECTION_KEY = 'glowworm.direction'

/** True when the text is in the clipboard; false where the browser refuses. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

/** The language the person chose in the settings, or null to follow the browser. */
export const rememberedLanguage = (): string | null => remembered(LANGUAGE_KEY)
export const rememberLanguage = (language: string | null): void => remember(LANGUAGE_KEY, language)

/** The reading direction the person chose, or null to follow the language. */
export function rememberedDirection(): 'ltr' | 'rtl' | null {
  const direction = remembered(DIRECTION_KEY)
  return direction === 'ltr' || direction === 'rtl' ? direction : null
}

/** @param ofLanguage what counts where nothing was chosen */
export function chooseDirection(direction: 'ltr' | 'rtl' | null, ofLanguage: 'ltr' | 'rtl'): void {
  remember(DIRECTION_KEY, direction)
  document.documentElement.dir = direction ?? ofLanguage
}

/** Tells the page its language: for screen readers, hyphens, fonts and the side where lines begin. */
export function speakOnPage(language: string, direction: 'ltr' | 'rtl'): void {
  document.documentElement.lang = language
  document.documentElement.dir = rememberedDirection() ?? direction
}

export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

export function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // A browser that refuses storage, or is full, only forgets it.
  }
}

export function preferredLanguages(): readonly string[] {
  return navigator.languages
}

/** False where there is no page at all: nothing is seen there. */
export function isVisible(): boolean {
  return typeof document !== 'undefined' && document.visibilityState === 'visible'
}

/**
 * Tells when the page may have been moved or covered: it became visible or hidden, came into focus, or changed its
 * size. `visible` is the state after the event.
 */
export function watchAttention(listener: (visible: boolean) => void): () => void {
  const tell = () => listener(isVisible())
  document.addEventListener('visibilitychange', tell)
  window.addEventListener('focus', tell)
  window.addEventListener('resize', tell)
  return () => {
    document.removeEventListener('visibilitychange', tell)
    window.removeEventListener('focus', tell)
    window.removeEventListener('resize', tell)
  }
}

/** `count` different whole numbers below `limit`, ascending, unpredictable. */
export function pickPositions(count: number, limit: number): number[] {
  const chosen = new Set<number>()
  const wanted = Math.min(count, limit)
  while (chosen.size < wanted) {
    const word = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
    // Words above the last multiple of `limit` would favour small positions.
    if (word < 0x1_0000_0000 - (0x1_0000_0000 % limit)) chosen.add(word % limit)
  }
  return [...chosen].sort((a, b) => a - b)
}

/** Calls `action` when the page is seen again, the device is online again, or it has changed to another network. */
export function whenBack(action: () => void): void {
  document.addEventListener('visibilitychange', () => {
    if (isVisible()) action()
  })
  window.addEventListener('online', action)
  // Chromium tells of a change of network; elsewhere connections find out by their pings.
  networkInformation()?.addEventListener('change', action)
}

/** Network Information API; not in every browser, and not in TypeScript's library. */
function networkInformation(): EventTarget | undefined {
  return (navigator as Navigator & { readonly connection?: EventTarget }).connection
}

/** Asks the browser not to clear this site's storage by itself; true when it agrees, null when it cannot be asked. */
export async function keepStorage(): Promise<boolean | null> {
  return (await navigator.storage?.persist?.().catch(() => null)) ?? null
}

/** Whether the browser keeps this site's storage; null when it does not say. */
export async function storageIsKept(): Promise<boolean | null> {
  return (await navigator.storage?.persisted?.().catch(() => null)) ?? null
}

/** Makes the built app start without a network. Development servers have no service worker. */
export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  // Without it the app works, only not offline.
  navigator.serviceWorker.register('./service-worker.js', { type: 'module' }).catch(() => {})
}

/** Host of this page, empty where it comes from no host. */
export function pageHost(): string {
  return typeof window === 'undefined' || !window.location.protocol.startsWith('http') ? '' : window.location.hostname
}

export function reloadPage(): void {
  window.location.reload()
}

/** Whether the page was opened by an issuer's page that led back here (RFC 6749 §4.1.2). */
export function returnedWithCode(): boolean {
  const query = typeof window === 'undefined' ? new URLSearchParams() : new URLSearchParams(window.location.search)
  return query.has('state') && (query.has('code') || query.has('error'))
}

/** Where an issuer's page leads back to: this page, without what stands behind it. */
export function returnAddress(): string {
  return `${window.location.origin}${window.location.pathname}`
}

/** The whole address once, then without its query: a reload does not answer again. */
export function takeAddress(): string {
  const { href } = window.location
  window.history.replaceState(null, '', returnAddress())
  return href
}

export function leaveFor(url: string): void {
  window.location.assign(url)
}
