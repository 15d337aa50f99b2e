/** A client that follows a devnet, for tests of calls: with a record of what it asks the execution node. */
import { type Devnet, type DevnetOptions, startDevnet } from '@glowworm/devnet'
import { createLightClient, type EvidenceSource, type LightClient } from '@glowworm/light-client'
import { CALL_LIMITS } from '@glowworm/light-client/application/prove-call'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import type { Http } from '@glowworm/light-client/infrastructure/ports'
import { beaconRestSource } from '@glowworm/light-client/network/http/beacon-rest'
import { executionRpcSource } from '@glowworm/light-client/network/http/execution-rpc'
import { loadEngines } from '@glowworm/wasm-core'

export const engines = await loadEngines()

export interface Following {
  readonly devnet: Devnet
  readonly client: LightClient
  close(): Promise<void>
}

export async function followDevnet(options: DevnetOptions, http: Http = platformHttp): Promise<Following> {
  const devnet = await startDevnet({ mode: 'manual', ...options })
  const client = clientOf(devnet, [executionRpcSource({ url: devnet.executionUrl, http })])
  return {
    devnet,
    client,
    async close() {
      await client.close()
      await devnet.close()
    },
  }
}

/** A client whose beacon data are true and whose state comes from `sources`. */
export function clientOf(
  devnet: Devnet,
  sources: readonly EvidenceSource[],
  more: Partial<Parameters<typeof createLightClient>[0]> = {},
): LightClient {
  const { profile } = devnet
  return createLightClient({
    profile,
    engines,
    trust: { checkpoint: devnet.checkpoint },
    // Nothing here depends on how fast the machine is.
    calls: { ...CALL_LIMITS, milliseconds: 3_600_000 },
    clock: {
      now: () => devnet.time() * 1000,
      sleep: (_, signal) =>
        new Promise((resolve, reject) => {
          const timer = setTimeout(resolve, 20)
          signal?.addEventListener('abort', () => {
            clearTimeout(timer)
            reject(signal.reason)
          })
        }),
    },
    sources: [
      beaconRestSource({ url: devnet.beaconUrl, profile, hashes: engines.hashes, http: platformHttp }),
      ...sources,
    ],
    ...more,
  })
}

/** JSON-RPC to the devnet's execution node that gives errors as values. */
export async function askNode(devnet: Devnet, method: string, params: readonly unknown[]) {
  const answer = await fetch(devnet.executionUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  return (await answer.json()) as { result?: unknown; error?: { code: number; message: string; data?: string } }
}
