import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('../../light-client/bin/glowworm.mjs', import.meta.url))

export interface BridgeProcess {
  readonly addresses: string[]
  readonly peerId: string
  readonly stunPort: number
  kill(): Promise<void>
}

/** `glowworm bridge` as a user runs it. @param profile path of the network's profile */
export async function startBridge(profile: string, ...options: string[]): Promise<BridgeProcess> {
  const args = ['bridge', '--network', profile, '--json', ...options]
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const line = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')))
    })
    child.once('close', (code) => reject(new Error(`the bridge ended with ${code}`)))
  })
  const { multiaddrs, peerId, stunPort } = JSON.parse(line)
  return {
    addresses: multiaddrs,
    peerId,
    stunPort,
    kill() {
      child.kill('SIGKILL')
      return ended
    },
  }
}
