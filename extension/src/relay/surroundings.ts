/** The part of a window that says where it stands. */
export interface Surroundings {
  readonly isSecureContext: boolean
  /** Serialised, `null` for sandboxed and other opaque ones. */
  readonly origin: string
  readonly location: { readonly ancestorOrigins: ArrayLike<string> }
}

/**
 * Whether a page may see the wallet at all (EIP-5593): secure contexts, loopback included; frames only where everything
 * around them is of their own origin. Asked before any script of the page has run, in both worlds.
 */
export function maySeeWallet({ isSecureContext, origin, location }: Surroundings): boolean {
  return isSecureContext && origin !== 'null' && Array.from(location.ancestorOrigins).every((other) => other === origin)
}
