/**
 * A hint, not a promise: the number of guesses is estimated from length and variety, and repeated or sequential
 * characters count little. The vault's key derivation makes each guess slow; this only keeps people off the worst.
 * @module
 */

export const MIN_PASSWORD_LENGTH = 8

export type Strength = 'short' | 'weak' | 'fair' | 'good' | 'strong'

export function passwordStrength(password: string): Strength {
  const characters = [...password]
  if (characters.length < MIN_PASSWORD_LENGTH) return 'short'
  const bits = Math.log2(alphabetSize(password)) * effectiveLength(characters)
  if (bits < 40) return 'weak'
  if (bits < 60) return 'fair'
  if (bits < 80) return 'good'
  return 'strong'
}

function alphabetSize(password: string): number {
  const classes: readonly (readonly [RegExp, number])[] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/\d/, 10],
    [/[ -/:-@[-`{-~]/, 33],
    [/[^ -~]/, 100],
  ]
  return classes.reduce((sum, [pattern, size]) => (pattern.test(password) ? sum + size : sum), 0)
}

/** Characters that repeat or continue the one before them add a quarter of a character. */
function effectiveLength(characters: readonly string[]): number {
  return characters.reduce((length, character, i) => {
    const before = characters[i - 1]?.codePointAt(0)
    const step = before === undefined ? null : (character.codePointAt(0) ?? 0) - before
    return length + (step !== null && Math.abs(step) <= 1 ? 0.25 : 1)
  }, 0)
}

/** Everything wrong with a password and its repetition, each fault on its own: none hides the other. */
export function passwordFaults(
  password: string,
  repeated: string,
): { short: boolean; weak: boolean; mismatch: boolean } {
  const strength = passwordStrength(password)
  return { short: strength === 'short', weak: strength === 'weak', mismatch: password !== repeated }
}
