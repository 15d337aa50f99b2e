import type { Verified } from '@glowworm/light-client'

/** Names for verified values inside the core. The newest few hundred are kept; a name is never given twice. */
export interface Handles {
  hold(verified: Verified<unknown>): string
  find(handle: string): Verified<unknown> | null
  clear(): void
}

const MOST = 512

export function createHandles(): Handles {
  const held = new Map<string, Verified<unknown>>()
  let count = 0
  return {
    hold(verified) {
      const handle = `v${++count}`
      held.set(handle, verified)
      if (held.size > MOST) held.delete(held.keys().next().value!)
      return handle
    },
    find: (handle) => held.get(handle) ?? null,
    clear: () => held.clear(),
  }
}
