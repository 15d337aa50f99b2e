/**
 * What `npm start` runs, with a liar between the chain and the bridge that tests can set: devnet, liar, bridge, and the
 * built wallet served on a free port. Prints one line of JSON, and ends when its standard input does.
 */
import { fileURLToPath } from 'node:url'
import { startDevnet, startLiar } from '@glowworm/devnet'
import { serveWallet } from '@glowworm/devnet/start/serve-wallet'
import { runBridge } from '@glowworm/light-client/application/bridge'
import { openHttpSources } from '@glowworm/light-client/application/cli/open-sources'
import { loadEngines } from '@glowworm/wasm-core'

const engines = await loadEngines()
const devnet = await startDevnet({ secondsPerSlot: 1 })
const liar = await startLiar(devnet)
const bridge = await runBridge({
  profile: devnet.profile,
  engines,
  trust: { checkpoint: devnet.checkpoint },
  upstream: openHttpSources(
    { profile: devnet.profile, beacon: [liar.beaconUrl], execution: [liar.executionUrl] },
    engines,
  ),
  listen: { host: '127.0.0.1', wsPort: 0, webrtcDirectPort: 0, stunPort: 0 },
  report: (message) => process.stderr.write(`bridge: ${message}\n`),
})
const wallet = await serveWallet({
  folder: fileURLToPath(new URL('../../wallet-ui/dist', import.meta.url)),
  port: 0,
  profile: () => {
    const profile = devnet.liveProfile()
    return { ...profile, sources: { ...profile.sources, peers: bridge.multiaddrs() } }
  },
})
await bridge.client.ready()
process.stdout.write(
  `${JSON.stringify({
    walletUrl: wallet.url,
    liarUrl: liar.beaconUrl,
    executionUrl: devnet.executionUrl,
    networkUrl: new URL('network.json', wallet.url).href,
    faucetHost: new URL(devnet.faucetUrl).host,
    funded: devnet.accounts[1]?.address,
  })}\n`,
)
process.stdin.resume()
process.stdin.on('end', async () => {
  await wallet.close()
  await bridge.close()
  await liar.close()
  await devnet.close()
  process.exit(0)
})
