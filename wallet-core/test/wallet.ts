/** A whole wallet over fake ports, for tests. */

import type { Clock } from '@glowworm/light-client'
import { memoryStore } from '@glowworm/light-client/infrastructure/memory-store'
import { type Argon2id, nobleEngines } from '@glowworm/wasm-core'
import { sha256 } from '@noble/hashes/sha2.js'
import { createWallet, type Wallet } from '../src/facade/create-wallet.ts'
import type { ImportRequest, SourceChoice, WalletState } from '../src/facade/facade.ts'
import { memorySessionKey } from '../src/infrastructure/memory-session-key.ts'
import { webAead, webImportCiphers, webRandom } from '../src/infrastructure/web-crypto.ts'
import type { WalletPorts } from '../src/ports.ts'
import { keepSession, type SessionStore } from '../src/session/session.ts'
import { type FakeChain, fakeChain } from './fake-chain.ts'

export const engines = nobleEngines()
export const PASSWORD = 'correct horse battery'
export const PHRASE = 'test test test test test test test test test test test junk'
/** The first account of that phrase. */
export const ADDRESS = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'
export const CHOICES: readonly SourceChoice[] = [
  { kind: 'beacon', address: 'http://127.0.0.1:5052', chosen: true, bundled: true },
  { kind: 'execution', address: 'http://127.0.0.1:8545', chosen: true, bundled: true },
]

/** Not Argon2id, but as sensitive to each of its inputs, and instant. The real one is tested with the vault. */
export const quickKdf: Argon2id = async ({ password, salt, memoryKiB, iterations, parallelism }) => {
  const context = new TextEncoder().encode(`${memoryKiB} ${iterations} ${parallelism} `)
  return sha256(new Uint8Array([...context, ...salt, ...password]))
}

export interface ManualClock extends Clock {
  /** Moves time on and wakes whoever slept long enough. */
  pass(milliseconds: number): Promise<void>
}

export function manualClock(start = 1_700_000_000_000): ManualClock {
  let now = start
  const sleepers = new Set<{ until: number; wake: () => void }>()
  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { until: now + milliseconds, wake: resolve }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          reject(signal.reason)
        })
      }),
    async pass(milliseconds) {
      now += milliseconds
      for (const sleeper of [...sleepers])
        if (sleeper.until <= now) {
          sleepers.delete(sleeper)
          sleeper.wake()
        }
      await settle()
    },
  }
}

export function memorySessionStore(): SessionStore & { readonly entries: Map<string, string> } {
  const entries = new Map<string, string>()
  return {
    entries,
    get: async (key) => entries.get(key) ?? null,
    set: async (key, value) => void entries.set(key, value),
    remove: async (key) => void entries.delete(key),
  }
}

export interface TestWallet {
  readonly wallet: Wallet
  readonly chain: FakeChain
  readonly clock: ManualClock
  readonly ports: WalletPorts
  readonly opened: { choices: readonly SourceChoice[]; checkpoint: string | null; maxAgeDays?: number }[]
  readonly state: WalletState
  /** Another instance over the same ports, as after the death of a worker. */
  reborn(): Promise<Wallet>
}

export async function testWallet(changes: Partial<WalletPorts> = {}): Promise<TestWallet> {
  const chain = fakeChain(engines)
  const clock = manualClock()
  const opened: TestWallet['opened'] = []
  const ports: WalletPorts = {
    store: memoryStore(),
    session: keepSession(memorySessionStore(), memorySessionKey()),
    clock,
    random: webRandom,
    engines,
    argon2id: quickKdf,
    aead: webAead,
    importCiphers: webImportCiphers,
    network: { name: 'fake', chainId: 1337, identity: '1337-fake', symbol: 'ETH', checkpoint: null, choices: CHOICES },
    openChain(request) {
      opened.push(request)
      return chain.client
    },
    faucet: null,
    pairing: null,
    ...changes,
  }
  const wallet = await createWallet(ports)
  return {
    wallet,
    chain,
    clock,
    ports,
    opened,
    get state() {
      return wallet.facade.state
    },
    reborn: () => createWallet(ports),
  }
}

/** With the well-known phrase imported, sources chosen, and ten ether on the first account. */
export async function fundedWallet(changes: Partial<WalletPorts> = {}): Promise<TestWallet> {
  const test = await testWallet(changes)
  test.chain.accounts.set(ADDRESS, { balance: 10n ** 19n, nonce: 3n })
  await test.wallet.facade.importWallet({ password: utf8(PASSWORD), from: phraseImport(PHRASE) })
  await test.wallet.facade.chooseSources({ choices: CHOICES, checkpoint: null })
  await settle()
  return test
}

export const phraseImport = (phrase: string, passphrase = ''): ImportRequest => ({
  kind: 'phrase',
  phrase: utf8(phrase.normalize('NFKD')),
  passphrase: utf8(passphrase.normalize('NFKD')),
})

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Lets everything run that waits for nothing but promises and WebCrypto. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve, 2))
}

/** Waits until `read` gives something truthy. */
export async function until<T>(read: () => T | null | undefined | false, what: string): Promise<T> {
  for (let i = 0; i < 400; i++) {
    const value = read()
    if (value) return value
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error(`gave up waiting for ${what}`)
}
