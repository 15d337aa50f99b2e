import createHidFraming from '@ledgerhq/hw-transport-webhid/hid-framing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { askLedger, hasLedgerUsb, packetReader, toPackets } from './ledger-usb.ts'

const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7 + 3) & 255)

describe('packets', () => {
  it.each([1, 5, 57, 58, 59, 116, 117, 300, 1000])('of %i bytes are those of the maker’s library', (length) => {
    const framing = createHidFraming(0x1234, 64)
    const theirs = framing.makeBlocks(Buffer.from(bytes(length)))
    expect(toPackets(bytes(length), 0x1234)).toEqual(theirs.map((block: Uint8Array) => Uint8Array.from(block)))
    const read = packetReader(0x1234)
    const answers = theirs.map((block: Uint8Array) => read(Uint8Array.from(block)))
    expect(answers.at(-1)).toEqual(bytes(length))
    expect(answers.slice(0, -1).every((answer: unknown) => answer === null)).toBe(true)
  })

  it('out of turn, or of absurd length, are refused; those of others are passed over', () => {
    const [first, second] = toPackets(bytes(100), 1)
    expect(() => packetReader(1)(second!)).toThrow('failed')
    const absurd = first!.slice()
    absurd.set([0xff, 0xff], 5)
    expect(() => packetReader(1)(absurd)).toThrow('failed')
    expect(packetReader(2)(first!)).toBeNull()
  })
})

/** Answers every command with its own bytes and a status. */
class FakeDevice extends EventTarget {
  opened = false
  readonly vendorId = 0x2c97
  commands: Uint8Array[] = []
  private read: ((packet: Uint8Array) => Uint8Array | null) | null = null
  private readonly status: (count: number) => number
  constructor(status: (count: number) => number) {
    super()
    this.status = status
  }
  async open() {
    this.opened = true
  }
  async close() {
    this.opened = false
  }
  async sendReport(_: number, packet: Uint8Array) {
    const channel = (packet[0]! << 8) | packet[1]!
    this.read ??= packetReader(channel)
    const command = this.read(packet)
    if (!command) return
    this.read = null
    this.commands.push(command)
    const word = this.status(this.commands.length)
    const answer = Uint8Array.from([...command, word >> 8, word & 255])
    for (const part of toPackets(answer, channel))
      this.dispatchEvent(Object.assign(new Event('inputreport'), { data: new DataView(part.buffer) }))
  }
}

const use = (device: FakeDevice | null) =>
  vi.stubGlobal('navigator', {
    hid: { getDevices: async () => [], requestDevice: async () => (device ? [device] : []) },
  })

afterEach(() => vi.unstubAllGlobals())

describe('a device', () => {
  it('gets the commands in turn, and no more after it said no', async () => {
    const device = new FakeDevice((count) => (count === 2 ? 0x6985 : 0x9000))
    use(device)
    const answers = await askLedger([bytes(10), bytes(200), bytes(3)], new AbortController().signal)
    expect(device.commands).toEqual([bytes(10), bytes(200)])
    expect(answers.map((answer) => [...answer.slice(-2)])).toEqual([
      [0x90, 0x00],
      [0x69, 0x85],
    ])
    expect(device.opened).toBe(false)
  })

  it('that is not there is said to be not there', async () => {
    vi.stubGlobal('navigator', {})
    expect(hasLedgerUsb()).toBe(false)
    await expect(askLedger([bytes(1)], new AbortController().signal)).rejects.toMatchObject({ trouble: 'none' })
    use(null)
    await expect(askLedger([bytes(1)], new AbortController().signal)).rejects.toMatchObject({ trouble: 'not-chosen' })
  })

  it('is let go when nobody waits any more', async () => {
    const device = new FakeDevice(() => 0x9000)
    device.sendReport = async () => {}
    use(device)
    const leaving = new AbortController()
    const asked = askLedger([bytes(4)], leaving.signal)
    await new Promise((resolve) => setTimeout(resolve, 5))
    leaving.abort()
    await expect(asked).rejects.toMatchObject({ trouble: 'failed' })
    expect(device.opened).toBe(false)
  })
})
