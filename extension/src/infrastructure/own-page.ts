/** What the extension's own pages need of the browser. */
import type { Answers, Question } from '../questions.ts'

/** Asks the worker, which is woken for it. */
export function ask<Q extends Question>(question: Q): Promise<Answers[Q['ask']]> {
  return chrome.runtime.sendMessage(question)
}

/** False in the popup under the extension's button, which closes as soon as somebody clicks elsewhere. */
export async function standsInTab(): Promise<boolean> {
  return (await chrome.tabs.getCurrent()) !== undefined
}

/** Moves on to the wallet in a tab of its own. */
export async function continueInTab(page: string): Promise<void> {
  await chrome.tabs.create({ url: chrome.runtime.getURL(page) })
  window.close()
}

export function soon(action: () => void, milliseconds: number): void {
  setTimeout(action, milliseconds)
}

/** A file of text, from wherever the person said. Redirects are refused: it comes from the host that was named. */
export async function fetchText(url: string, mostBytes: number): Promise<string> {
  const response = await fetch(url, {
    redirect: 'error',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    cache: 'no-store',
    signal: AbortSignal.timeout(15_000),
  })
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
  const text = await response.text()
  if (text.length > mostBytes) throw new Error(`more than ${mostBytes} characters`)
  return text
}
