import { type InitChannelRepair, repairInitChannel } from './upstream-faults.ts'

/** Applies the work-arounds that reach into the browser's own objects. A platform without WebRTC needs none. */
export function installUpstreamRepairs(): InitChannelRepair {
  const peerConnection = globalThis.RTCPeerConnection
  return peerConnection === undefined ? { hits: () => 0 } : repairInitChannel(peerConnection.prototype)
}
