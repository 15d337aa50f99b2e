import type { Browser, Page } from '@playwright/test'
import { PEER_CONNECTION_PERMISSIONS } from './chromium.ts'
import { watchPeerConnections } from './peer-connections.ts'
import type { SwarmOptions, SwarmPage } from './swarm-page.ts'

export type Call = <K extends keyof SwarmPage>(
  name: K,
  ...args: Parameters<SwarmPage[K]>
) => Promise<Awaited<ReturnType<SwarmPage[K]>>>

export interface OpenPage {
  /** Of the peer, or empty. */
  readonly id: string
  readonly page: Page
  /** Runs what `swarm-page.ts` offers. */
  readonly call: Call
}

/** A page with storage and connections of its own, started. */
export async function openSwarmPage(
  browser: Browser,
  origin: string,
  options: SwarmOptions,
  onError: (error: string) => void,
): Promise<OpenPage> {
  const context = await browser.newContext()
  await context.grantPermissions([...PEER_CONNECTION_PERMISSIONS], { origin })
  const page = await context.newPage()
  page.on('pageerror', (error) => onError(error.stack ?? error.message))
  await watchPeerConnections(page)
  await page.goto(origin)
  await page.waitForFunction(() => 'page' in window)
  const call: Call = (name, ...args) =>
    page.evaluate(
      ([method, given]) => {
        const { page } = window as unknown as { page: Record<string, (...args: unknown[]) => unknown> }
        return page[method]!(...given)
      },
      [name, args] as const,
    ) as never
  const id = await call('start', options)
  return { id, call, page }
}
