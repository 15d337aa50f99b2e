import type { NameView, Problem, Shown } from '@glowworm/wallet-core/facade/facade'
import { useEffect, useState } from 'react'
import { problemOf } from '../../app/command.ts'
import { useWallet } from '../../app/wallet-context.ts'
import { after } from '../../infrastructure/clock.ts'
import { isAddress, looksLikeName } from './check-transfer.ts'

/** How long nothing must have been typed before the sources are asked, in ms. */
const PAUSE = 500

/** What was found for the text that stands there now; null while there is nothing to look up. */
export type FoundName =
  | { readonly state: 'looking' }
  | { readonly state: 'found'; readonly shown: Shown<NameView> }
  | { readonly state: 'failed'; readonly problem: Problem }

/** Looks up where a name leads, or whose name an address has, once the typing pauses. */
export function useName(typed: string): FoundName | null {
  const { facade } = useWallet()
  const text = typed.trim()
  const wanted = isAddress(text) || looksLikeName(text)
  const [found, setFound] = useState<{ text: string; name: FoundName } | null>(null)
  useEffect(() => {
    if (!wanted) return
    let current = true
    const settle = (name: FoundName) => {
      if (current) setFound({ text, name })
    }
    const cancel = after(PAUSE, () => {
      facade.lookUpName({ text }).then(
        (shown) => settle({ state: 'found', shown }),
        (error: unknown) => settle({ state: 'failed', problem: problemOf(error) }),
      )
    })
    return () => {
      current = false
      cancel()
    }
  }, [facade, text, wanted])
  if (!wanted) return null
  return found?.text === text ? found.name : { state: 'looking' }
}
