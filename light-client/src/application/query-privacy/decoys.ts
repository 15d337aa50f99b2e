/**
 * Questions nobody wants answered, put beside a real one so that who is asked cannot tell which it is. Off unless the
 * user wants it: it costs a few kilobytes for each decoy.
 *
 * Only questions about single accounts without slots, and pending nonces, are hidden so: for those, any account that
 * received coins of late is as plausible as the user's own, and its proof is as long. Calls to contracts read what
 * only that call reads, and nothing made up would look like it.
 * @module
 */
import type { Hex } from '../../ledgers/ethereum/evidence.ts'
import type { PeerRequest } from '../../ledgers/ledger-evidence.ts'

export interface Decoys {
  /** The decoys to put to this source beside a request; none while padding is off, or where none would be plausible. */
  beside(source: string, request: PeerRequest, signal: AbortSignal): Promise<PeerRequest[]>
  /** Where among `count` requests the real one goes. */
  placeAmong(count: number): number
  readonly state: PaddingState
  /** Off, or on from the next question. */
  pad(on: boolean): void
}

/** `waiting`: wanted, but no plausible addresses are known yet, and questions go out bare. */
export type PaddingState = 'off' | 'waiting' | 'on'

export interface DecoyOptions {
  readonly random: (length: number) => Uint8Array
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Addresses of real accounts that anybody might ask about. May reject. */
  readonly plausible: (signal: AbortSignal) => Promise<readonly Hex[]>
}

/** Decoys beside each real question. */
export const DECOYS = 3
/** Milliseconds before plausible addresses are looked for again: after success, and after failure. */
const FRESH_FOR = 6 * 3600_000
const AGAIN_AFTER = 60_000
const MOST_REMEMBERED = 512

export function createDecoys({ random, now, plausible }: DecoyOptions): Decoys {
  let wanted = false
  let known: readonly Hex[] = []
  let nextSearch = 0
  let search: Promise<void> | null = null
  /**
   * The decoys of an address at a source stay the same: otherwise the one that is asked about again and again would
   * stand out.
   */
  const chosen = new Map<string, readonly Hex[]>()

  /** Below `limit`, evenly (words above the last multiple of `limit` would favour small numbers). */
  const below = (limit: number): number => {
    for (;;) {
      const bytes = random(4)
      const word = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
      if (word < 0x1_0000_0000 - (0x1_0000_0000 % limit)) return word % limit
    }
  }

  async function refresh(signal: AbortSignal): Promise<void> {
    if (now() < nextSearch) return
    search ??= plausible(signal)
      .then((found) => {
        if (found.length > 0) known = found
        nextSearch = now() + (found.length > 0 ? FRESH_FOR : AGAIN_AFTER)
      })
      .catch(() => {
        nextSearch = now() + AGAIN_AFTER
      })
      .finally(() => {
        search = null
      })
    // Only the first question waits; later ones use what there is.
    if (known.length === 0) await search
  }

  function choose(source: string, address: Hex): readonly Hex[] {
    const name = `${source} ${address}`
    const before = chosen.get(name)
    if (before) return before
    const rest = known.filter((candidate) => candidate !== address)
    const picked: Hex[] = []
    while (picked.length < DECOYS && rest.length > 0) picked.push(...rest.splice(below(rest.length), 1))
    chosen.set(name, picked)
    if (chosen.size > MOST_REMEMBERED) chosen.delete(chosen.keys().next().value!)
    return picked
  }

  return {
    async beside(source, request, signal) {
      if (!wanted) return []
      const bare = request.type === 'pending_nonce' || (request.type === 'account' && request.slots.length === 0)
      if (!bare) return []
      await refresh(signal)
      if (known.length === 0) return []
      return choose(source, request.address).map((address) => ({ ...request, address }))
    },
    placeAmong: below,
    get state() {
      if (!wanted) return 'off'
      return known.length === 0 ? 'waiting' : 'on'
    },
    pad(on) {
      wanted = on
      if (!on) chosen.clear()
    },
  }
}
