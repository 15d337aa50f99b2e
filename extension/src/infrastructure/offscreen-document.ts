/** The document that carries peer connections, seen from the worker: workers cannot hold them. */
import { type Channel, type JsonPort, jsonChannel } from '@glowworm/light-client/network/message-channel'
import type { WorkerChannel } from '@glowworm/light-client/network/peer-carriage'
import { CARRIER_PORT } from '../ports.ts'

const PAGE = 'offscreen.html'
/** A document that fails again and again is not opened more often than this, in ms. */
const PAUSE = 2_000

type Port = JsonPort & {
  readonly onDisconnect: { addListener(listener: () => void): void }
  disconnect(): void
}

export interface OffscreenChannel extends Channel {
  /** Calls `handler` when the document was lost: what is sent from then on goes to a new one, which knows nothing. */
  onReopen(handler: () => void): () => void
  /** Takes the port the document comes with. */
  take(port: Port): void
  /** Closes the document, unless a phone is connected to it. It is opened again when something is sent. */
  close(): Promise<void>
}

/** A channel to the offscreen document, which is opened with the first message. */
export function offscreenChannel(): OffscreenChannel {
  const handlers = new Set<(message: unknown) => void>()
  const reopened = new Set<() => void>()
  const waiting: unknown[] = []
  let channel: Channel | null = null
  let port: Port | null = null
  let opening: Promise<void> | null = null
  let opened = 0

  function open(): Promise<void> {
    opening ??= call().finally(() => {
      opening = null
    })
    return opening
  }
  /** Has the document come with a port: see `take`. */
  async function call(): Promise<void> {
    const pause = opened + PAUSE - Date.now()
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause))
    opened = Date.now()
    await ensureDocument()
    await chrome.runtime.sendMessage(COME)
  }
  function lost(from: Port): void {
    if (port !== from) return
    port = null
    channel = null
    waiting.splice(0)
    for (const handler of [...reopened]) handler()
  }

  return {
    take(fresh) {
      port = fresh
      channel = jsonChannel(fresh)
      channel.listen((message) => {
        for (const handler of [...handlers]) handler(message)
      })
      fresh.onDisconnect.addListener(() => lost(fresh))
      for (const message of waiting.splice(0)) channel.send(message)
    },
    send(message) {
      if (channel) return channel.send(message)
      waiting.push(message)
      void open()
    },
    listen(handler) {
      handlers.add(handler)
      return () => handlers.delete(handler)
    },
    onReopen(handler) {
      reopened.add(handler)
      return () => reopened.delete(handler)
    },
    async close() {
      const closing = port
      port = null
      channel = null
      opened = 0
      waiting.splice(0)
      closing?.disconnect()
      if ((await hasDocument()) && !(await isKept())) await chrome.offscreen.closeDocument()
    },
  }
}

async function hasDocument(): Promise<boolean> {
  const contexts = await chrome.runtime.getContexts({ contextTypes: [chrome.runtime.ContextType.OFFSCREEN_DOCUMENT] })
  return contexts.length > 0
}

/** Whether the document says that it must stay; one that does not answer need not. */
const isKept = (): Promise<boolean> =>
  chrome.runtime.sendMessage(STAY).then(
    (said: unknown) => said === true,
    () => false,
  )

/** It may be there already: it outlives the worker. */
async function ensureDocument(): Promise<void> {
  if (await hasDocument()) return
  await chrome.offscreen.createDocument({
    url: PAGE,
    reasons: [chrome.offscreen.Reason.WEB_RTC],
    justification: 'Connections to peers that deliver evidence; a worker cannot hold them.',
  })
}

/**
 * The document's side: a channel to whichever worker is alive now. What is said while there is none is lost. The
 * document waits to be called and then connects. It must not listen for ports itself: as a second receiver of every
 * port that pages open it would keep those open, and nobody would notice the death of the worker.
 */
export function channelToWorker(): WorkerChannel {
  const handlers = new Set<(message: unknown) => void>()
  const losing = new Set<() => void>()
  let channel: Channel | null = null
  chrome.runtime.onMessage.addListener((message: unknown, sender) => {
    if (sender.id !== chrome.runtime.id || sender.tab !== undefined || !isCall(message)) return
    const port = chrome.runtime.connect({ name: CARRIER_PORT })
    const fresh = jsonChannel(port)
    channel = fresh
    fresh.listen((said) => {
      for (const handler of [...handlers]) handler(said)
    })
    port.onDisconnect.addListener(() => {
      if (channel !== fresh) return
      channel = null
      for (const handler of [...losing]) handler()
    })
  })
  return {
    send: (message) => channel?.send(message),
    listen(handler) {
      handlers.add(handler)
      return () => handlers.delete(handler)
    },
    onLost(handler) {
      losing.add(handler)
      return () => losing.delete(handler)
    },
  }
}

/** What the worker says when it wants a port. */
const COME = { ask: 'carry' } as const

/** Whether it may be closed: what the worker knew of it may have died with the worker. */
const STAY = { ask: 'stay' } as const

function isCall(message: unknown, { ask }: { readonly ask: string } = COME): boolean {
  return typeof message === 'object' && message !== null && 'ask' in message && message.ask === ask
}

/** The document's answer to whether it must stay. */
export function keepWhile(needed: () => boolean): void {
  chrome.runtime.onMessage.addListener((message: unknown, sender, answer) => {
    if (sender.id === chrome.runtime.id && sender.tab === undefined && isCall(message, STAY)) answer(needed())
  })
}
