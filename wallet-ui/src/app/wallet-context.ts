/** What every screen has at hand: the wallet's state and commands, the language, the time, the route. */
import type { WalletFacade, WalletState } from '@glowworm/wallet-core/facade/facade'
import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react'
import { every, now } from '../infrastructure/clock.ts'
import type { Language, Words } from '../messages/language.ts'

/** Where the interface is mounted: a page of its own, the extension's popup, or its window for one decision. */
export type Surface = 'page' | 'popup' | 'approval'

/** The page of an issuer that wants to see its user before it gives a credential (OpenID4VCI §3.4). */
export interface IssuerPage {
  /** Where it leads back to. */
  returnTo(): string
  /** False: what is drawn here would not outlast it, and the wallet goes on elsewhere, at this hash. */
  stays(hash: string): Promise<boolean>
  /** The address it led back to; null: this very page has left for it, and is opened anew. Rejects when it was closed. */
  visit(url: string): Promise<string | null>
}

export interface AppContext {
  /** Null until the trusted half has answered. */
  readonly facade: WalletFacade | null
  readonly surface: Surface
  readonly words: Words
  readonly languageChoice: Language | null
  chooseLanguage(language: Language | null): void
  /** Called when the approval window has nothing left to decide. */
  readonly onIdle: (() => void) | null
  /** Null: it is visited in this very page. */
  readonly issuerPage: IssuerPage | null
}

export const Context = createContext<AppContext | null>(null)

export function useApp(): AppContext {
  const context = useContext(Context)
  if (!context) throw new Error('useApp needs the Context provider of mountWallet above it')
  return context
}

export function useWords(): Words {
  return useApp().words
}

export function useWallet(): { facade: WalletFacade; state: WalletState } {
  const { facade } = useApp()
  if (!facade) throw new Error('useWallet is for screens below App, which waits for the façade')
  const read = () => facade.state
  const state = useSyncExternalStore((listener) => facade.subscribe(listener), read, read)
  return { facade, state }
}

/** The current time, renewed every `milliseconds`: ages are words that get old themselves. */
export function useNow(milliseconds = 5000): number {
  const [time, setTime] = useState(now)
  useEffect(() => every(milliseconds, () => setTime(now())), [milliseconds])
  return time
}
