/** A TURN server as one line: the URI of RFC 7065 with the credentials before the host, as in other addresses. */
export interface TurnServer {
  /** RFC 7065, without credentials. */
  readonly urls: string
  readonly username: string
  readonly credential: string
}

/** `turn:NAME:PASSWORD@host:port?transport=udp`, name and password percent-encoded. Null when it is not one. */
export function readTurnAddress(text: string): TurnServer | null {
  const found = /^(turns?):([^:@\s/]+):([^:@\s/]+)@(\[[\da-f:]+\]|[\w.-]+)(:\d{1,5})?(\?transport=(?:udp|tcp))?$/i.exec(
    text,
  )
  if (!found) return null
  const [, scheme = '', name = '', password = '', host = '', port = '', transport = ''] = found
  try {
    return {
      urls: `${scheme.toLowerCase()}:${host}${port}${transport}`,
      username: decodeURIComponent(name),
      credential: decodeURIComponent(password),
    }
  } catch {
    return null
  }
}
