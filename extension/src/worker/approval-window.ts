/**
 * Which window the questions of sites stand in: to close it says no to them. The page in it says where it stands only
 * once it has loaded, and a person may close it before that; so the window is known from when it was opened.
 * @module
 */

export interface ApprovalWindow {
  /** Opens it, or brings it to the front. */
  show(): void
  /** The page for approvals has come, in this window. */
  stands(id: number): void
  /** It closes because nothing waits: that says no to nobody who asks meanwhile. */
  leave(): void
  /** A window was closed, whichever it was. */
  closed(id: number): void
}

export interface ApprovalWindowParts {
  /** Returns the window's id, negative where the browser does not say. */
  readonly show: () => Promise<number>
  /** The window is about to close: it shows nothing more. */
  readonly leaves: (window: number) => void
  /** The person closed it. */
  readonly onClosed: () => void
}

export function approvalWindow({ show, leaves, onClosed }: ApprovalWindowParts): ApprovalWindow {
  let current: number | null = null
  let left: number | null = null
  let lastClosed: number | null = null

  async function open(): Promise<void> {
    const id = await show()
    if (id < 0 || id === left) return
    // Closed faster than the browser said that it is open.
    if (id === lastClosed) onClosed()
    else current = id
  }

  return {
    // Where the browser opens no window, the number on the button tells that something waits.
    show: () => void open().catch(() => undefined),
    stands(id) {
      current = id
    },
    leave() {
      if (current !== null) leaves(current)
      left = current ?? left
      current = null
    },
    closed(id) {
      lastClosed = id
      if (id !== current) return
      current = null
      onClosed()
    },
  }
}
