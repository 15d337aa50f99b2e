/**
 * What a stranger says about itself, to be shown: short, in one line, and without characters that are not seen or turn others
 * around. Null: nothing is left of it, or it is no text.
 */
export function plainWords(value: unknown, most: number): string | null {
  if (typeof value !== 'string') return null
  return value.replaceAll(/\p{C}/gu, ' ').trim().slice(0, most) || null
}
