/** What `npm start` does, step by step. @module */
import { join } from 'node:path'
import type { NetworkProfile } from '@glowworm/light-client/ledgers/ethereum/profile'
import type { Bridge, StartBridge } from './bridge.ts'
import { openNetwork } from './network.ts'
import type { StartOptions } from './options.ts'
import type { Progress } from './progress.ts'
import { serveWallet } from './serve-wallet.ts'

export interface Started {
  /** Where the wallet is served. */
  readonly url: string
  /** As `/network.json` shows it now. */
  profile(): NetworkProfile
  close(): Promise<void>
}

/** What `start` is made of beyond this folder, so that tests can start without what is not theirs. */
export interface StartParts {
  /** Folder of the repository. */
  readonly root: string
  readonly build: (progress: Progress) => Promise<void>
  readonly startBridge: StartBridge | undefined
  readonly openPage: ((url: string) => void) | undefined
}

const STATUS_MILLISECONDS = 1000

/** Starts everything; what was started is stopped again where a later step fails. */
export async function start(options: StartOptions, parts: StartParts, progress: Progress): Promise<Started> {
  const closing: (() => Promise<void>)[] = []
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step()
  }
  let profile: () => NetworkProfile | undefined = () => undefined
  try {
    // First of all, so that a port that is taken is known before anything is built.
    const folder = join(parts.root, 'wallet-ui', 'dist')
    const wallet = await serveWallet({ folder, port: options.port, profile: () => profile() })
    closing.push(wallet.close)
    await parts.build(progress)

    const done = options.network === 'devnet' ? 'started' : 'chosen'
    const network = await progress.step(options.network, done, () => openNetwork(options))
    closing.push(network.close)
    const bridge = await openBridge(parts, network.isDevnet, network.profile(), progress)
    if (bridge) closing.push(bridge.close)
    const peers = bridge?.multiaddrs ?? []
    const current = (): NetworkProfile => {
      const base = network.profile()
      return { ...base, sources: { ...base.sources, peers: [...base.sources.peers, ...peers] } }
    }
    profile = current

    progress.fact('wallet', `wallet     ${wallet.url}`, wallet.url)
    const extension = join(parts.root, 'extension', 'dist')
    progress.fact('extension', `extension  ${extension} (load unpacked)`, extension)
    for (const [name, url] of Object.entries(network.services)) progress.fact(name, `${name.padEnd(10)} ${url}`, url)
    if (bridge) closing.push(showStatus(bridge, progress))
    if (options.open) parts.openPage?.(wallet.url)
    return { url: wallet.url, profile: current, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function openBridge(
  parts: StartParts,
  isDevnet: boolean,
  profile: NetworkProfile,
  progress: Progress,
): Promise<Bridge | undefined> {
  const { startBridge } = parts
  if (!startBridge) return undefined
  // A devnet is a new chain on every start: nothing of it is worth keeping.
  const kept = isDevnet ? {} : { dataFolder: join(parts.root, '.glowworm', 'bridge', String(profile.chainId)) }
  return progress.step('bridge', 'started', () =>
    startBridge({ profile, ...kept, report: (message) => progress.fact('warning', message, message) }),
  )
}

/** Shows what the bridge verifies; gives a function that stops it. */
function showStatus(bridge: Bridge, progress: Progress): () => Promise<void> {
  const show = () => {
    const { words, ...value } = bridge.status()
    progress.live(words, value)
  }
  show()
  const timer = setInterval(show, STATUS_MILLISECONDS)
  return async () => clearInterval(timer)
}
