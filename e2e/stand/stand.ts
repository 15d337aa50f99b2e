import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { test as base } from '@playwright/test'

export interface Stand {
  readonly walletUrl: string
  readonly networkUrl: string
  readonly executionUrl: string
  readonly faucetHost: string
  readonly funded: string
  /** The same wallet, for a network whose only bridge gives another account's proof, whichever is asked for. */
  readonly deceivedWalletUrl: string
  /** Peer id of that bridge. */
  readonly lyingBridge: string
  /** The same wallet, for a network whose only bridge keeps one receipt of each block back. */
  readonly withheldWalletUrl: string
  readonly withholdingBridge: string
  /** The same wallet, for a network whose profile names neither sources nor a checkpoint. */
  readonly bareWalletUrl: string
  readonly beaconUrl: string
  readonly issuerUrl: string
  readonly verifierUrl: string
  /** Of the bridge's mailboxes for phones. */
  readonly mailboxUrl: string
  /** JSON-RPC to the honest execution node: what the chain really says. */
  rpc<T>(method: string, ...params: unknown[]): Promise<T>
}

export interface StartedStand extends Stand {
  /** No block follows any more. @returns the number of the newest that a committee has signed: the last but one */
  holdHead(): Promise<number>
  /** Blocks follow again. */
  goOn(): void
  /** Ends all of it: nodes, bridge, and the server of the wallet. */
  stop(): Promise<void>
}

export async function startStand(): Promise<StartedStand> {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=source', main], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  const stop = () => {
    child.stdin.end()
    return ended
  }
  try {
    const line = JSON.parse(await firstLine(child.stdout)) as Omit<Stand, 'rpc'>
    const rpc: Stand['rpc'] = async (method, ...params) => {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
      const answer = await fetch(line.executionUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
      return ((await answer.json()) as { result: never }).result
    }
    return {
      ...line,
      stop,
      goOn: () => child.stdin.write('go on\n'),
      rpc,
      async holdHead() {
        child.stdin.write('hold head\n')
        const newest = () => rpc<string>('eth_blockNumber')
        let number = await newest()
        for (;;) {
          await sleep(2_000)
          const later = await newest()
          if (later === number) return Number(number) - 1
          number = later
        }
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** A network of its own for each worker, started once and stopped at its end. */
export const test = base.extend<object, { stand: Stand }>({
  stand: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's dependencies from this pattern
    async ({}, use) => {
      const stand = await startStand()
      try {
        await use(stand)
      } finally {
        await stand.stop()
      }
    },
    { scope: 'worker', timeout: 120_000 },
  ],
})

export { expect } from '@playwright/test'

function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    stream.on('data', (chunk) => {
      text += chunk
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')))
    })
    stream.on('end', () => reject(new Error(`the network did not start: ${text}`)))
  })
}
