import type { Clock } from '../../../infrastructure/ports.ts'
import { orAborted, startDeadline } from '../../libp2p/deadline.ts'
import { PairingFailed } from '../errors.ts'

/** Milliseconds. */
const OPEN_WITHIN = 10_000

/**
 * The one channel between page and phone, agreed on in advance: ordered, reliable, and at its end tells of the other's end.
 */
export function pageChannel(connection: RTCPeerConnection): RTCDataChannel {
  const channel = connection.createDataChannel('page', { negotiated: true, id: 0 })
  connection.addEventListener('connectionstatechange', () => {
    // `disconnected` may pass; `failed` does not
    if (connection.connectionState === 'failed') connection.close()
    if (connection.connectionState === 'closed' || connection.connectionState === 'failed') channel.close()
  })
  channel.addEventListener('close', () => connection.close())
  return channel
}

/** @throws {PairingFailed} */
export async function channelOpen(channel: RTCDataChannel, clock: Clock): Promise<void> {
  const deadline = startDeadline(clock, OPEN_WITHIN)
  const opened = new Promise<void>((resolve, reject) => {
    if (channel.readyState === 'open') resolve()
    channel.addEventListener('open', () => resolve(), { once: true })
    channel.addEventListener('close', () => reject(new PairingFailed('the other side has left')), { once: true })
  })
  try {
    await orAborted(opened, deadline.signal)
  } catch (error) {
    channel.close()
    throw error instanceof PairingFailed ? error : new PairingFailed('nothing got through in time')
  } finally {
    deadline.clear()
  }
}
