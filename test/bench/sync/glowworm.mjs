/** Glowworm as a program embeds it. In Node from the built package, in a page bundled from its sources. */
import {
  beaconRestSource,
  createLightClient,
  executionRpcSource,
  loadEngines,
  NotAvailable,
  PROFILES,
  platformHttp,
} from '@glowworm/light-client'

const profile = PROFILES.mainnet
/** The checkpoint of the recording is 53 days old at its end. */
export const MAX_AGE_DAYS = 60

/** @param hops whether there is a bridge to have them from */
export async function start({ url, checkpoint }, { hops = false, http = platformHttp } = {}) {
  const engines = await loadEngines()
  let client
  let provider
  const balance = async (address) => {
    const { verified } = await client.account(address, 'optimistic')
    return `0x${verified.value.balance.toString(16)}`
  }
  return {
    async sync() {
      client = createLightClient({
        profile,
        engines,
        trust: { checkpoint, maxAgeDays: MAX_AGE_DAYS },
        sources: [
          ...(hops ? [compactSource(url, http)] : []),
          beaconRestSource({ url, profile, hashes: engines.hashes, http }),
          // By its other name: the client tells sources apart by their origin.
          executionRpcSource({ url: url.replace('127.0.0.1', 'localhost'), http }),
        ],
      })
      await client.ready()
    },
    async balance(address) {
      await newestHead(client)
      return balance(address)
    },
    /** The evidence is kept: it is proven again. */
    balanceAgain: balance,
    /** The JSON-RPC is an entry of its own; a program that wants blocks loads it when it starts. */
    async loadBlocks() {
      const { createProvider } = await import('@glowworm/light-client/provider')
      provider = createProvider(client)
    },
    block: async (which) =>
      (await provider.request({ method: 'eth_getBlockByNumber', params: [which, true] })).transactions.length,
    stop: () => client.close(),
  }
}

/** Until the optimistic update has been verified too. */
function newestHead(client) {
  return new Promise((resolve) => {
    const stop = client.subscribe(({ head }) => look(head))
    const look = (head) => {
      if (!head || head.optimistic.slot <= head.finalized.slot + 1000) return
      stop()
      resolve()
    }
    look(client.status.head)
  })
}

const COMPACT = new Set(['compact_bootstrap', 'hops', 'compact_finality_update', 'committee'])

/** Compact answers as a bridge gives them, here over HTTP: what carries them is not what is measured. */
function compactSource(url, http) {
  const description = { id: `${url}/compact`, carrier: 'websocket', words: 'bridge' }
  return {
    description,
    serves: (type) => COMPACT.has(type),
    async request(request, signal) {
      const body = JSON.stringify(request)
      const asked = { url: description.id, method: 'POST', headers: {}, body, maxBytes: 1_000_000, signal }
      const { status, bytes } = await http(asked)
      if (status !== 200) throw new NotAvailable(description.id, request.type)
      return { bytes, from: description }
    },
    close: async () => {},
  }
}
