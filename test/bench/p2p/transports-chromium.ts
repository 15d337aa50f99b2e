/** Each transport from a page in Chromium: to a bridge, and to another page. @module */
import { type Browser, chromium, type Page } from '@playwright/test'
import { findChromium, launchArguments, PEER_CONNECTION_PERMISSIONS } from '../../browser/chromium.ts'
import { servePage } from '../../browser/page-server.ts'
import { median } from '../compare.ts'
import { startBridge } from './bridge.ts'
import type { Exchange } from './exchange.ts'
import { percentiles } from './figures.ts'
import { type P2pRow, row } from './goals.ts'
import { exchangeRows, gossipRows } from './transport-rows.ts'
import type { TransportsPage } from './transports-page.ts'

const VISITS = 5
const UPDATES = 60
const SUBSCRIBERS = 5

interface Open {
  readonly page: Page
  call<K extends keyof TransportsPage>(
    name: K,
    ...args: Parameters<TransportsPage[K]>
  ): Promise<Awaited<ReturnType<TransportsPage[K]>>>
  close(): Promise<void>
}

export async function chromiumTransportRows(say: (text: string) => void): Promise<P2pRow[]> {
  const server = await servePage('../bench/p2p/transports-page.ts')
  const bridge = await startBridge({ wsPort: 0, webrtcDirectPort: 0, stunPort: 0 })
  const browser = await chromium.launch({ executablePath: await findChromium(), args: [...launchArguments] })
  try {
    const open = () => openPage(browser, server.origin)
    const peer = bridge.addresses[0]!.split('/p2p/').at(-1)!
    const rows: P2pRow[] = []
    for (const [name, part] of [
      ['WebSocket', '/ws/'],
      ['webrtc-direct', '/webrtc-direct'],
    ] as const) {
      say(`chromium: ${name}`)
      const addresses = bridge.addresses.filter((one) => one.includes(part))
      rows.push(...(await measure(name, open, addresses, peer)))
    }
    say('chromium: WebRTC between pages')
    const holder = await open()
    const holding = await holder.call('start', bridge.addresses, true)
    while (!(await holder.call('reachable'))) await holder.page.waitForTimeout(20)
    rows.push(...(await measure('WebRTC, page to page', open, bridge.addresses, holding)))
    await holder.close()
    say('chromium: gossip')
    return [...rows, ...(await gossip(open, bridge.addresses))]
  } finally {
    await browser.close()
    await bridge.close()
    await server.close()
  }
}

async function measure(
  name: string,
  open: () => Promise<Open>,
  bridges: readonly string[],
  peer: string,
): Promise<P2pRow[]> {
  const seen: Awaited<ReturnType<TransportsPage['first']>>[] = []
  let exchanged: Exchange | undefined
  for (let visit = 1; visit <= VISITS; visit++) {
    const page = await open()
    seen.push(await page.call('first', bridges, peer))
    if (visit === VISITS) exchanged = await page.call('exchange', peer)
    await page.close()
  }
  const carriers = [...new Set(seen.map(({ carrier }) => carrier))].join()
  if (carriers !== name.toLowerCase().split(',')[0]) throw new Error(`${name} was measured over ${carriers}`)
  const note =
    'From the creation of the node; connected means that identify has told what the other side serves. Between pages the relay, the reservation on it and the rendezvous are included.'
  return [
    row('chromium', `${name}: node made and connected`, median(seen.map(({ connected }) => connected)), 'ms', note),
    row('chromium', `${name}: first evidence, the same included`, median(seen.map(({ first }) => first)), 'ms', note),
    ...exchangeRows('chromium', name, exchanged!),
  ]
}

async function gossip(open: () => Promise<Open>, bridges: readonly string[]): Promise<P2pRow[]> {
  const pages = await Promise.all(Array.from({ length: SUBSCRIBERS + 1 }, open))
  await Promise.all(pages.map(({ call }) => call('start', bridges, false)))
  const [publisher, ...others] = pages as [Open, ...Open[]]
  // the mesh forms at gossipsub's heartbeat, once everybody has met
  await publisher.page.waitForTimeout(8_000)
  await publisher.call('publish', UPDATES)
  await publisher.page.waitForTimeout(1_000)
  const delays = (await Promise.all(others.map(({ call }) => call('delays')))).flat()
  return gossipRows('chromium', { ...percentiles(delays), heard: delays.length, expected: UPDATES * SUBSCRIBERS })
}

async function openPage(browser: Browser, origin: string): Promise<Open> {
  const context = await browser.newContext()
  await context.grantPermissions([...PEER_CONNECTION_PERMISSIONS], { origin })
  const page = await context.newPage()
  await page.goto(origin)
  await page.waitForFunction(() => 'bench' in window)
  return {
    page,
    call: (name, ...args) =>
      page.evaluate(
        ([method, given]) => {
          const { bench } = window as unknown as { bench: Record<string, (...args: unknown[]) => unknown> }
          return bench[method]!(...given)
        },
        [name, args] as const,
      ) as never,
    close: () => context.close(),
  }
}
