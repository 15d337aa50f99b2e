import { NoPeerConnections } from '../errors.ts'

/** A peer connection without any server: no STUN, no relay. @throws {NoPeerConnections} */
export function openPeerConnection(): RTCPeerConnection {
  if (globalThis.RTCPeerConnection === undefined) throw new NoPeerConnections()
  return new RTCPeerConnection({ iceServers: [] })
}
