import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import type { Clock } from '../../../infrastructure/ports.ts'
import { type StunCounts, stunResponder } from '../stun-responder.ts'
import { ipBytes } from './ip-bytes.ts'

export interface StunServer {
  /** UDP port it listens on. */
  readonly port: number
  readonly counts: Readonly<StunCounts>
  close(): Promise<void>
}

/** Answers STUN Binding requests on a UDP port; 0 takes a free one. Rejects when it cannot listen there. */
export async function startStunServer(host: string, port: number, clock: Clock): Promise<StunServer> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
  const responder = stunResponder(clock)
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.bind({ port, address: host, exclusive: true }, () => {
      socket.off('error', reject)
      resolve()
    })
  })
  socket.on('message', (datagram, { address, port: from }) => {
    const ip = ipBytes(address)
    if (from === 0 || !ip) return
    const response = responder.respond(datagram, { ip, port: from })
    // what cannot be sent is lost, as any datagram may be; the asker asks again
    if (response) socket.send(response, from, address, () => {})
  })
  // after a failed send a socket may report it once more; it goes on serving
  socket.on('error', () => {})
  return {
    port: socket.address().port,
    counts: responder.counts,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  }
}
