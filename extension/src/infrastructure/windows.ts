/** Pages of the extension in tabs and windows. */

const WIDTH = 375
const HEIGHT = 640

export async function openTab(page: string): Promise<void> {
  await chrome.tabs.create({ url: chrome.runtime.getURL(page) })
}

/** The window that shows `page`, wherever it came from: an earlier life of the worker may have opened it. */
async function windowWith(page: string): Promise<number | null> {
  const contexts = await chrome.runtime.getContexts({
    contextTypes: [chrome.runtime.ContextType.TAB],
    documentUrls: [chrome.runtime.getURL(page)],
  })
  return contexts.find(({ windowId }) => windowId >= 0)?.windowId ?? null
}

/** Shows `page` in its one window, and brings that to the front. Returns the window's id. */
export function soleWindow(page: string): { show(): Promise<number>; readonly id: () => number | null } {
  let opening: Promise<number> | null = null
  let shown: number | null = null
  async function show(): Promise<number> {
    const known = await windowWith(page)
    if (known !== null) {
      await chrome.windows.update(known, { focused: true })
      return known
    }
    const created = await chrome.windows.create({
      url: chrome.runtime.getURL(page),
      type: 'popup',
      focused: true,
      width: WIDTH,
      height: HEIGHT,
    })
    return created?.id ?? chrome.windows.WINDOW_ID_NONE
  }
  return {
    show() {
      opening ??= show()
        .then((id) => (shown = id))
        .finally(() => {
          opening = null
        })
      return opening
    },
    id: () => shown,
  }
}
