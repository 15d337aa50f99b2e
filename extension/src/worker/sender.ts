/** Who is at the other end of a port or message: decided only by what the browser says. */

/** The part of `chrome.runtime.MessageSender` that counts. */
export interface Sender {
  readonly id?: string | undefined
  readonly origin?: string | undefined
  readonly url?: string | undefined
  readonly tab?: { readonly windowId: number } | undefined
}

/** A page of this extension: it may command the wallet. A content script has our id, but its page's origin. */
export function isOwnPage(sender: Sender | undefined, own: { id: string; origin: string }): boolean {
  if (sender?.id !== own.id || sender.origin !== own.origin) return false
  return sender.url?.startsWith(`${own.origin}/`) ?? false
}

/**
 * The origin of the page a relay speaks for, or null when it is no relay of ours in a tab. That frames within other
 * sites have no relay is decided beside the page (`surroundings.ts`): the browser tells the worker nothing about the
 * frames around one without a permission to read everybody's tabs.
 */
export function siteOrigin(sender: Sender | undefined, own: { id: string; origin: string }): string | null {
  if (sender?.id !== own.id || sender.tab === undefined || sender.origin === undefined) return null
  return sender.origin === own.origin ? null : sender.origin
}
