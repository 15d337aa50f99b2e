/** Sessions with pages on other screens, as far as this shell has them: loaded when the first code is read. */
import type { PhoneSessions } from '../phone/phone-sessions.ts'
import type { LoadPhone } from '../ports.ts'
import { readClaimedSite } from '../provider/claimed-site.ts'
import { withRule } from '../sites/site-rules.ts'
import { NotPermitted } from '../sites/sites.ts'
import { CannotPair } from './cannot-pair.ts'
import type { Core } from './core.ts'
import type { PhoneCommands } from './phone-values.ts'

const NAMES = ['phoneAnswer', 'phonePost', 'phoneConnected', 'phoneCancel', 'endPhoneSession'] as const

export function createPhoneCommands(core: Core): PhoneCommands {
  const command = (name: keyof PhoneCommands) => async (request: never) => {
    await core.keyring.touch()
    return ((await core.phone.load()).commands[name] as (request: never) => Promise<unknown>)(request)
  }
  return Object.fromEntries(NAMES.map((name) => [name, command(name)])) as unknown as PhoneCommands
}

export function phoneOf(core: () => Core, load: LoadPhone | undefined) {
  let loading: Promise<PhoneSessions> | null = null
  let loaded: PhoneSessions | null = null
  /** What such a page was allowed, and its rule: nobody can come under that name again. While locked: at the next unlocking. */
  async function takeBack(site: string): Promise<void> {
    const { keyring, disconnect } = core()
    if (keyring.phase !== 'unlocked') return
    await disconnect(site)
    await keyring.update((all) => withRule(all, { origin: site, blocked: false, expiresAt: null, policy: null }))
  }

  /** As `takeBack`, also where the vault cannot be written: then its connection is over all the same, and what it asked. */
  async function drop(site: string): Promise<void> {
    await takeBack(site).catch(() => undefined)
    core().approvals.rejectAll(new NotPermitted(), ({ origin }) => origin === site)
  }

  return {
    get loaded() {
      return loaded
    },
    drop,
    /** Takes back what was allowed in connections that ended while the wallet was locked, or with its thread. */
    async sweep(): Promise<void> {
      const { records } = core().keyring
      const live = new Set(loaded?.list.map(({ site }) => site))
      const left = new Set([...(records?.sites ?? []), ...(records?.siteRules ?? [])].map(({ origin }) => origin))
      for (const origin of left) if (readClaimedSite(origin) && !live.has(origin)) await drop(origin)
    },
    load(): Promise<PhoneSessions> {
      if (!load) return Promise.reject(new CannotPair())
      loading ??= load(core()).then((sessions) => {
        loaded = sessions
        return sessions
      })
      // Tried again: it may have been the network.
      loading.catch(() => {
        loading = null
      })
      return loading
    },
  }
}
