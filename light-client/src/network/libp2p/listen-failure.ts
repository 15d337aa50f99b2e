/** Why libp2p could not listen, in one line: its own message has a stack trace for each address. @module */

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'it is in use already',
  EADDRNOTAVAIL: 'it is no address of this machine',
  EACCES: 'this user may not',
}

export function listenFailure(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause)
  const known = Object.entries(REASONS).find(([code]) => message.includes(code))
  if (known) return `${known[1]} (${known[0]})`
  return /Error: (.*)/.exec(message)?.[1] ?? message.split('\n', 1)[0]!
}
