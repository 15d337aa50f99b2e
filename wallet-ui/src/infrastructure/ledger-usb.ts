/**
 * Carries commands to a Ledger over WebHID: packets of 64 bytes with `u16 channel ‖ u8 tag ‖ u16 number`, and in the
 * first one `u16 length` of what follows (Ledger's U2F HID framing). Nothing of what is carried is understood here.
 * @module
 */

const LEDGER = 0x2c97
const PACKET = 64
const TAG = 0x05
const OK = 0x9000
/** More than any answer has. */
const MOST_BYTES = 8 * 1024

/** Why no device can be asked: the browser has no WebHID, nobody chose one, or it did not work. */
export type LedgerTrouble = 'none' | 'not-chosen' | 'failed'

export class LedgerUnavailable extends Error {
  readonly trouble: LedgerTrouble
  constructor(trouble: LedgerTrouble, cause?: unknown) {
    super(`the Ledger cannot be asked: ${trouble}`, { cause })
    this.name = 'LedgerUsb.LedgerUnavailable'
    this.trouble = trouble
  }
}

/** As much of WebHID as is used. */
interface HidDevice extends EventTarget {
  readonly opened: boolean
  open(): Promise<void>
  close(): Promise<void>
  sendReport(id: number, data: Uint8Array): Promise<void>
}
interface Hid {
  getDevices(): Promise<readonly (HidDevice & { readonly vendorId: number })[]>
  requestDevice(options: { filters: readonly { vendorId: number }[] }): Promise<readonly HidDevice[]>
}

const hid = (): Hid | undefined => (navigator as { hid?: Hid }).hid

export const hasLedgerUsb = (): boolean => hid() !== undefined

/**
 * Sends the commands one after another and returns the answers, each with its status, up to the first that says no. To
 * be called while a click is being handled: the browser then asks which device may be used.
 * @throws {LedgerUnavailable}
 */
export async function askLedger(commands: readonly Uint8Array[], signal: AbortSignal): Promise<Uint8Array[]> {
  const device = await chosenDevice()
  const stop = () => void device.close()
  try {
    if (!device.opened) await device.open()
    signal.addEventListener('abort', stop)
    const answers: Uint8Array[] = []
    for (const command of commands) {
      const answer = await exchange(device, command, signal)
      answers.push(answer)
      if (((answer.at(-2) ?? 0) << 8) + (answer.at(-1) ?? 0) !== OK) break
    }
    return answers
  } catch (error) {
    throw error instanceof LedgerUnavailable ? error : new LedgerUnavailable('failed', error)
  } finally {
    signal.removeEventListener('abort', stop)
    await device.close().catch(() => {})
  }
}

async function chosenDevice(): Promise<HidDevice> {
  const usb = hid()
  if (!usb) throw new LedgerUnavailable('none')
  try {
    const known = (await usb.getDevices()).find(({ vendorId }) => vendorId === LEDGER)
    const [device] = known ? [known] : await usb.requestDevice({ filters: [{ vendorId: LEDGER }] })
    if (device) return device
  } catch (error) {
    throw new LedgerUnavailable('failed', error)
  }
  throw new LedgerUnavailable('not-chosen')
}

async function exchange(device: HidDevice, command: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
  const channel = crypto.getRandomValues(new Uint16Array(1))[0]!
  const answer = answerOn(device, channel, signal)
  for (const packet of toPackets(command, channel)) await device.sendReport(0, packet)
  return answer
}

function answerOn(device: HidDevice, channel: number, signal: AbortSignal): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const read = packetReader(channel)
    const gone = () => settle(() => reject(new LedgerUnavailable('failed', signal.reason)))
    const onReport = (event: Event) => {
      try {
        const whole = read(new Uint8Array((event as Event & { data: DataView }).data.buffer))
        if (whole) settle(() => resolve(whole))
      } catch (error) {
        settle(() => reject(error))
      }
    }
    const settle = (end: () => void) => {
      device.removeEventListener('inputreport', onReport)
      signal.removeEventListener('abort', gone)
      end()
    }
    device.addEventListener('inputreport', onReport)
    signal.addEventListener('abort', gone)
  })
}

export function toPackets(command: Uint8Array, channel: number): Uint8Array[] {
  const message = new Uint8Array(2 + command.length)
  new DataView(message.buffer).setUint16(0, command.length)
  message.set(command, 2)
  const room = PACKET - 5
  return Array.from({ length: Math.ceil(message.length / room) }, (_, number) => {
    const packet = new Uint8Array(PACKET)
    const view = new DataView(packet.buffer)
    view.setUint16(0, channel)
    packet[2] = TAG
    view.setUint16(3, number)
    packet.set(message.subarray(number * room, (number + 1) * room), 5)
    return packet
  })
}

/** Takes packets in turn; the answer once it is whole, null before. @throws {LedgerUnavailable} for packets out of turn */
export function packetReader(channel: number): (packet: Uint8Array) => Uint8Array | null {
  let number = 0
  let whole: Uint8Array | null = null
  let filled = 0
  return (packet) => {
    const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength)
    // What another program asked on another channel is not for us.
    if (packet.length < 7 || view.getUint16(0) !== channel) return null
    if (packet[2] !== TAG || view.getUint16(3) !== number) throw new LedgerUnavailable('failed')
    const length = number === 0 ? view.getUint16(5) : 0
    if (length > MOST_BYTES) throw new LedgerUnavailable('failed')
    whole ??= new Uint8Array(length)
    const part = packet.subarray(number === 0 ? 7 : 5).subarray(0, whole.length - filled)
    whole.set(part, filled)
    filled += part.length
    number++
    return filled === whole.length ? whole : null
  }
}
