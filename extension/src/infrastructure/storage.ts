import type { SessionStore } from '@glowworm/wallet-core'

/** Text that survives a restart of the browser. */
export interface TextStore {
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<void>
  remove(key: string): Promise<void>
}

/** Content scripts share a process with pages: they may read nothing here. The default for `local` says otherwise. */
export async function closeStorageToContentScripts(): Promise<void> {
  const accessLevel = 'TRUSTED_CONTEXTS'
  // Firefox keeps the session's area closed by itself, and has no switch for the other one: what lies there is no secret.
  await Promise.all([
    chrome.storage.local.setAccessLevel?.({ accessLevel }),
    chrome.storage.session.setAccessLevel?.({ accessLevel }),
  ])
}

/** Lives as long as the browser runs, whatever becomes of the worker. */
export const sessionTexts = (): SessionStore => texts(chrome.storage.session)

export const lastingTexts = (): TextStore => texts(chrome.storage.local)

function texts(area: chrome.storage.StorageArea): TextStore {
  return {
    async get(key) {
      const value: unknown = (await area.get(key))[key]
      return typeof value === 'string' ? value : null
    },
    set: (key, value) => area.set({ [key]: value }),
    remove: (key) => area.remove(key),
  }
}
