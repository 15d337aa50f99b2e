/** Finds where a name leads, or whose name an address has. What is found is final: a name that has just changed hands
 * is not yet found at its new place. @module */
import type { Clock, Hex, LightClient } from '@glowworm/light-client'
import type { Engines } from '@glowworm/wasm-core'
import { checksummed, parseAddress } from '../../accounts/address.ts'
import type { NameView, Shown } from '../../facade/facade.ts'
import type { Handles } from '../../facade/handles.ts'
import { chainResolvers } from '../chain-resolvers.ts'
import { derived } from '../resolvers.ts'
import { TookTooLong } from '../understanding.ts'
import type { Normalize } from './normalize.ts'
import { resolveName, reverseName } from './resolve.ts'

/** @throws {InvalidName | InvalidAddress} for what is neither */
export type LookUp = (text: string) => Promise<Shown<NameView>>

const LIMIT = 20_000

export function createLookUp(parts: {
  readonly client: () => LightClient
  readonly handles: Handles
  readonly engines: Engines
  readonly clock: Clock
  readonly chainId: number
  readonly loadNormalize: () => Promise<Normalize>
}): LookUp {
  const { engines, clock } = parts
  const { keccak256 } = engines.hashes
  const viewOf = (name: string | null, address: Hex): NameView => ({
    name,
    address,
    checksummed: checksummed(address, keccak256),
  })

  return async (text) => {
    const late = new AbortController()
    const done = new AbortController()
    clock.sleep(LIMIT, done.signal).then(
      () => late.abort(new TookTooLong()),
      () => undefined,
    )
    try {
      const normalize = await parts.loadNormalize()
      const resolvers = chainResolvers({
        client: parts.client(),
        handles: parts.handles,
        engines,
        chainId: parts.chainId,
        head: 'finalized',
        now: clock.now(),
        signal: late.signal,
      })
      if (/^\s*0x[0-9a-fA-F]{40}\s*$/.test(text)) {
        const address = parseAddress(text, keccak256)
        return derived(await reverseName(address, normalize, resolvers), (name) => viewOf(name, address))
      }
      return derived(await resolveName(text, normalize, resolvers), ({ name, address }) => viewOf(name, address))
    } finally {
      done.abort()
    }
  }
}
