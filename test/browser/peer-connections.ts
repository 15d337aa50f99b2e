import type { Page } from '@playwright/test'

export interface DirectPair {
  /** Candidate types, e.g. `host`. */
  readonly local: string
  readonly remote: string
  /** Empty where the browser does not tell. */
  readonly localAddress: string
  readonly remoteAddress: string
  /** The server that showed the local address; empty for none. */
  readonly stunServer: string
  readonly protocol: string
  readonly dtls: string
  readonly bytesReceived: number
}

interface Watched {
  readonly peerConnections: { readonly connection: RTCPeerConnection; readonly iceServers: string[] }[]
}

/** Remembers the peer connections a page makes; before anything in it is loaded. */
export async function watchPeerConnections(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const made: Watched['peerConnections'] = []
    Object.assign(window, { peerConnections: made })
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration)
        made.push({ connection: this, iceServers: (configuration?.iceServers ?? []).flatMap(({ urls }) => urls) })
      }
    }
  })
}

/** STUN and TURN servers that were given to any peer connection so far. */
export const iceServersUsed = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const { peerConnections } = window as unknown as Watched
    return [...new Set(peerConnections.flatMap(({ iceServers }) => iceServers))]
  })

/** How many peer connections the page has made or taken so far. */
export const peerConnectionsSoFar = (page: Page): Promise<number> =>
  page.evaluate(() => (window as unknown as Watched).peerConnections.length)

/** The candidate pair each open connection really uses, from the browser's own statistics. */
export const directPairs = (page: Page): Promise<DirectPair[]> =>
  page.evaluate(async () => {
    const { peerConnections } = window as unknown as Watched
    const pairs: DirectPair[] = []
    for (const { connection } of peerConnections) {
      if (connection.connectionState !== 'connected') continue
      const stats = new Map<string, Record<string, unknown>>()
      for (const report of (await connection.getStats()).values()) stats.set(report.id, report)
      const transport = [...stats.values()].find(({ type }) => type === 'transport')
      const pair = stats.get(String(transport?.selectedCandidatePairId))
      const local = stats.get(String(pair?.localCandidateId))
      const remote = stats.get(String(pair?.remoteCandidateId))
      if (pair?.state !== 'succeeded' || !transport || !local || !remote) continue
      pairs.push({
        local: String(local.candidateType),
        remote: String(remote.candidateType),
        localAddress: String(local.address ?? ''),
        remoteAddress: String(remote.address ?? ''),
        stunServer: String(local.url ?? ''),
        protocol: String(local.protocol),
        dtls: String(transport.dtlsState),
        bytesReceived: Number(transport.bytesReceived),
      })
    }
    return pairs
  })
