/** Time for the interface: what screens may know of clocks and timers. Every function that starts something returns its end. */

/** Milliseconds since the Unix epoch. */
export function now(): number {
  return Date.now()
}

/** Calls `action` once after `milliseconds`. */
export function after(milliseconds: number, action: () => void): () => void {
  const timer = setTimeout(action, milliseconds)
  return () => clearTimeout(timer)
}

/** Calls `action` every `milliseconds`. */
export function every(milliseconds: number, action: () => void): () => void {
  const timer = setInterval(action, milliseconds)
  return () => clearInterval(timer)
}
