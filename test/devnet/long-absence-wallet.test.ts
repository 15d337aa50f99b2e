/** A wallet that comes back after longer than is safe, over the real light client and a live devnet: each way on, nothing lost. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Devnet, startDevnet } from '@glowworm/devnet'
import {
  agreeOnCheckpoint,
  beaconRestSource,
  createLightClient,
  executionRpcSource,
  memoryStore,
  OLD_CHECKPOINT_WORDS,
  platformClock,
  platformHttp,
} from '@glowworm/light-client'
import { timeOfSlot } from '@glowworm/light-client/ledgers/ethereum/forks'
import { createWallet, networkOf, noSession, type Wallet } from '@glowworm/wallet-core'
import { webAead, webImportCiphers, webRandom } from '@glowworm/wallet-core/infrastructure/web-crypto'
import { type Engines, loadEngines } from '@glowworm/wasm-core'
import { argon2id } from '@glowworm/wasm-core/argon2id'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { clockOf, until } from '../rpc/devnet-client.ts'

const DAY = 24 * 3600 * 1000
const PASSWORD = 'correct horse battery'

let devnet: Devnet
let engines: Engines
/** A second operator of the same chain, until it is told to lie. */
let second: Server
let secondUrl: string
let isLying = false
beforeAll(async () => {
  engines = await loadEngines()
  devnet = await startDevnet({ mode: 'manual', pastPeriods: 1 })
  second = createServer(async (request, response) => {
    const answer = await fetch(`${devnet.beaconUrl}${request.url}`)
    const body = await answer.text()
    const said = isLying ? body.replace(/"proposer_index":"(\d+)"/, '"proposer_index":"99"') : body
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(said)
  })
  await new Promise<void>((resolve) => second.listen(0, '127.0.0.1', resolve))
  secondUrl = `http://127.0.0.1:${(second.address() as AddressInfo).port}`
})
afterAll(async () => {
  second?.close()
  await devnet?.close()
})

let late: number
let wallet: Wallet
let before: { accounts: unknown; activity: unknown; choices: unknown }
/** What the wallet keeps; the clock of the device is `late`. */
let stores: { vault: ReturnType<typeof memoryStore>; evidence: ReturnType<typeof memoryStore> }

async function open(): Promise<Wallet> {
  const { profile } = devnet
  const { now, sleep } = clockOf(devnet)
  return createWallet({
    store: stores.vault,
    session: noSession,
    clock: platformClock,
    random: webRandom,
    engines,
    argon2id,
    aead: webAead,
    importCiphers: webImportCiphers,
    kdf: { memoryKiB: 19_456, iterations: 2, parallelism: 1 },
    network: networkOf(profile),
    faucet: null,
    pairing: null,
    async askOperators(urls) {
      const deps = { http: platformHttp, merkle: engines.merkle }
      const { checkpoint, by } = await agreeOnCheckpoint(urls, deps, new AbortController().signal)
      return { root: checkpoint.root, time: timeOfSlot(profile, checkpoint.slot), by }
    },
    openChain: ({ choices, checkpoint, maxAgeDays }) =>
      createLightClient({
        profile,
        engines,
        trust: { checkpoint: checkpoint!, ...(maxAgeDays === undefined ? {} : { maxAgeDays }) },
        clock: { now: () => now() + late, sleep },
        store: stores.evidence,
        sources: choices.map(({ kind, address: url }) =>
          kind === 'beacon'
            ? beaconRestSource({ url, profile, hashes: engines.hashes, http: platformHttp })
            : executionRpcSource({ url, http: platformHttp }),
        ),
      }),
  })
}
const kept = ({ accounts, activity, choices }: Wallet['facade']['state']) => ({
  accounts: accounts.map(({ address, name }) => ({ address, name })),
  activity,
  choices,
})
const balance = () => wallet.facade.state.accounts[0]!.balance
const stale = () => (wallet.facade.state.pulse.state === 'stalled' ? wallet.facade.state.pulse.staleStart : undefined)

beforeEach(async () => {
  late = 0
  isLying = false
  stores = { vault: memoryStore(), evidence: memoryStore() }
  wallet = await open()
  await wallet.facade.create({ password: new TextEncoder().encode(PASSWORD), words: 12 })
  const choices = wallet.facade.state.choices.filter(({ kind }) => kind !== 'peer')
  await wallet.facade.chooseSources({ choices, checkpoint: null })
  await until(() => balance().kind === 'proven')
  before = kept(wallet.facade.state)
  await wallet.close()
  late = 20 * DAY
  wallet = await open()
  await wallet.facade.unlock({ password: new TextEncoder().encode(PASSWORD) })
  await until(stale)
})
afterEach(() => wallet?.close())

it('says how old it is, shows nothing as proven, and has lost nothing', async () => {
  expect(stale()).toMatchObject({ safeDays: 1, words: OLD_CHECKPOINT_WORDS })
  expect(stale()!.ageDays).toBeGreaterThan(19)
  expect(balance()).toMatchObject({ kind: 'unproven', problem: { code: 'STALE_CHECKPOINT', kind: 'stale' } })
  expect(kept(wallet.facade.state)).toEqual(before)
  await expect(wallet.facade.goOnFromOld({ words: 'yes' })).rejects.toMatchObject({ problem: { code: 'WRONG_WORDS' } })
  expect(stale()).toBeDefined()
})

it('goes on from the old one when that is said, this once', async () => {
  await wallet.facade.goOnFromOld({ words: OLD_CHECKPOINT_WORDS })
  await until(() => balance().kind === 'proven')
  expect(kept(wallet.facade.state)).toEqual(before)
  expect(wallet.facade.state.checkpoint).toBeNull()
  await expect(wallet.facade.goOnFromOld({ words: OLD_CHECKPOINT_WORDS })).rejects.toMatchObject({
    problem: { code: 'START_NOT_STALE' },
  })
  // The chain has stood still for twenty days; so another start asks again.
  await wallet.close()
  wallet = await open()
  await until(stale)
})

it('starts from a block on which operators agree, and from none where they do not', async () => {
  const operators = [devnet.beaconUrl, secondUrl]
  isLying = true
  await expect(wallet.facade.askForCheckpoint({ operators })).rejects.toMatchObject({
    problem: { code: 'CHECKPOINT_DISAGREEMENT', message: expect.stringContaining(secondUrl) },
  })
  for (const too of [[], [secondUrl], [secondUrl, `${secondUrl}/other`]])
    await expect(wallet.facade.askForCheckpoint({ operators: too })).rejects.toMatchObject({
      problem: { code: 'INVALID_INPUT' },
    })
  await expect(
    wallet.facade.askForCheckpoint({ operators: [devnet.beaconUrl, 'http://127.0.0.1:9'] }),
  ).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREACHABLE' } })
  expect(stale()).toBeDefined()
  isLying = false
  late = 0 // the operators' chain has gone on
  await devnet.advance(16)
  const agreed = await wallet.facade.askForCheckpoint({ operators })
  expect(agreed.by).toEqual(operators)
  expect(wallet.facade.state.checkpoint).toBeNull()
  await wallet.facade.chooseSources({ choices: wallet.facade.state.choices, checkpoint: agreed.root })
  await until(() => balance().kind === 'proven')
  expect(wallet.facade.state.checkpoint).toBe(agreed.root)
  expect(kept(wallet.facade.state)).toEqual(before)
})
