/** Runs a light client for a page at the other end of a channel: in a worker, or on the page's own thread. @module */
import { fromHex } from '../../data/hex.ts'
import { loadEngines } from '../../engines.ts'
import { InvalidInput } from '../../errors.ts'
import { platformClock } from '../../infrastructure/clock.ts'
import { platformHttp } from '../../infrastructure/http.ts'
import { indexedDbStore } from '../../infrastructure/indexeddb-store.ts'
import type { ByteStore, Clock } from '../../infrastructure/ports.ts'
import { type NetworkProfile, parseProfile } from '../../ledgers/ethereum/profile.ts'
import { PROFILES } from '../../ledgers/ethereum/profiles.ts'
import { beaconRestSource } from '../../network/http/beacon-rest.ts'
import { executionRpcSource } from '../../network/http/execution-rpc.ts'
import type { Channel } from '../../network/message-channel.ts'
import { PRODUCT } from '../../product.ts'
import { createLightClient } from '../follow.ts'
import type { LightClient } from '../light-client.ts'
import { rpcErrorOf } from '../rpc/errors.ts'
import { createProvider, type ProviderEvents, type VerifiedProvider } from '../rpc/provider.ts'
import { type HostedOptions, type Opened, recordOf, statusRecord, type ToHost, type ToPage } from './messages.ts'

interface Running {
  readonly client: LightClient
  readonly provider: VerifiedProvider
  readonly opened: Opened
}

/** What the surroundings give; tests have others. */
interface Platform {
  readonly openStore: (name: string) => ByteStore
  readonly clock: Clock
}
const PLATFORM: Platform = { openStore: indexedDbStore, clock: platformClock }

/** Serves one page, from its `open` to its `close`. Returns the function that ends it from here. */
export function hostLightClient(channel: Channel, platform: Platform = PLATFORM): () => void {
  let running: Promise<Running> | null = null
  const say = (message: ToPage) => channel.send(message)

  async function open(options: HostedOptions): Promise<void> {
    running = start(options, platform)
    const { client, provider, opened } = await running
    const forward = (event: keyof ProviderEvents) =>
      provider.on(event, (payload) =>
        say({ type: 'event', event, payload: event === 'disconnect' ? recordOf(payload) : payload }),
      )
    for (const event of ['connect', 'disconnect', 'message'] as const) forward(event)
    client.subscribe((status) => say({ type: 'status', status: statusRecord(status) }))
    say({ type: 'opened', opened, status: statusRecord(client.status) })
  }

  async function close(): Promise<void> {
    stop()
    const { client, provider } = (await running?.catch(() => null)) ?? {}
    provider?.close()
    await client?.close()
  }

  const stop = channel.listen((received) => {
    const message = received as ToHost
    if (message.type === 'open' && !running)
      void open(message.options).catch((cause) => say({ type: 'failed', error: recordOf(cause) }))
    else if (message.type === 'ask') {
      const { id, request } = message
      void (running ?? Promise.reject(new InvalidInput('light client', 'it was not opened')))
        .then(({ provider }) => provider.answer(request))
        .then((answer) => say({ type: 'answer', id, answer }))
        .catch((cause) => say({ type: 'refusal', id, error: recordOf(rpcErrorOf(cause)) }))
    } else if (message.type === 'close') void close().then(() => say({ type: 'closed' }))
  })
  say({ type: 'loaded' })
  return () => void close()
}

async function start(options: HostedOptions, { openStore, clock }: Platform): Promise<Running> {
  const profile = profileOf(options.network)
  const { checkpoint, maxAgeDays, beacon, execution, database = PRODUCT.slug } = options
  fromHex(checkpoint, 'checkpoint', 32)
  const engines = await loadEngines()
  const client = createLightClient({
    profile,
    engines,
    clock,
    trust: { checkpoint, ...(maxAgeDays === undefined ? {} : { maxAgeDays }) },
    sources: [
      ...listOf(beacon, 'beacon').map((url) =>
        beaconRestSource({ url, profile, hashes: engines.hashes, http: platformHttp }),
      ),
      ...listOf(execution, 'execution').map((url) => executionRpcSource({ url, http: platformHttp })),
    ],
    ...(database === null ? {} : { store: openStore(database) }),
  })
  return { client, provider: createProvider(client), opened: { network: client.network, engines: engines.kind } }
}

function profileOf(network: HostedOptions['network']): NetworkProfile {
  if (typeof network !== 'string') return parseProfile(network)
  const known = Object.hasOwn(PROFILES, network) ? PROFILES[network] : undefined
  if (!known)
    throw new InvalidInput(
      'network',
      `${network.slice(0, 40)} is not known by name`,
      'Give the profile of the network.',
    )
  return known
}

function listOf(urls: unknown, name: string): readonly string[] {
  if (!Array.isArray(urls)) throw new InvalidInput(name, 'expected a list of URLs')
  return urls
}
