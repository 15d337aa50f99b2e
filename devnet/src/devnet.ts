/**
 * A whole miniature network: real execution blocks under a beacon chain whose sync committees sign real light-client
 * data. Light-client-valid, not state-transition-valid: nobody attests, balances do not move, proposals are unsigned.
 * @module
 */
import { type NetworkProfile, parseProfile } from '@glowworm/light-client/ledgers/ethereum/profile'
import { payloadHeaderOf } from './beacon/block.ts'
import { type BeaconChain, type Conditions, createBeaconChain } from './beacon/chain.ts'
import { BrokenChain, InvalidOption } from './errors.ts'
import { DEV_ACCOUNTS, type DevAccount } from './execution/accounts.ts'
import { startExecutionChain } from './execution/execution-chain.ts'
import { FIXTURE_CONTRACT } from './execution/fixture-contract.ts'
import {
  type BlobParameters,
  type DevnetFork,
  hexOf,
  PRESET,
  SLOTS_PER_PERIOD,
  scheduleForks,
  sha256,
} from './forks.ts'
import { createRegistry, type DevnetIdentity, startIdentity } from './identity/identity.ts'
import { DEV_PACK_SEED, packKeyOf } from './packs/sign-pack.ts'
import { answerBeacon } from './server/beacon-rest.ts'
import { answerRpc } from './server/execution-proxy.ts'
import { createFaucet } from './server/faucet.ts'
import { type LoopbackServer, serveLoopback } from './server/http.ts'
import { startSlotTimer } from './slot-timer.ts'

export interface DevnetOptions {
  /** `live` (default): one slot passes every `secondsPerSlot`. `manual`: only `advance` moves the chain. */
  mode?: 'live' | 'manual'
  /** Whole seconds, 2 by default. */
  secondsPerSlot?: number
  /** Fork epochs, `{ electra: 0 }` by default; see `scheduleForks`. */
  forks?: Partial<Record<DevnetFork, number>>
  /** Blob-parameter-only forks, ascending (EIP-7892). */
  blobSchedule?: readonly BlobParameters[]
  /** Sync committee periods that lie behind the start, 3 by default. */
  pastPeriods?: number
  /** 64 by default. */
  validators?: number
  chainId?: number
  /** Unix seconds. Default: such that the last past slot is now. Give it for chains that are equal on every run. */
  genesisTime?: number
  conditions?: Partial<Conditions>
  /** The registry of did:ethr, and an issuer and a verifier of credentials whose DIDs are in it. */
  identity?: boolean
  /** Loopback port of the beacon interface; execution and faucet take the two that follow. 0 (default): free ones. */
  port?: number
}

export interface Devnet {
  /** With live sources, faucet and checkpoint, as `parseProfile` reads it. */
  readonly profile: NetworkProfile
  /** The same with a checkpoint about three periods back from now, for who comes long after the start. */
  liveProfile(): NetworkProfile
  /** Root of the first finalized checkpoint block, three periods back at the start. */
  readonly checkpoint: `0x${string}`
  readonly beaconUrl: string
  readonly executionUrl: string
  readonly faucetUrl: string
  readonly accounts: readonly DevAccount[]
  /** Address of the fixture contract (execution/fixture-contract.ts). */
  readonly contract: `0x${string}`
  /** With the option of that name. */
  readonly identity: DevnetIdentity | null
  /** What was built, for tests that look inside. */
  readonly chain: BeaconChain
  /** Change them at any time; they hold for the slots that follow. */
  readonly conditions: Conditions
  /** Unix seconds at which the head's slot began: what a client's clock should show in manual mode. */
  time(): number
  /** Lets `slots` slots pass and resolves when all interfaces show them. */
  advance(slots: number): Promise<void>
  /** JSON-RPC to the execution node without the filter of `executionUrl`. */
  execution<T = unknown>(method: string, ...params: unknown[]): Promise<T>
  close(): Promise<void>
}

/** Slots beyond the past periods, so that the newest finality update finalizes a block of the current period. */
const SLOTS_INTO_PERIOD = 4 * PRESET.SLOTS_PER_EPOCH + 2

/** How far back a live profile's checkpoint lies. */
const LIVE_CHECKPOINT_SLOTS = 3 * SLOTS_PER_PERIOD + SLOTS_INTO_PERIOD

/** Starts a devnet in this process, with anvil as a child. @throws {InvalidOption | PortTaken | ExecutionNodeFailed} */
export async function startDevnet(options: DevnetOptions = {}): Promise<Devnet> {
  const secondsPerSlot = whole('secondsPerSlot', options.secondsPerSlot ?? 2, 1)
  const pastPeriods = whole('pastPeriods', options.pastPeriods ?? 3, 1)
  const validators = whole('validators', options.validators ?? 64, 1)
  const chainId = whole('chainId', options.chainId ?? 1337, 1)
  const port = whole('port', options.port ?? 0, 0)
  const pastSlots = pastPeriods * SLOTS_PER_PERIOD + SLOTS_INTO_PERIOD
  const startedAt = Math.floor(Date.now() / 1000)
  const genesisTime = whole('genesisTime', options.genesisTime ?? startedAt - pastSlots * secondsPerSlot, 1)
  const forks = scheduleForks(options.forks ?? { electra: 0 })
  const conditions: Conditions = { ...STEADY, ...options.conditions }
  const blobSchedule = options.blobSchedule ?? []

  const chain = createBeaconChain({ genesisTime, secondsPerSlot, validators, forks, blobSchedule, conditions })
  const execution = await startExecutionChain({ chainId, genesisTime, secondsPerSlot, forks })
  const servers: LoopbackServer[] = []
  let slot = 0
  let work: Promise<void> = Promise.resolve()
  let timer: { stop(): void } | undefined

  async function pass(slots: number): Promise<void> {
    const passing = Array.from({ length: slots }, (_, i) => slot + 1 + i)
    slot += slots
    const proposed = passing.filter((candidate) => !conditions.misses(candidate))
    const mined = await execution.mine(proposed)
    mined.forEach(({ block, transactions }, i) => {
      chain.append(proposed[i]!, payloadHeaderOf(block, transactions))
    })
  }
  function advance(slots: number): Promise<void> {
    whole('slots', slots, 0)
    const done = work.then(() => pass(slots))
    work = done.catch(() => undefined)
    return done
  }
  async function close(): Promise<void> {
    timer?.stop()
    await work
    await Promise.all(servers.map((server) => server.close()))
    await execution.close()
  }

  try {
    const registry = options.identity ? await createRegistry(chainId, execution, () => advance(1)) : null
    await advance(pastSlots - slot)
    const checkpoint = chain.checkpoints()[0]?.root
    if (!checkpoint) throw new BrokenChain('nothing was finalized before the start; let more epochs be justified')
    const serve = async (what: string, offset: number, answer: Parameters<typeof serveLoopback>[0]['answer']) => {
      const server = await serveLoopback({ port: port === 0 ? 0 : port + offset, what, answer })
      servers.push(server)
      return server.url
    }
    const beacon = { chain, chainId, secondsPerSlot }
    const beaconUrl = await serve('the beacon interface', 0, (question) => answerBeacon(beacon, question))
    const executionUrl = await serve('the execution interface', 1, (question) => answerRpc(chain, execution, question))
    const faucetUrl = `${await serve('the faucet', 2, createFaucet(execution))}/faucet`
    if ((options.mode ?? 'live') === 'live')
      timer = startSlotTimer({ genesisTime, secondsPerSlot, passed: () => slot, pass: advance })
    const time = () => genesisTime + slot * secondsPerSlot
    const identity = registry && (await startIdentity(registry, options.mode === 'manual' ? time : unixTime))
    if (identity) servers.push({ url: identity.issuer.url, close: identity.close })
    const profile = parseProfile({
      name: 'Glowworm devnet',
      family: 'ethereum',
      chainId,
      symbol: 'ETH',
      preset: 'minimal',
      secondsPerSlot,
      genesis: { time: genesisTime, validatorsRoot: hexOf(chain.schedule.genesisValidatorsRoot) },
      forks,
      blobSchedule,
      maxCheckpointAgeDays: 1,
      checkpoint,
      sources: { beacon: [beaconUrl], execution: [executionUrl], peers: [] },
      faucet: faucetUrl,
      ...(registry ? { didRegistry: registry.address } : {}),
      wallet: { packKey: packKeyOf(DEV_PACK_SEED) },
    })
    return {
      profile,
      liveProfile() {
        const since = chain.head().slot - LIVE_CHECKPOINT_SLOTS
        return { ...profile, checkpoint: chain.checkpoints().find((known) => known.slot >= since)?.root ?? checkpoint }
      },
      checkpoint,
      beaconUrl,
      executionUrl,
      faucetUrl,
      accounts: DEV_ACCOUNTS,
      contract: FIXTURE_CONTRACT,
      identity,
      chain,
      conditions,
      time,
      advance,
      execution: (method, ...params) => execution.call(method, ...params),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

const unixTime = (): number => Math.floor(Date.now() / 1000)

/** Good weather: 30 to 32 of 32 seats sign, no slot is missed, every epoch is justified. */
const STEADY: Conditions = {
  participation: (slot) => 1 - (sha256(Buffer.from(`participation ${slot}`))[0]! % 3) / PRESET.SYNC_COMMITTEE_SIZE,
  misses: () => false,
  justifies: () => true,
}

function whole(option: string, value: number, least: number): number {
  if (!Number.isSafeInteger(value) || value < least)
    throw new InvalidOption(option, `expected a whole number ≥ ${least}`)
  return value
}
