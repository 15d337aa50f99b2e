/** What the page hands its worker to start with: the network's profile, unread, and the two ports. */
export interface StartMessage {
  readonly type: 'start'
  readonly network: unknown
  readonly facade: MessagePort
  /** For the evidence of peers: the page holds their connections, the worker verifies. */
  readonly carrier: MessagePort
}

export function readStart(message: unknown): StartMessage | null {
  if (typeof message !== 'object' || message === null) return null
  const { type, network, facade, carrier } = message as Partial<Record<keyof StartMessage, unknown>>
  if (type !== 'start' || !(facade instanceof MessagePort) || !(carrier instanceof MessagePort)) return null
  return { type, network, facade, carrier }
}
