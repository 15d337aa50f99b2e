/**
 * What `npm start` runs: devnet, bridge, and the built wallet served on a free port; and the wallet once more, for a
 * network whose only bridge lies. Prints one line of JSON, makes no block between the lines `hold head` and `go on`, and
 * ends when its standard input does.
 */
import { fileURLToPath } from 'node:url'
import { startDevnet } from '@glowworm/devnet'
import { serveWallet } from '@glowworm/devnet/start/serve-wallet'
import type { Hex } from '@glowworm/light-client'
import { runBridge } from '@glowworm/light-client/application/bridge'
import { startMailboxes } from '@glowworm/light-client/application/bridge/mailbox-server'
import { openHttpSources } from '@glowworm/light-client/application/cli/open-sources'
import { loadEngines } from '@glowworm/wasm-core'
import { otherAccount, startLyingBridge, withoutOneReceipt } from './lying-bridge.ts'

const engines = await loadEngines()
const devnet = await startDevnet({ secondsPerSlot: 1, identity: true })
const bridge = await runBridge({
  profile: devnet.profile,
  engines,
  trust: { checkpoint: devnet.checkpoint },
  upstream: openHttpSources(
    { profile: devnet.profile, beacon: [devnet.beaconUrl], execution: [devnet.executionUrl] },
    engines,
  ),
  listen: { host: '127.0.0.1', wsPort: 0, webrtcDirectPort: 0, stunPort: 0 },
  report: (message) => process.stderr.write(`bridge: ${message}\n`),
})
const mailboxes = await startMailboxes('127.0.0.1', 0)
const honest = bridge.multiaddrs().find((address) => address.includes('/ws/'))!
const shown = devnet.accounts.at(-1)!.address.toLowerCase() as Hex
const lyingBridge = await startLyingBridge(honest, devnet.profile, otherAccount(shown))
const withholdingBridge = await startLyingBridge(honest, devnet.profile, withoutOneReceipt)
const folder = fileURLToPath(new URL('../../wallet-ui/dist', import.meta.url))
const serve = (peers: readonly string[]) =>
  serveWallet({
    folder,
    port: 0,
    profile: () => {
      const profile = devnet.liveProfile()
      return { ...profile, sources: { ...profile.sources, peers } }
    },
  })
const wallet = await serve(bridge.multiaddrs())
const deceivedWallet = await serve(lyingBridge.multiaddrs)
const withheldWallet = await serve(withholdingBridge.multiaddrs)
/** As for a public network: the profile names neither sources nor a checkpoint. */
const bareWallet = await serveWallet({
  folder,
  port: 0,
  profile: () => {
    const { checkpoint: _, faucet: __, ...profile } = devnet.liveProfile()
    return { ...profile, sources: { beacon: [], execution: [], peers: [] } }
  },
})
await bridge.client.ready()
process.stdout.write(
  `${JSON.stringify({
    walletUrl: wallet.url,
    deceivedWalletUrl: deceivedWallet.url,
    lyingBridge: lyingBridge.peerId,
    withheldWalletUrl: withheldWallet.url,
    withholdingBridge: withholdingBridge.peerId,
    bareWalletUrl: bareWallet.url,
    beaconUrl: devnet.beaconUrl,
    issuerUrl: devnet.identity!.issuer.url,
    mailboxUrl: `http://127.0.0.1:${mailboxes.port}`,
    verifierUrl: devnet.identity!.verifier.url,
    executionUrl: devnet.executionUrl,
    networkUrl: new URL('network.json', wallet.url).href,
    faucetHost: new URL(devnet.faucetUrl).host,
    funded: devnet.accounts[1]?.address,
  })}\n`,
)
process.stdin.on('data', (line: Buffer) => {
  const holds = line.toString().startsWith('hold')
  devnet.conditions.misses = () => holds
})
process.stdin.on('end', async () => {
  await Promise.all([wallet.close(), deceivedWallet.close(), withheldWallet.close(), bareWallet.close()])
  await Promise.all([lyingBridge.close(), withholdingBridge.close()])
  await mailboxes.close()
  await bridge.close()
  await devnet.close()
  process.exit(0)
})
