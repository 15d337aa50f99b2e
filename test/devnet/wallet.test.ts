/** The whole wallet over the real light client and a live devnet: proven balance, faucet, send, proven receipt, finality. */
import { type Devnet, startDevnet } from '@glowworm/devnet'
import { type Clock, createLightClient } from '@glowworm/light-client'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import { memoryStore } from '@glowworm/light-client/infrastructure/memory-store'
import { beaconRestSource } from '@glowworm/light-client/network/http/beacon-rest'
import { executionRpcSource } from '@glowworm/light-client/network/http/execution-rpc'
import { createWallet, networkOf, noSession, type Wallet } from '@glowworm/wallet-core'
import { httpFaucet } from '@glowworm/wallet-core/host/http-faucet'
import { webAead, webImportCiphers, webRandom } from '@glowworm/wallet-core/infrastructure/web-crypto'
import { loadEngines } from '@glowworm/wasm-core'
import { argon2id } from '@glowworm/wasm-core/argon2id'
import { afterAll, beforeAll, expect, it } from 'vitest'

let devnet: Devnet
let wallet: Wallet
beforeAll(async () => {
  const engines = await loadEngines()
  devnet = await startDevnet({ mode: 'manual' })
  const { profile } = devnet
  // The light client sees the devnet's time; it sleeps briefly, so that a manual chain is followed at once.
  const clock: Clock = { now: () => devnet.time() * 1000, sleep: (_, signal) => platformClock.sleep(50, signal) }
  wallet = await createWallet({
    store: memoryStore(),
    session: noSession,
    clock: platformClock,
    random: webRandom,
    engines,
    argon2id,
    aead: webAead,
    importCiphers: webImportCiphers,
    network: networkOf(profile),
    faucet: httpFaucet(devnet.faucetUrl, platformHttp),
    pairing: null,
    openChain: ({ choices, checkpoint }) =>
      createLightClient({
        profile,
        engines,
        trust: { checkpoint: checkpoint! },
        clock,
        sources: choices.map(({ kind, address: url }) =>
          kind === 'beacon'
            ? beaconRestSource({ url, profile, hashes: engines.hashes, http: platformHttp })
            : executionRpcSource({ url, http: platformHttp }),
        ),
      }),
  })
})
afterAll(async () => {
  await wallet?.close()
  await devnet?.close()
})

/** Lets slots pass until it is so. */
async function until<T>(read: () => T | false | null | undefined): Promise<T> {
  for (let i = 0; i < 400; i++) {
    const value = read()
    if (value) return value
    if (i % 4 === 3) await devnet.advance(1)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('it did not happen')
}

it('proves a gift, sends some of it on, and proves the receipt until it is final', async () => {
  const { facade, provider } = wallet
  await facade.create({ password: new TextEncoder().encode('correct horse'), words: 12 })
  const choices = facade.state.choices.filter(({ kind }) => kind !== 'peer')
  await facade.chooseSources({ choices, checkpoint: devnet.checkpoint })
  const balance = () => facade.state.accounts[0]!.balance
  await until(() => balance().kind === 'proven')
  expect(balance()).toMatchObject({ value: 0n })
  await facade.requestFaucet({ accountId: 'eth-0' })
  const gift = await until(() => facade.state.activity.find(({ state }) => state === 'included' || state === 'final'))
  expect(gift.value).toBeGreaterThan(0n)
  const held = () => {
    const shown = balance()
    return shown.kind === 'proven' ? shown.value : 0n
  }
  await until(() => held() === gift.value)
  const { approvalId } = await facade.prepareSend({
    accountId: 'eth-0',
    to: devnet.accounts[1]!.address,
    value: 10n ** 15n,
  })
  const { revision } = facade.state.approvals.find(({ id }) => id === approvalId)!
  await facade.approve({ id: approvalId, revision })
  await until(() => facade.state.activity.every(({ state }) => state === 'final'))
  expect(facade.state.activity).toMatchObject([
    { kind: 'send', receipt: { kind: 'proven', final: true, value: { success: true, gasUsed: 21_000n } } },
    { kind: 'faucet', receipt: { kind: 'proven', final: true } },
  ])
  const params = [facade.state.activity[0]!.hash]
  const request = { origin: 'https://dapp.example', id: 'one', method: 'eth_getTransactionReceipt', params }
  expect(await provider.handle(request)).toMatchObject({ status: '0x1', from: facade.state.accounts[0]!.address })
})
