import type { Plugin } from 'vite'

/** Scripts with more of them are in another script altogether: escapes would make those longer than two bytes do. */
const MOST = 0.1

/**
 * Writes what lies beyond Latin-1 as `\u` escapes. A single "…" has an engine hold the whole script in two bytes a
 * character, and read it more slowly.
 */
export function oneByteScripts(): Plugin {
  return {
    name: 'one-byte-scripts',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) if (file.type === 'chunk') file.code = escapeBeyondLatin1(file.code)
    },
  }
}

/** Escapes mean the same in strings, templates, regular expressions and names, and minified scripts have no more. */
export function escapeBeyondLatin1(code: string): string {
  const beyond = code.match(/[\u0100-\uffff]/g)?.length ?? 0
  if (beyond > code.length * MOST) return code
  // "\…" is one character with a backslash that says nothing; "\\…" are two
  return code.replace(/\\([\s\S])|[\u0100-\uffff]/g, (found, escaped: string = found) =>
    escaped > '\xff' ? `\\u${escaped.charCodeAt(0).toString(16).padStart(4, '0')}` : found,
  )
}
