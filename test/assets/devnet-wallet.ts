/** A whole wallet that follows a devnet over HTTP, for tests: the well-known phrase, one account with coin. @module */
import { type Devnet, startDevnet } from '@glowworm/devnet'
import { type Clock, createLightClient, type Hex } from '@glowworm/light-client'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import { memoryStore } from '@glowworm/light-client/infrastructure/memory-store'
import { beaconRestSource } from '@glowworm/light-client/network/http/beacon-rest'
import { executionRpcSource } from '@glowworm/light-client/network/http/execution-rpc'
import { createWallet, networkOf, noSession, type Wallet } from '@glowworm/wallet-core'
import type { Approval } from '@glowworm/wallet-core/facade/facade'
import { loadBelongings } from '@glowworm/wallet-core/host/load-belongings'
import { proofMaker } from '@glowworm/wallet-core/host/proof-maker'
import { webAead, webImportCiphers, webRandom } from '@glowworm/wallet-core/infrastructure/web-crypto'
import { loadEngines } from '@glowworm/wasm-core'
import { argon2id } from '@glowworm/wasm-core/argon2id'

export const PASSWORD = 'correct horse'
export const password = (): Uint8Array => new TextEncoder().encode(PASSWORD)

export interface DevnetWallet {
  readonly devnet: Devnet
  readonly wallet: Wallet
  readonly me: Hex
  /** Waits; lets slots pass meanwhile. */
  until<T>(read: () => T | false | null | undefined, slots?: number): Promise<T>
  /** Approves what waits and lets it be included. @returns the activity entry's id */
  approve(id: string): Promise<string>
  close(): Promise<void>
}

const isKnown = (approval: Approval): boolean =>
  approval.kind !== 'send-transaction' || approval.understanding.outcome?.kind === 'proven'

/** @param section `wallet` of the network profile, made once the devnet runs */
export async function devnetWallet(section: (devnet: Devnet) => Promise<unknown>): Promise<DevnetWallet> {
  const engines = await loadEngines()
  const devnet = await startDevnet({ mode: 'manual', forks: { electra: 0 } })
  const profile = { ...devnet.profile, wallet: await section(devnet) }
  const clock: Clock = { now: () => devnet.time() * 1000, sleep: (_, signal) => platformClock.sleep(50, signal) }
  const proofs = proofMaker(profile, engines, { ...clock, sleep: platformClock.sleep })
  const wallet = await createWallet({
    store: memoryStore(),
    session: noSession,
    clock: platformClock,
    random: webRandom,
    engines,
    argon2id,
    aead: webAead,
    importCiphers: webImportCiphers,
    network: networkOf(profile),
    faucet: null,
    pairing: null,
    loadBelongings,
    prove: proofs.prove,
    openChain({ choices, checkpoint }) {
      const sources = choices.map(({ kind, address: url }) =>
        kind === 'beacon'
          ? beaconRestSource({ url, profile, hashes: engines.hashes, http: platformHttp })
          : executionRpcSource({ url, http: platformHttp }),
      )
      const client = createLightClient({ profile, engines, trust: { checkpoint: checkpoint! }, clock, sources })
      proofs.follow(checkpoint!, client, sources)
      return client
    },
  })
  const { facade } = wallet
  const phrase = new TextEncoder().encode('test test test test test test test test test test test junk')
  await facade.importWallet({ password: password(), from: { kind: 'phrase', phrase, passphrase: new Uint8Array(0) } })
  const choices = facade.state.choices.filter(({ kind }) => kind !== 'peer')
  await facade.chooseSources({ choices, checkpoint: devnet.checkpoint })

  async function until<T>(read: () => T | false | null | undefined, slots = 1): Promise<T> {
    for (let i = 0; i < 600; i++) {
      const value = read()
      if (value) return value
      if (slots > 0 && i % 4 === 3) await devnet.advance(slots)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error('it did not happen')
  }
  await until(() => facade.state.accounts[0]?.balance.kind === 'proven')
  return {
    devnet,
    wallet,
    me: facade.state.accounts[0]!.address,
    until,
    async approve(id) {
      const before = facade.state.activity.length
      // A head that comes in between makes another revision of it: then it is read again, as a person would.
      for (let tries = 0; facade.state.approvals.some((approval) => approval.id === id); tries++) {
        const { revision } = await until(() => facade.state.approvals.find((one) => one.id === id && isKnown(one)), 0)
        await facade.approve({ id, revision }).catch((error: { problem?: { code: string } }) => {
          if (error.problem?.code !== 'APPROVAL_CHANGED' || tries > 5) throw error
        })
      }
      const entry = await until(() => facade.state.activity.length > before && facade.state.activity[0], 0)
      await until(() => {
        const state = facade.state.activity.find((one) => one.id === entry.id)?.state
        return state === 'included' || state === 'final'
      })
      return entry.id
    },
    async close() {
      await wallet.close()
      await devnet.close()
    },
  }
}
