/** A light client that follows a devnet of manual slots, for tests of what is built on it. */
import type { Devnet } from '@glowworm/devnet'
import { createLightClient, type LightClient } from '@glowworm/light-client'
import { CALL_LIMITS } from '@glowworm/light-client/application/prove-call'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import { beaconRestSource } from '@glowworm/light-client/network/http/beacon-rest'
import { executionRpcSource } from '@glowworm/light-client/network/http/execution-rpc'
import type { Engines } from '@glowworm/wasm-core'

/** Shows the devnet's time; sleeping is short, so that a manual chain is followed at once. */
export function clockOf(devnet: Devnet) {
  return {
    now: () => devnet.time() * 1000,
    sleep: (_milliseconds: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        const timer = setTimeout(resolve, 20)
        signal?.addEventListener('abort', () => {
          clearTimeout(timer)
          reject(signal.reason)
        })
      }),
  }
}

export function followDevnet(
  devnet: Devnet,
  engines: Engines,
  more: Partial<Parameters<typeof createLightClient>[0]> & { readonly execution?: readonly string[] } = {},
): LightClient {
  const { profile } = devnet
  const { execution = [devnet.executionUrl], ...options } = more
  return createLightClient({
    profile,
    engines,
    trust: { checkpoint: devnet.checkpoint },
    // Nothing here depends on how fast the machine is.
    calls: { ...CALL_LIMITS, milliseconds: 3_600_000 },
    clock: clockOf(devnet),
    sources: [
      beaconRestSource({ url: devnet.beaconUrl, profile, hashes: engines.hashes, http: platformHttp }),
      ...execution.map((url) => executionRpcSource({ url, http: platformHttp })),
    ],
    ...options,
  })
}

export async function until<T>(
  what: () => Promise<T | null | undefined | false> | T | null | undefined | false,
): Promise<T> {
  for (let i = 0; i < 400; i++) {
    const found = await what()
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('it did not happen')
}

/** Lets slots pass and waits until the client has proven the new head. */
export async function advance(devnet: Devnet, client: LightClient, slots: number): Promise<void> {
  await devnet.advance(slots)
  // The newest block is attested to in the slot after it, so the proven head is one block behind.
  const block = BigInt((await devnet.execution<string>('eth_blockNumber')) ?? '0x0')
  await until(async () => (await client.chain.head('optimistic')).value.number >= block - 1n)
}
