/** What the browser tells the worker. Listeners must be added in the first turn of the worker, or events are missed. */
import type { Sender } from '../worker/sender.ts'

/** The part of `chrome.runtime.Port` the worker uses. */
export interface Port {
  readonly name: string
  readonly sender?: Sender
  postMessage(message: unknown): void
  disconnect(): void
  readonly onMessage: {
    addListener(listener: (message: unknown) => void): void
    removeListener(listener: (message: unknown) => void): void
  }
  readonly onDisconnect: { addListener(listener: () => void): void }
}

export const ownIdentity = () => ({ id: chrome.runtime.id, origin: self.location.origin })

export function onPort(take: (port: Port) => void): void {
  chrome.runtime.onConnect.addListener((port) => take(port))
}

/** Answers messages of pages. `answer` decides by the sender whether to answer at all (null: no). */
export function onQuestion(answer: (question: unknown, sender: Sender) => Promise<unknown> | null): void {
  chrome.runtime.onMessage.addListener((question: unknown, sender, respond) => {
    const answered = answer(question, sender)
    if (answered === null) return false
    void answered.then(respond)
    return true
  })
}

/** Never where the browser has no windows, as on a phone. */
export function onWindowClosed(take: (windowId: number) => void): void {
  const windows: typeof chrome.windows | undefined = chrome.windows
  windows?.onRemoved.addListener(take)
}

export function onAlarm(name: string, take: () => void): void {
  chrome.alarms.onAlarm.addListener((alarm) => {
    if (alarm.name === name) take()
  })
}

/** Sounds every minute until it is stopped, and wakes the worker for it. */
export async function startAlarm(name: string): Promise<void> {
  await chrome.alarms.create(name, { periodInMinutes: 1 })
}

export async function stopAlarm(name: string): Promise<void> {
  await chrome.alarms.clear(name)
}

export function onInstalled(take: () => void): void {
  chrome.runtime.onInstalled.addListener(({ reason }) => {
    if (reason === chrome.runtime.OnInstalledReason.INSTALL) take()
  })
}

/** Keeps the browser from stopping the worker as idle; every call of its interface counts as work. */
export function stayAwake(): () => void {
  const timer = setInterval(() => void chrome.runtime.getPlatformInfo(), 20_000)
  return () => clearInterval(timer)
}

export async function showCount(count: number): Promise<void> {
  await chrome.action.setBadgeText({ text: count === 0 ? '' : String(count) })
}
