/** Pages of the extension in tabs and windows. */

const WIDTH = 375
const HEIGHT = 640
/** As `chrome.windows.WINDOW_ID_NONE`. */
const NO_WINDOW = -1

export async function openTab(page: string): Promise<void> {
  await chrome.tabs.create({ url: chrome.runtime.getURL(page) })
}

/** The window that shows `page` and stays, wherever it came from: an earlier life of the worker may have opened it. */
async function windowWith(page: string, leaving: number | null): Promise<number | null> {
  const contexts = await chrome.runtime.getContexts({
    contextTypes: [chrome.runtime.ContextType.TAB],
    documentUrls: [chrome.runtime.getURL(page)],
  })
  return contexts.find(({ windowId }) => windowId >= 0 && windowId !== leaving)?.windowId ?? null
}

/**
 * Shows `page` in its one window, and brings that to the front. Returns the window's id. One that `leaves` is about to
 * close: what is shown from then on gets another.
 */
export function soleWindow(page: string): { show(): Promise<number>; leaves(window: number): void } {
  let opening: Promise<number> | null = null
  let leaving: number | null = null
  async function show(): Promise<number> {
    const windows: typeof chrome.windows | undefined = chrome.windows
    // Firefox on a phone has tabs only.
    if (!windows) {
      await openTab(page)
      return NO_WINDOW
    }
    const known = await windowWith(page, leaving)
    // One that the person closes at this moment is not there any more, and shows nothing.
    const there = known !== null && (await windows.update(known, { focused: true }).catch(() => null))
    if (there) return known
    const created = await windows.create({
      url: chrome.runtime.getURL(page),
      type: 'popup',
      focused: true,
      width: WIDTH,
      height: HEIGHT,
    })
    return created?.id ?? NO_WINDOW
  }
  return {
    show() {
      opening ??= show().finally(() => {
        opening = null
      })
      return opening
    },
    leaves(window) {
      leaving = window
    },
  }
}
