/** What crosses the façade for signed lists. Plain data. @module */

export const PACK_KINDS = ['phishing', 'tokens', 'descriptors', 'forks'] as const
export type PackKind = (typeof PACK_KINDS)[number]

export interface PackView {
  readonly kind: PackKind
  readonly version: number
  /** ms since the epoch */
  readonly issuedAt: number
  /** From then on it is old, and shown as that; it is still used, since an old warning is better than none. */
  readonly expiresAt: number
  /** How many. */
  readonly entries: number
}

export interface PacksView {
  /** False where the network's profile names no key: then there are no packs. */
  readonly taken: boolean
  readonly packs: readonly PackView[]
  /** Origins that ask or are connected, and stand on the phishing list. */
  readonly warnedSites: readonly string[]
  /** Forks of this network that the newest list knows. */
  readonly forks: readonly { readonly name: string; readonly at: number }[]
}

export interface PackCommands {
  /**
   * Takes a data pack from a file, wherever that came from.
   * @throws problem `INVALID_PACK`, `PACK_NOT_SIGNED`, `OLDER_PACK`, `PACK_EXPIRED`, `NO_PACK_KEY`
   */
  installPack(request: { file: Uint8Array }): Promise<{ kind: PackKind; version: number }>
}
