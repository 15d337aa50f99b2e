/** What the extension's own pages need of the browser. */
import type { Answers, Question } from '../questions.ts'

/** How often a question is put to a worker that dies over it. */
const MOST_LIVES = 5

/**
 * Asks the worker, which is woken for it. One that is stopped before it answers leaves no answer, or an error: the
 * question is put to the next. Asking twice does no harm, each only reads or sets one thing.
 *
 * @throws when no worker lives long enough, or this page outlived the extension
 */
export async function ask<Q extends Question>(question: Q): Promise<Answers[Q['ask']]> {
  let cause: unknown
  for (let life = 0; life < MOST_LIVES; life++) {
    try {
      const answer: Answers[Q['ask']] | undefined = await chrome.runtime.sendMessage(question)
      if (answer !== undefined) return answer
    } catch (error) {
      cause = error
    }
  }
  throw new Error('The background worker of the extension does not answer', { cause })
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
