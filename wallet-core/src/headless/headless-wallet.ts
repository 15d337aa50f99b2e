/**
 * A real wallet without a person: the same core, with a policy in the place of windows. For tests of DApps and for
 * programs that sign. What the policy allows is signed unasked; everything else is refused. Runs in Node.
 * @module
 */
import { createLightClient, type Hex, InvalidInput } from '@glowworm/light-client'
import { openHttpSources } from '@glowworm/light-client/application/cli/open-sources'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { memoryStore } from '@glowworm/light-client/infrastructure/memory-store'
import { parseProfile } from '@glowworm/light-client/ledgers/ethereum/profile'
import { argon2id } from '@glowworm/wasm-core/argon2id'
import { loadHeadlessEngines } from '@glowworm/wasm-core/load-headless-engines'
import { createWallet } from '../facade/create-wallet.ts'
import type { Approval, WalletFacade } from '../facade/facade.ts'
import { networkOf } from '../facade/network.ts'
import { operatorsOf } from '../host/ask-operators.ts'
import { webAead, webImportCiphers, webRandom } from '../infrastructure/web-crypto.ts'
import { readPolicy } from '../policy/policy.ts'
import type { ByteStore } from '../ports.ts'
import type { Provider } from '../provider/provider.ts'
import { noSession } from '../session/session.ts'
import { answerByPolicy } from './answer-by-policy.ts'
import { type Attachable, attachTo } from './attach.ts'

export interface HeadlessOptions {
  /** JSON of a network profile (docs/network-profile.md) that names beacon and execution nodes. */
  readonly network: unknown
  /** A finalized block root to start from; default: the profile's. */
  readonly checkpoint?: Hex
  /** BIP-39, English. Only its first account is used unless `accounts` says otherwise. */
  readonly phrase: string
  readonly accounts?: number
  /** JSON of a policy (docs/policy.md). Nothing is signed that it does not allow; `{ version: 1 }` allows everything. */
  readonly policy: unknown
  /** Asked where the policy wants a second yes. Absent: that is a no. */
  readonly secondApproval?: (approval: Approval) => boolean | Promise<boolean>
  /** Told of everything that was refused, with the reason. */
  readonly onRefusal?: (approval: Approval, why: string) => void
  /** Where vault and activity are kept, so that limits over time outlive the process. Default: memory. */
  readonly vault?: { readonly store: ByteStore; readonly password: Uint8Array }
}

export interface HeadlessWallet {
  /** EIP-1193 requests of sites, by origin. */
  readonly provider: Provider
  readonly facade: WalletFacade
  /** Puts the wallet into every page that a Playwright page, or browser context, opens from now on. */
  attach(target: Attachable): Promise<void>
  close(): Promise<void>
}

/** The longest there is; a wallet that was locked meanwhile is unlocked again for the next request. */
const AUTO_LOCK_MINUTES = 24 * 60

/**
 * Resolves once the wallet follows the chain.
 * @throws {InvalidPolicy} {@link InvalidInput} for what cannot be read, and why the chain cannot be followed
 */
export async function headlessWallet(options: HeadlessOptions): Promise<HeadlessWallet> {
  const policy = readPolicy(options.policy)
  const profile = parseProfile(options.network)
  const { beacon, execution } = profile.sources
  if (beacon.length === 0 || execution.length === 0)
    throw new InvalidInput('network', 'it names no beacon node or no execution node', 'Add them under "sources".')
  const engines = await loadHeadlessEngines()
  const { store, password } = options.vault ?? { store: memoryStore(), password: webRandom.bytes(32) }
  const wallet = await createWallet({
    store,
    session: noSession,
    clock: platformClock,
    random: webRandom,
    engines,
    argon2id,
    aead: webAead,
    importCiphers: webImportCiphers,
    network: networkOf({ ...profile, sources: { ...profile.sources, peers: [] } }),
    openChain: ({ checkpoint }) => {
      if (checkpoint === null) throw new InvalidInput('checkpoint', 'none is given, and the network has none')
      const sources = openHttpSources({ profile, beacon, execution }, engines)
      return createLightClient({ profile, engines, trust: { checkpoint }, sources })
    },
    askOperators: operatorsOf(profile, engines),
    faucet: null,
    pairing: null,
    policy,
    ...(options.onRefusal ? { onRefusal: options.onRefusal } : {}),
  })
  const { facade } = wallet
  const secret = () => password.slice()
  if (facade.state.phase === 'no-wallet') {
    const phrase = new TextEncoder().encode(options.phrase.normalize('NFKD'))
    const from = { kind: 'phrase', phrase, passphrase: new Uint8Array(0) } as const
    await facade.importWallet({ password: secret(), from })
    await facade.setAutoLock({ minutes: AUTO_LOCK_MINUTES })
  } else await facade.unlock({ password: secret() })
  while (facade.state.accounts.length < (options.accounts ?? 1))
    await facade.addAccount({ name: `Account ${facade.state.accounts.length + 1}` })
  const stop = answerByPolicy(facade, options.secondApproval ?? (() => false))
  await facade.chooseSources({
    choices: facade.state.choices.map((choice) => ({ ...choice, chosen: true })),
    checkpoint: options.checkpoint ?? null,
  })
  await following(facade)

  let unlocking: Promise<void> | null = null
  const provider: Provider = {
    ...wallet.provider,
    async handle(request) {
      await wallet.tick()
      if (facade.state.phase === 'locked') {
        unlocking ??= facade.unlock({ password: secret() }).finally(() => {
          unlocking = null
        })
        await unlocking
      }
      return wallet.provider.handle(request)
    },
  }
  return {
    provider,
    facade,
    attach: (target) => attachTo(target, provider),
    async close() {
      stop()
      await facade.lock()
      await wallet.close()
      password.fill(0)
    },
  }
}

function following(facade: WalletFacade): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const { pulse } = facade.state
      if (pulse.state === 'stalled') reject(new InvalidInput('network', pulse.problem.message))
      else if (pulse.state !== 'following') return
      else resolve()
      stop()
    }
    const stop = facade.subscribe(look)
    queueMicrotask(look)
  })
}
