/** Starts and stops anvil, the execution node. @module */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ExecutionNodeFailed } from '../errors.ts'
import { connectRpc, type RpcClient } from './rpc-client.ts'

export interface Anvil {
  readonly url: string
  readonly rpc: RpcClient
  /** Ends the process and removes its folder. */
  close(): Promise<void>
}

/** Seconds that anvil may take to listen; it needs about 50 ms. */
const START_LIMIT_SECONDS = 20

/**
 * Starts anvil on a free loopback port. It mines nothing on its own. The guardian process ends it when this process
 * ends without having called `close`.
 * @throws {ExecutionNodeFailed}
 */
export async function startAnvil(options: { hardfork: string; genesisTime: number; chainId: number }): Promise<Anvil> {
  const folder = mkdtempSync(join(tmpdir(), 'glowworm-devnet-'))
  const guardian = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('./guardian.mjs', import.meta.url)),
      ...[folder, anvilBinary()],
      ...['--host', '127.0.0.1', '--port', '0', '--threads', '2', '--no-mining', '--no-request-size-limit'],
      ...['--hardfork', options.hardfork, '--chain-id', String(options.chainId)],
      ...['--timestamp', String(options.genesisTime), '--accounts', '11'],
      // Older states go to disk, about 300 KB each; as many blocks can be proven.
      ...['--cache-path', folder, '--max-persisted-states', '512', '--preserve-historical-states'],
    ],
    { stdio: ['pipe', 'pipe', 'pipe'], detached: true },
  )
  const url = await addressOf(guardian)
  const rpc = connectRpc(url)
  return {
    url,
    rpc,
    async close() {
      rpc.close()
      await end(guardian)
    },
  }
}

function addressOf(guardian: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = ''
    const late = setTimeout(() => fail(`did not listen within ${START_LIMIT_SECONDS} s`), START_LIMIT_SECONDS * 1000)
    const fail = (reason: string) => {
      clearTimeout(late)
      void end(guardian)
      reject(new ExecutionNodeFailed(`${reason}: ${printed.slice(-500).trim()}`))
    }
    const read = (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-20_000)
      const address = /Listening on (127\.0\.0\.1:\d+)/.exec(printed)?.[1]
      if (!address) return
      clearTimeout(late)
      guardian.off('exit', ended)
      guardian.stdout?.off('data', read).resume()
      guardian.stderr?.off('data', read).resume()
      resolve(`http://${address}`)
    }
    const ended = (code: number | null) => fail(`ended with code ${code} before it listened`)
    guardian.on('exit', ended)
    guardian.on('error', (error) => fail(error.message))
    guardian.stdout?.on('data', read)
    guardian.stderr?.on('data', read)
  })
}

/** Closes the guardian's pipe, which makes it kill anvil, and waits for it. */
function end(guardian: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (guardian.exitCode !== null || guardian.signalCode !== null || guardian.pid === undefined) return resolve()
    guardian.once('exit', () => resolve())
    guardian.stdin?.end()
  })
}

/** The binary lies in a package of its own per platform, named as @foundry-rs/anvil's launcher names it. */
function anvilBinary(): string {
  const platform = process.platform === 'win32' ? 'win32' : process.platform
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch
  const name = `@foundry-rs/anvil-${platform}-${architecture}`
  try {
    const fromLauncher = createRequire(createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json'))
    const file = process.platform === 'win32' ? 'anvil.exe' : 'anvil'
    return join(dirname(fromLauncher.resolve(`${name}/package.json`)), 'bin', file)
  } catch (cause) {
    throw new ExecutionNodeFailed(`has no binary for ${process.platform}-${process.arch} (${name})`, { cause })
  }
}
