/** `npm pack` of the light client installs into an empty project, type-checks there, runs its CLI and proves something. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Devnet, FIXTURE_CONTRACT, startDevnet } from '@glowworm/devnet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

describe('the packed light client', () => {
  let project: string
  let devnet: Devnet
  /** Asynchronous: the devnet answers from this very process. */
  const run = (command: string, args: readonly string[], cwd = project) =>
    new Promise<string>((resolve, reject) => {
      execFile(command, args, { cwd, timeout: 240_000 }, (error, stdout, stderr) =>
        error ? reject(new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`)) : resolve(stdout),
      )
    })

  beforeAll(async () => {
    project = mkdtempSync(join(tmpdir(), 'glowworm-pack-'))
    // --ignore-scripts: built right here over the WASM that the test run has built, so that prepack need not run again.
    await run(process.execPath, ['light-client/build.ts'], ROOT)
    await run(
      'npm',
      ['pack', '--ignore-scripts', '--silent', '--pack-destination', project, '-w', '@glowworm/light-client'],
      ROOT,
    )
    const tarball = readdirSync(project).find((name) => name.endsWith('.tgz'))!
    writeFileSync(join(project, 'package.json'), '{"name":"empty","private":true,"type":"module"}')
    await run('npm', [
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      '--silent',
      `./${tarball}`,
    ])
    devnet = await startDevnet({ mode: 'manual' })
  }, 300_000)
  afterAll(async () => {
    await devnet?.close()
    rmSync(project, { recursive: true, force: true })
  })

  it('brings no workspace, no sources and no React Native', () => {
    const names = readdirSync(join(project, 'node_modules'))
    expect(names).not.toContain('react-native')
    expect(readdirSync(join(project, 'node_modules/@glowworm'))).toEqual(['light-client'])
    expect(readdirSync(join(project, 'node_modules/@glowworm/light-client'))).not.toContain('src')
  })

  it('is a few modules, with nothing reached by its path', async () => {
    const dist = readdirSync(join(project, 'node_modules/@glowworm/light-client/dist'))
    expect(dist.filter((name) => name.endsWith('.js')).length).toBeLessThan(70)
    await expect(
      run(process.execPath, ['-e', "import('@glowworm/light-client/network/http/beacon-rest')"]),
    ).rejects.toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED')
  })

  it('runs its command', async () => {
    const bin = join(project, 'node_modules/.bin/glowworm')
    expect(await run(process.execPath, [bin, '--version'])).toMatch(/^glowworm \d/)
    expect(await run(process.execPath, [bin, '--help'])).toContain('--checkpoint')
  })

  it('serves calls, executed in its threads', async () => {
    writeFileSync(join(project, 'profile.json'), JSON.stringify(devnet.profile))
    const bin = join(project, 'node_modules/@glowworm/light-client/bin/glowworm.mjs')
    const serving = spawn(process.execPath, [bin, 'serve', '--network', './profile.json', '--port', '0', '--json'], {
      cwd: project,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = new Promise((resolve) => serving.once('close', resolve))
    try {
      const [line] = await once(serving.stdout, 'data')
      const { http } = JSON.parse(String(line)) as { http: string }
      const params = [{ to: FIXTURE_CONTRACT, data: `0x${'1'.padStart(64, '0')}` }, 'finalized']
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_call', params })
      const answer = await fetch(http, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      expect(await answer.json()).toMatchObject({ result: expect.stringMatching(/^0x/) })
    } finally {
      serving.kill('SIGINT')
    }
    expect(await ended).toBe(0)
  })

  it('proves a balance from a program of twenty lines, and says that an absent account is absent', async () => {
    writeFileSync(join(project, 'profile.json'), JSON.stringify(devnet.profile))
    writeFileSync(
      join(project, 'prove.mjs'),
      `import { readFileSync } from 'node:fs'
import { beaconRestSource, createLightClient, executionRpcSource, isVerified, loadEngines, parseProfile } from '@glowworm/light-client'
import { nodeHttp as http } from '@glowworm/light-client/node'
import { createProvider } from '@glowworm/light-client/provider'

const profile = parseProfile(JSON.parse(readFileSync('profile.json', 'utf8')))
const engines = await loadEngines()
const client = createLightClient({
  profile, engines, trust: { checkpoint: profile.checkpoint },
  sources: [
    beaconRestSource({ url: profile.sources.beacon[0], profile, hashes: engines.hashes, http }),
    executionRpcSource({ url: profile.sources.execution[0], http }),
  ],
})
const { verified } = await client.account(process.argv[2])
// Through another entry: a second copy of the modules would not know the values of the first as verified.
const { result, provenance } = await createProvider(client).answer({ method: 'eth_getBalance', params: [process.argv[2], 'finalized'] })
console.log(JSON.stringify({ engines: engines.kind, verified: isVerified(verified), exists: verified.value.exists, balance: String(verified.value.balance), again: BigInt(result) === verified.value.balance, standing: provenance.standing }))
await client.close()
`,
    )
    const prove = async (address: string) => JSON.parse(await run(process.execPath, ['prove.mjs', address]))
    const rich = await prove(devnet.accounts[1]!.address.toLowerCase())
    expect(rich).toMatchObject({ engines: 'wasm', verified: true, exists: true, again: true, standing: 'verified' })
    expect(BigInt(rich.balance)).toBeGreaterThan(10n ** 18n)
    expect(await prove('0x1234567890123456789012345678901234567890')).toMatchObject({
      verified: true,
      exists: false,
      balance: '0',
    })
  })

  it('has types that a strict project accepts', async () => {
    writeFileSync(
      join(project, 'use.ts'),
      `import { createLightClient, loadEngines, type LightClient, type Verified } from '@glowworm/light-client'
import { createProvider } from '@glowworm/light-client/provider'
import { verifyReceipt } from '@glowworm/light-client/receipts'
export async function balance(client: LightClient): Promise<bigint> {
  const { verified } = await client.account('0x1234567890123456789012345678901234567890')
  const kind: 'wasm' | 'noble' = (await loadEngines()).kind
  // @ts-expect-error a copy is not a verified value
  const forged: Verified<number> = { value: 1, anchor: verified.anchor, finality: verified.finality, method: kind, checkedAt: 0 }
  return verified.value.balance + BigInt(forged.value)
}
export const used = [createLightClient, createProvider, verifyReceipt]
`,
    )
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
    const options = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--moduleResolution',
      'nodenext',
      '--target',
      'es2023',
      '--lib',
      'es2024,dom,dom.iterable',
      '--skipLibCheck',
      'false',
    ]
    expect(await run(process.execPath, [tsc, ...options, '--types', '', 'use.ts'])).toBe('')
    // What is for Node alone speaks of Node's own types.
    writeFileSync(
      join(project, 'use-node.ts'),
      `import { dialledPeers, fileStore, nodeHttp, runBridge, serveRpc, type Bridge } from '@glowworm/light-client/node'
export const used: [typeof dialledPeers, typeof nodeHttp, typeof serveRpc] = [dialledPeers, nodeHttp, serveRpc]
export const bridge = (options: Parameters<typeof runBridge>[0]): Promise<Bridge> =>
  runBridge({ ...options, store: fileStore('.') })
`,
    )
    const nodeTypes = ['--typeRoots', join(ROOT, 'node_modules/@types'), '--types', 'node']
    expect(await run(process.execPath, [tsc, ...options, ...nodeTypes, 'use-node.ts'])).toBe('')
  })
})
