/**
 * A bridge in a process of its own, so that a test can stop it and start it again on the same ports: within one
 * process the native WebRTC library keeps a UDP port until its connections are collected.
 *
 * Arguments: folder for key and certificate, WebSocket port, webrtc-direct port. Prints its multiaddrs as one line of
 * JSON and serves until its standard input ends.
 */
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { fileStore } from '@glowworm/light-client/infrastructure/file-store'
import { createBridgeNode } from '@glowworm/light-client/network/libp2p/bridge-node'
import { memorySource } from '@glowworm/light-client/network/memory-source'
import { BRIDGE_ANSWER, NETWORK, SMALL } from './p2p-fixture.ts'

const [folder, wsPort, webrtcDirectPort] = process.argv.slice(2)
if (folder === undefined) throw new Error('expected a folder')
const source = memorySource({ id: 'bridge-memory', carrier: 'file', words: 'memory' }, 1024 * 1024)
source.put(SMALL, BRIDGE_ANSWER)
const bridge = await createBridgeNode({
  network: NETWORK,
  listen: { host: '127.0.0.1', wsPort: Number(wsPort), webrtcDirectPort: Number(webrtcDirectPort) },
  source,
  clock: platformClock,
  store: fileStore(folder),
  validate: async () => 'accept',
})
process.stdout.write(`${JSON.stringify(bridge.multiaddrs())}\n`)
process.stdin.resume()
process.stdin.on('end', async () => {
  await bridge.close()
  process.exit(0)
})
