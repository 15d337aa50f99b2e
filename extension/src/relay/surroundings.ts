/** The part of a window that says where it stands. */
export interface Surroundings {
  readonly isSecureContext: boolean
  /** Serialised, `null` for sandboxed and other opaque ones. */
  readonly origin: string
  /** Firefox does not say who stands around a page. */
  readonly location: { readonly ancestorOrigins?: ArrayLike<string> }
  readonly parent: unknown
}

/**
 * Whether a page may see the wallet at all (EIP-5593): secure contexts, loopback included; frames only where everything
 * around them is of their own origin. Asked before any script of the page has run, in both worlds.
 */
export function maySeeWallet(page: Surroundings): boolean {
  if (!page.isSecureContext || page.origin === 'null') return false
  const around = page.location.ancestorOrigins ?? ancestorsOf(page)
  return Array.from(around).every((other) => other === page.origin)
}

/** Origins of the frames around, as far as the browser lets this page look: a foreign one throws, and counts as `null`. */
function ancestorsOf(page: Surroundings): string[] {
  const origins: string[] = []
  let at: Surroundings = page
  while (at.parent !== at) {
    at = at.parent as Surroundings
    try {
      origins.push(at.origin)
    } catch {
      return [...origins, 'null']
    }
  }
  return origins
}
