/** Where a network profile may come from. */
import { PROFILES } from '@glowworm/light-client/ledgers/ethereum/profiles'

/** What `npm start` serves. */
export const DEVNET_PROFILE = 'http://127.0.0.1:4310/network.json'

/** The JSON of a network this software knows by name. */
export const bundledProfile = (name: 'mainnet' | 'sepolia'): string => JSON.stringify(PROFILES[name])

export type Entered =
  | { readonly kind: 'json'; readonly text: string }
  | { readonly kind: 'address'; readonly url: string }
  | { readonly kind: 'empty' | 'insecure' }

/** What was typed or pasted: a profile, or the address of one. */
export function readEntered(entered: string): Entered {
  const text = entered.trim()
  if (text === '') return { kind: 'empty' }
  if (!/^https?:\/\/\S+$/i.test(text) || !URL.canParse(text)) return { kind: 'json', text }
  const url = new URL(text)
  const here = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  return url.protocol === 'https:' || here ? { kind: 'address', url: url.href } : { kind: 'insecure' }
}
