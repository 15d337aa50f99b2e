/** Which network the wallet is for. Kept as the text that was chosen, and checked again whenever it is read. */
import { type NetworkProfile, parseProfile } from '@glowworm/light-client/ledgers/ethereum/profile'
import { WalletError } from '@glowworm/wallet-core/errors'
import type { TextStore } from '../infrastructure/storage.ts'

const ENTRY = 'network-profile'
/** Profiles with a long list of sources are a few thousand characters. */
const MOST_CHARACTERS = 200_000

export interface ChosenNetwork {
  /** Null until somebody has chosen. */
  read(): Promise<NetworkProfile | null>
  /** @throws {UnreadableProfile} or what `parseProfile` throws */
  choose(text: string): Promise<void>
}

export function chosenNetwork(store: TextStore): ChosenNetwork {
  return {
    async read() {
      const text = await store.get(ENTRY)
      try {
        return text === null ? null : profileOf(text)
      } catch {
        // Written by an older version that knew another form: the user chooses again.
        return null
      }
    },
    async choose(text) {
      profileOf(text)
      await store.set(ENTRY, text)
    },
  }
}

function profileOf(text: string): NetworkProfile {
  if (text.length > MOST_CHARACTERS) throw new UnreadableProfile(`it is longer than ${MOST_CHARACTERS} characters`)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new UnreadableProfile('it is not JSON', cause)
  }
  return parseProfile(json)
}

export class UnreadableProfile extends WalletError {
  constructor(reason: string, cause?: unknown) {
    super(
      { name: 'Extension.UnreadableProfile', code: 'UNREADABLE_PROFILE', kind: 'usage' },
      `This is not a network profile: ${reason}.`,
      { cause, next: 'Paste the whole file, or give the address it is served at.' },
    )
  }
}
