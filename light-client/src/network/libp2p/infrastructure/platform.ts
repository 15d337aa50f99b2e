/** False in workers and in Node. */
export const hasPeerConnections = (): boolean => globalThis.RTCPeerConnection !== undefined

export const hasWebTransport = (): boolean => 'WebTransport' in globalThis
