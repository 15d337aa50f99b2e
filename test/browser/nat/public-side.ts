/**
 * What stands on the public segment of `nat.test.ts`: devnet, bridge and the page. Run inside the namespace that has
 * the address given as its argument. Prints one line of JSON; any line on its standard input kills the bridge and is
 * answered with one, the end of the input ends all.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { startDevnet } from '@glowworm/devnet'
import { startBridge } from '../bridge-command.ts'
import { servePage } from '../page-server.ts'

export interface PublicSide {
  /** Of the page. */
  readonly origin: string
  readonly profile: unknown
  readonly bridges: readonly string[]
  readonly stunPort: number
  readonly account: `0x${string}`
}

const [host] = process.argv.slice(2)
if (host === undefined) throw new Error('expected an address')
const folder = mkdtempSync(join(tmpdir(), 'glowworm-nat-'))
const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`)

const [devnet, server] = await Promise.all([startDevnet({ mode: 'manual' }), servePage('swarm-page.ts', host)])
const profile = join(folder, 'profile.json')
writeFileSync(profile, JSON.stringify(devnet.profile))
const bridge = await startBridge(profile, '--host', host)
const shown: PublicSide = {
  origin: server.origin,
  profile: devnet.profile,
  bridges: bridge.addresses,
  stunPort: bridge.stunPort,
  account: devnet.accounts[1]!.address,
}
say(shown)
for await (const _ of createInterface({ input: process.stdin })) {
  await bridge.kill()
  say('killed')
}
await bridge.kill()
await server.close()
await devnet.close()
rmSync(folder, { recursive: true, force: true })
process.exit(0)
