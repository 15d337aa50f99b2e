/** Encodings against published examples, an independent implementation, and what a stranger may send. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, fromHex, toHex } from '../../data/hex.ts'
import { type ByteQueue, byteQueue } from './byte-queue.ts'
import { crc32c, maskedCrc32c } from './crc32c.ts'
import { decodeSnappyBlock, encodeSnappyBlock, maxCompressedLength } from './snappy-block.ts'
import { encodeSnappyFrames, snappyFrameReader } from './snappy-frames.ts'
import {
  type Chunk,
  chunkReader,
  encodeChunk,
  encodeErrorChunk,
  encodePayload,
  payloadReader,
  RESULT,
} from './ssz-snappy.ts'
import { encodeUvarint, readUvarint } from './uvarint.ts'

const hex = (text: string) => fromHex(`0x${text.replaceAll(' ', '')}`, 'example')
const ascii = (text: string) => new TextEncoder().encode(text)
const queueOf = (...pieces: Uint8Array[]): ByteQueue => {
  const queue = byteQueue()
  for (const piece of pieces) queue.append(piece)
  return queue
}
/** Bytes with repetitions, as SSZ has them, and random ones. */
const content = (maxLength: number) =>
  fc.oneof(
    fc.uint8Array({ maxLength }),
    fc
      .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 200 })), {
        maxLength: 12,
      })
      .map((runs) =>
        concatBytes(...runs.flatMap(([run, times]) => Array<Uint8Array>(times).fill(run))).slice(0, maxLength),
      ),
  )

describe('CRC-32C', () => {
  // RFC 3720, appendix B.4; the bytes stand there in the order of the wire, least significant first
  it.each([
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['ascending', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['descending', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
    [
      'an iSCSI read command',
      hex(
        '01c00000 00000000 00000000 00000000 14000000 00000400 00000014 00000018 28000000 00000000 02000000 00000000',
      ),
      0xd9963a56,
    ],
    ['"123456789"', ascii('123456789'), 0xe3069283],
    ['nothing', new Uint8Array(0), 0],
  ])('of %s', (_, bytes, crc) => expect(crc32c(bytes)).toBe(crc))

  it('is masked by a rotation and a constant', () => {
    const crc = 0xe3069283n
    const masked = (((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) & 0xffffffffn
    expect(BigInt(maskedCrc32c(ascii('123456789')))).toBe(masked)
  })
})

describe('varints', () => {
  it('are read as written, and in the shortest form only', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 }), (value) => {
        const bytes = encodeUvarint(value)
        expect(readUvarint(bytes, 2 ** 33)).toEqual({ value, size: bytes.length })
        expect(readUvarint(bytes.subarray(0, -1), 2 ** 33)).toBe('incomplete')
        if (value > 0) expect(readUvarint(bytes, value - 1)).toBe('too large')
      }),
    )
    expect(readUvarint(hex('8000'), 100)).toBe('not canonical')
    expect(readUvarint(hex('ffffffffffffffffff01'), 2 ** 40)).toBe('too large')
  })
})

describe('snappy blocks', () => {
  // google/snappy format_description.txt: uvarint, literals with lengths in the tag or behind it, copies of three kinds
  it.each([
    ['a short literal', '05 10 68656c6c6f', '68656c6c6f'],
    ['a literal with its length in one byte', `3d f03c ${'61'.repeat(61)}`, '61'.repeat(61)],
    ['a copy with a one-byte offset that runs into itself', '0a 04 6162 11 02', '6162'.repeat(5)],
    ['a copy with a two-byte offset', '06 08 616263 0a 0300', '616263616263'],
    ['a copy with a four-byte offset', '06 08 616263 0b 03000000', '616263616263'],
    ['nothing', '00', ''],
  ])('decode %s', (_, block, expected) => expect(toHex(decodeSnappyBlock(hex(block), 100))).toBe(`0x${expected}`))

  it('decode to what was encoded, and never grow beyond the bound', () => {
    fc.assert(
      fc.property(content(70_000), (bytes) => {
        const block = encodeSnappyBlock(bytes)
        expect(block.length).toBeLessThanOrEqual(maxCompressedLength(bytes.length) + 5)
        expect(toHex(decodeSnappyBlock(block, bytes.length))).toBe(toHex(bytes))
      }),
      { numRuns: 60 },
    )
    const zeros = new Uint8Array(25_000)
    expect(encodeSnappyBlock(zeros).length).toBeLessThan(1500)
  })

  it('that announce more than allowed are refused before anything is allocated', () => {
    const bomb = concatBytes(encodeUvarint(0xffffffff), hex('0061'), new Uint8Array(3000).fill(0xfe))
    expect(() => decodeSnappyBlock(bomb, 16_384)).toThrow('more than the 16384 bytes')
    expect(() => decodeSnappyBlock(hex('ffffffffffff01'), 2 ** 30)).toThrow('more than')
  })

  it.each([
    ['with a negative literal length, at which snappyjs never returns', '0a fc ffffffff 61'],
    ['with a literal that is cut off', '05 10 6865'],
    ['with a copy that is cut off', '0a 04 6162 11'],
    ['with a copy before the beginning', '0a 04 6162 11 05'],
    ['with a copy from nowhere', '0a 04 6162 11 00'],
    ['shorter than announced', '0a 04 6162'],
    ['longer than announced', '03 04 6162 11 02'],
    ['without a length', ''],
    ['with a length in a longer form', '8500 10 68656c6c6f'],
  ])('%s are refused', (_, block) => expect(() => decodeSnappyBlock(hex(block), 100)).toThrow('snappy'))

  it('decode or are refused, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          expect(decodeSnappyBlock(bytes, 4096).length).toBeLessThanOrEqual(4096)
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_SNAPPY' })
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('snappy frames', () => {
  const IDENTIFIER = 'ff060000734e61507059'
  const crcOf = (text: string) => toHex(new Uint8Array(Uint32Array.of(maskedCrc32c(ascii(text))).buffer)).slice(2)

  it('begin with the stream identifier; chunks carry type, length and masked checksum', () => {
    expect(toHex(encodeSnappyFrames(ascii('hello')))).toBe(`0x${IDENTIFIER}01090000${crcOf('hello')}68656c6c6f`)
    const compressed = encodeSnappyFrames(new Uint8Array(1000))
    expect(compressed[10]).toBe(0)
    expect(compressed.length).toBeLessThan(120)
  })

  it('are read in whatever pieces they come, and what follows them is left', () => {
    fc.assert(
      fc.property(content(140_000), fc.integer({ min: 1, max: 5000 }), (bytes, size) => {
        const frames = concatBytes(encodeSnappyFrames(bytes), hex('0102'))
        const reader = snappyFrameReader(bytes.length)
        const queue = byteQueue()
        let read: Uint8Array | null = null
        for (let at = 0; at < frames.length; at += size) {
          queue.append(frames.subarray(at, at + size))
          read ??= reader.read(queue)
        }
        expect(read && toHex(read)).toBe(toHex(bytes))
        expect(toHex(queue.take(queue.length))).toBe('0x0102')
      }),
      { numRuns: 60 },
    )
  })

  it('skip what may be skipped, as much of it as the length allows', () => {
    const padded = hex(`${IDENTIFIER} fe030000 000000 80000000 01090000 ${crcOf('hello')} 68656c6c6f`)
    expect(snappyFrameReader(5).read(queueOf(padded))).toEqual(ascii('hello'))
  })

  it.each([
    ['without the identifier', 5, `01090000 ${crcOf('hello')} 68656c6c6f`],
    ['with a wrong identifier', 5, `ff060000734e61507058`],
    ['with a wrong checksum', 5, `${IDENTIFIER} 01090000 00000000 68656c6c6f`],
    ['with a changed byte', 5, `${IDENTIFIER} 01090000 ${crcOf('hello')} 68656c6c70`],
    ['of a reserved type', 5, `${IDENTIFIER} 02090000 ${crcOf('hello')} 68656c6c6f`],
    ['without a checksum', 5, `${IDENTIFIER} 01020000 6868`],
    ['with more than announced', 4, `${IDENTIFIER} 01090000 ${crcOf('hello')} 68656c6c6f`],
    ['that announce a long chunk', 5, `${IDENTIFIER} 01ffffff`],
    ['that are a bomb', 5, `${IDENTIFIER} 00120000 00000000 ffffffff0f 0061 fe0100 fe0100 fe0100`],
  ])('%s are refused', (_, length, bytes) =>
    expect(() => snappyFrameReader(length).read(queueOf(hex(bytes)))).toThrow('snappy'),
  )

  it('that never hold anything end after as many bytes as their content could need', () => {
    const reader = snappyFrameReader(100)
    const queue = queueOf(hex(IDENTIFIER))
    const endless = () => {
      for (let i = 0; i < 1000; i++) {
        queue.append(hex('fe000000'))
        reader.read(queue)
      }
    }
    expect(endless).toThrow('longer than their content')
    expect(queue.length).toBeLessThan(8)
  })
})

describe('payloads and chunks', () => {
  const bounds = { min: 5, max: 200_000 }

  it('of a declared length outside the bounds of the type are refused at once', () => {
    expect(() => payloadReader(bounds).read(queueOf(encodeUvarint(200_001)))).toThrow('more than the 200000 bytes')
    expect(() => payloadReader(bounds).read(queueOf(hex('ffffff')))).toThrow('more than the 200000 bytes')
    expect(() => payloadReader(bounds).read(queueOf(encodeUvarint(4)))).toThrow('at least 5')
    expect(() => payloadReader(bounds).read(queueOf(hex('8600')))).toThrow('shortest')
  })

  const chunks = fc.array(
    fc.oneof(
      fc.record({
        result: fc.constant('success' as const),
        context: fc.uint8Array({ minLength: 4, maxLength: 4 }),
        ssz: content(3000).filter(({ length }) => length >= 5),
      }),
    ),
    { maxLength: 6 },
  )

  it('are read one by one, whatever the pieces; an error ends the answer', () => {
    fc.assert(
      fc.property(chunks, fc.integer({ min: 1, max: 700 }), fc.integer({ min: 1, max: 255 }), (parts, size, code) => {
        const bytes = concatBytes(
          ...parts.map(({ context, ssz }) => encodeChunk(ssz, context)),
          encodeErrorChunk(code, 'no\u202emore\n'),
        )
        const reader = chunkReader({ contextBytes: 4, boundsOf: () => bounds })
        const queue = byteQueue()
        const read: Chunk[] = []
        for (let at = 0; at < bytes.length; at += size) {
          queue.append(bytes.subarray(at, at + size))
          for (let next = reader.read(queue); next; next = next.result === 'error' ? null : reader.read(queue))
            read.push(next)
        }
        expect(read).toEqual([...parts, { result: 'error', code, message: 'no more' }])
      }),
      { numRuns: 60 },
    )
  })

  it('choose the bounds by their context, before any length is read', () => {
    const reader = chunkReader({
      contextBytes: 4,
      boundsOf: (context) => {
        throw new Error(`no such fork ${toHex(context)}`)
      },
    })
    expect(() => reader.read(queueOf(hex('00 e9195d94 ff')))).toThrow('no such fork 0xe9195d94')
  })

  it('tell where an answer may end', () => {
    const reader = chunkReader({ contextBytes: 4, boundsOf: () => bounds })
    const chunk = encodeChunk(ascii('hello'), hex('01020304'))
    const queue = queueOf(chunk.subarray(0, 9))
    expect(reader.atBoundary).toBe(true)
    expect(reader.read(queue)).toBeNull()
    expect(reader.atBoundary).toBe(false)
    queue.append(chunk.subarray(9))
    expect(reader.read(queue)).toMatchObject({ result: 'success', ssz: ascii('hello') })
    expect(reader.atBoundary).toBe(true)
  })

  it('carry errors with and without a text', () => {
    const reader = () => chunkReader({ contextBytes: 0, boundsOf: () => bounds })
    expect(reader().read(queueOf(encodeErrorChunk(RESULT.serverError, '')))).toMatchObject({ code: 2, message: '' })
    expect(() => reader().read(queueOf(hex('03'), encodePayload(new Uint8Array(257))))).toThrow('more than the 256')
  })

  it('end in a typed error or wait for more, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const reader = chunkReader({ contextBytes: 4, boundsOf: () => bounds })
        try {
          reader.read(queueOf(bytes))
        } catch (error) {
          expect(['INVALID_SNAPPY', 'INVALID_CHUNK']).toContain((error as { code?: string }).code)
        }
      }),
      { numRuns: 1000 },
    )
  })
})
