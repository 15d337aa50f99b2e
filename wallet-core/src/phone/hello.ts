/** The first words between page and phone (docs/phone-sessions.md). Everything in a page's hello is its own word. */
export const SESSION_VERSION = 1
/** Milliseconds that a phone has for its first word, its welcome. */
export const WELCOME_WITHIN = 10_000

export interface Hello {
  /** As the page calls itself; null where nothing readable is left of it. */
  readonly name: string | null
  /** Unchecked. */
  readonly origin: string
}

/** Characters. */
const MOST_NAME = 64

/** Null for what is no hello, or one of another version. */
export function readHello(message: unknown): Hello | null {
  const { type, version, name, origin } = (message ?? {}) as Record<string, unknown>
  if (type !== 'hello' || version !== SESSION_VERSION || typeof origin !== 'string') return null
  return { name: typeof name === 'string' ? plainName(name) : null, origin }
}

/** Without what is not seen or turns the direction of writing. */
function plainName(name: string): string | null {
  const plain = name
    .slice(0, 1024)
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
    .trim()
  return plain === '' ? null : plain.slice(0, MOST_NAME)
}
