import { useSyncExternalStore } from 'react'

/** Hash routing: `#/activity/7` is `['activity', '7']`, an empty hash is `['home']`. */
export function parseRoute(hash: string): readonly string[] {
  const parts = hash
    .replace(/^#\/?/, '')
    .split('/')
    .filter((part) => part !== '')
    .map(decode)
  return parts.length === 0 ? ['home'] : parts
}

export function routeHref(...parts: readonly string[]): string {
  return `#/${parts.map(encodeURIComponent).join('/')}`
}

export function go(...parts: readonly string[]): void {
  window.location.hash = routeHref(...parts)
}

export function useRoute(): readonly string[] {
  const hash = useSyncExternalStore(
    (listener) => {
      window.addEventListener('hashchange', listener)
      return () => window.removeEventListener('hashchange', listener)
    },
    () => window.location.hash,
    () => '',
  )
  return parseRoute(hash)
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
