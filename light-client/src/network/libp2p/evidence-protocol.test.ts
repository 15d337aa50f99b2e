import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EthereumRequest } from '../../ledgers/ethereum/evidence.ts'
import {
  type AnswerPart,
  answerAssembly,
  askReader,
  decodeAsk,
  decodeRequest,
  encodeAsk,
  encodePartHeader,
  encodeReason,
  encodeRequest,
  InvalidAnswerFrame,
  MAX_MESSAGE_BYTES,
  MAX_REASON_BYTES,
  MAX_REQUEST_BYTES,
  PART_HEADER_BYTES,
  type PeerAnswer,
  partReader,
  STATUS,
} from './evidence-protocol.ts'
import { InvalidRequest, parseRequest, REQUEST_TYPES } from './evidence-request.ts'
import { encodeFrame, frameReader, InvalidFrame } from './frame.ts'

const W = `0x${'ab'.repeat(32)}` as const
const A = `0x${'cd'.repeat(20)}` as const

const EXAMPLES: { [T in EthereumRequest['type']]: Extract<EthereumRequest, { type: T }> } = {
  bootstrap: { type: 'bootstrap', root: W },
  updates: { type: 'updates', startPeriod: 1234, count: 128 },
  finality_update: { type: 'finality_update' },
  optimistic_update: { type: 'optimistic_update' },
  compact_bootstrap: { type: 'compact_bootstrap', root: W },
  hops: { type: 'hops', startPeriod: 1234, count: 128 },
  compact_finality_update: { type: 'compact_finality_update' },
  committee: { type: 'committee', pubkeysRoot: W },
  execution_header: { type: 'execution_header', blockHash: W },
  execution_headers: { type: 'execution_headers', blockHash: W, count: 3 },
  historical_block: { type: 'historical_block', finalizedRoot: W, blockNumber: 20_000_000 },
  account: { type: 'account', blockHash: W, address: A, slots: [W, W] },
  code: { type: 'code', blockHash: W, address: A, codeHash: W },
  receipts: { type: 'receipts', blockHash: W },
  transactions: { type: 'transactions', blockHash: W },
  withdrawals: { type: 'withdrawals', blockHash: W },
  transaction_location: { type: 'transaction_location', transactionHash: W },
  pending_nonce: { type: 'pending_nonce', address: A },
  fee_hint: { type: 'fee_hint' },
  state: { type: 'state', blockHash: W, accounts: [{ address: A, slots: [W], code: true }] },
  access_list_hint: { type: 'access_list_hint', blockHash: W, from: A, to: null, value: '0x0', data: '0x' },
  gas_hint: { type: 'gas_hint', from: A, to: null, value: '0x0', data: '0x' },
  log_blocks_hint: { type: 'log_blocks_hint', address: A, topic: W },
  send_transaction: { type: 'send_transaction', raw: '0x02f870' },
}

const utf8 = (text: string) => new TextEncoder().encode(text)
const readsAs = (json: string) => decodeRequest(utf8(json))

describe('requests', () => {
  test('every type survives the wire, several in a row and in pieces of any size', () => {
    const types = REQUEST_TYPES.map((type, i) => encodeAsk(i + 1, encodeRequest(EXAMPLES[type])))
    const bytes = Uint8Array.from(types.flatMap((one) => [...one]))
    for (const size of [1, 7, 100_000]) {
      const reader = askReader()
      const read: unknown[] = []
      for (let i = 0; i < bytes.length; i += size)
        for (const frame of reader.push(bytes.subarray(i, i + size))) {
          const { id, json } = decodeAsk(frame)
          read.push([id, decodeRequest(json)])
        }
      expect(read).toEqual(REQUEST_TYPES.map((type, i) => [i + 1, EXAMPLES[type]]))
    }
  })

  test('without JSON it is the withdrawal of an id; without an id it is nothing', () => {
    const [frame] = askReader().push(encodeAsk(0xffff_ffff, new Uint8Array(0)))
    expect(decodeAsk(frame!)).toEqual({ id: 0xffff_ffff, json: new Uint8Array(0) })
    expect(() => decodeAsk(Uint8Array.of(0, 0, 1))).toThrow(InvalidFrame)
  })

  test.each([
    ['unknown type', '{"type":"everything"}'],
    ['a type from the prototype', '{"type":"constructor"}'],
    ['no type', '{}'],
    ['not an object', '[1]'],
    ['not JSON', '{"type"'],
    ['unknown field', '{"type":"fee_hint","x":1}'],
    ['a __proto__ field', '{"type":"fee_hint","__proto__":{}}'],
    ['missing field', '{"type":"bootstrap"}'],
    ['short hash', '{"type":"bootstrap","root":"0xab"}'],
    ['upper-case hex', `{"type":"bootstrap","root":"${W.toUpperCase().replace('0X', '0x')}"}`],
    ['fraction', '{"type":"updates","startPeriod":1.5,"count":1}'],
    ['count 0', '{"type":"updates","startPeriod":1,"count":0}'],
    ['count 129', '{"type":"updates","startPeriod":1,"count":129}'],
    ['slots not a list', `{"type":"account","blockHash":"${W}","address":"${A}","slots":"${W}"}`],
    ['odd data', `{"type":"send_transaction","raw":"0x123"}`],
  ])('%s is refused', (_what, json) => {
    expect(() => readsAs(json)).toThrow(InvalidRequest)
  })

  test('invalid UTF-8 is refused', () => {
    expect(() => decodeRequest(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(InvalidRequest)
  })

  test('a length over the limit is refused before the content comes', () => {
    const tooLong = encodeAsk(1, new Uint8Array(MAX_REQUEST_BYTES + 1)).subarray(0, 2)
    expect(() => askReader().push(tooLong)).toThrow(InvalidFrame)
    expect(() => askReader().push(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0x01))).toThrow(InvalidFrame)
  })

  test('what is read is a copy', () => {
    const given = { ...EXAMPLES.state, accounts: [{ address: A, slots: [W], code: true }] }
    const read = parseRequest(given)
    given.accounts[0]!.slots.push(W)
    expect(read).toEqual(EXAMPLES.state)
  })

  test('a request too long for a peer is not sent', () => {
    expect(() => encodeRequest({ type: 'send_transaction', raw: `0x${'00'.repeat(4096)}` })).toThrow(/at most 4096/)
  })

  test('anything at all is either a known request or refused', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.json(), fc.constantFrom(...Object.values(EXAMPLES).map((e) => JSON.stringify(e)))),
        (json) => {
          try {
            expect(parseRequest(JSON.parse(json))).toEqual(JSON.parse(json))
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidRequest)
          }
        },
      ),
    )
  })
})

describe('frames', () => {
  test('a length not in its shortest form is refused', () => {
    expect(() => frameReader(100).push(Uint8Array.of(0x80, 0x00))).toThrow(InvalidFrame)
  })

  test('several frames in any pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 50 }),
        (contents, size) => {
          const all = Uint8Array.from(contents.flatMap((content) => [...encodeFrame(content)]))
          const reader = frameReader(300)
          const read: Uint8Array[] = []
          for (let i = 0; i < all.length; i += size) read.push(...reader.push(all.subarray(i, i + size)))
          expect(read).toEqual(contents)
          expect(reader.pending()).toBe(0)
        },
      ),
    )
  })
})

describe('answers', () => {
  const joined = (...pieces: Uint8Array[]) => Uint8Array.from(pieces.flatMap((piece) => [...piece]))
  /** The parts of an answer, `size` bytes of content each. */
  const partsOf = (id: number, content: Uint8Array, size: number, length = content.length) => {
    const parts: Uint8Array[] = []
    for (let at = 0; at === 0 || at < content.length; at += size) {
      const piece = content.subarray(at, at + size)
      parts.push(joined(encodePartHeader(id, 'ok', length, piece.length), piece))
    }
    return parts
  }
  const read = (bytes: Uint8Array, limit: number): PeerAnswer | null => {
    const assembly = answerAssembly(limit)
    let answer: PeerAnswer | null = null
    for (const part of partReader().push(bytes)) answer = assembly.add(part)
    return answer
  }

  test('several arrive whole, their parts in any order of ids, in pieces of any size', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 60 }),
        fc.infiniteStream(fc.nat()),
        (contents, partSize, size, choice) => {
          const left = contents.map((content, i) => partsOf(i, content, partSize))
          const wire: Uint8Array[] = []
          for (let open = left.filter((parts) => parts.length > 0); open.length > 0; ) {
            wire.push(open[choice.next().value! % open.length]!.shift()!)
            open = left.filter((parts) => parts.length > 0)
          }
          const all = joined(...wire)
          const reader = partReader()
          const assemblies = contents.map(() => answerAssembly(300))
          const answers = new Map<number, PeerAnswer>()
          for (let i = 0; i < all.length; i += size)
            for (const part of reader.push(all.subarray(i, i + size))) {
              expect(answers.has(part.id)).toBe(false)
              const answer = assemblies[part.id]!.add(part)
              if (answer) answers.set(part.id, answer)
            }
          expect(contents.map((_, i) => answers.get(i))).toEqual(contents.map((bytes) => ({ status: 'ok', bytes })))
        },
      ),
    )
  })

  test('a length over the limit is refused with the first part', () => {
    const begin = (status: AnswerPart['status'], length: number) =>
      joined(encodePartHeader(1, status, length, 1), Uint8Array.of(7))
    expect(() => read(begin('ok', 11), 10)).toThrow(/announces 11 bytes, at most 10/)
    expect(() => read(begin('busy', MAX_REASON_BYTES + 1), 1 << 20)).toThrow(InvalidAnswerFrame)
    expect(() => read(begin('ok', 0xffff_ffff), 1 << 20)).toThrow(InvalidAnswerFrame)
  })

  test.each([
    [
      'more than was announced',
      [...partsOf(1, Uint8Array.of(1, 2, 3), 2, 4), ...partsOf(1, Uint8Array.of(4, 5), 2, 4)],
    ],
    ['another length midway', [...partsOf(1, Uint8Array.of(1), 1, 3), ...partsOf(1, Uint8Array.of(1), 1, 2)]],
    [
      'another status midway',
      [...partsOf(1, Uint8Array.of(1), 1, 3), joined(encodePartHeader(1, 'busy', 3, 1), Uint8Array.of(2))],
    ],
    ['an empty part of an answer with content', [encodePartHeader(1, 'ok', 3, 0)]],
    ['a part longer than a message', [encodePartHeader(1, 'ok', 100_000, MAX_MESSAGE_BYTES)]],
    ['a withdrawal that nobody asked for', [encodePartHeader(1, 'withdrawn', 0, 0)]],
    ['an unknown status', [Uint8Array.of(0, 0, 0, 1, 9, 0, 0, 0, 0, 0, 0)]],
  ])('%s is refused', (_what, parts) => {
    expect(() => read(joined(...parts), 200_000)).toThrow(InvalidAnswerFrame)
  })

  test('anything at all is an answer, the beginning of one, or refused', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), (pieces) => {
        const reader = partReader()
        let content = 0
        try {
          for (const piece of pieces) for (const part of reader.push(piece)) content += part.content.length
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidAnswerFrame)
        }
        expect(content).toBeLessThanOrEqual(pieces.reduce((sum, { length }) => sum + length, 0))
      }),
    )
  })

  test('a refusal carries a reason without control characters, within its limit', () => {
    const reason = encodeReason(`nonce\u0000\u202e too\nlow ${'x'.repeat(2000)}`)
    expect(reason.length).toBe(MAX_REASON_BYTES)
    const bytes = joined(encodePartHeader(1, 'rejected', reason.length, reason.length), reason)
    expect(bytes.length).toBe(PART_HEADER_BYTES + MAX_REASON_BYTES)
    expect(bytes[4]).toBe(STATUS.rejected)
    expect(read(bytes, 0)).toMatchObject({ status: 'rejected', reason: expect.stringMatching(/^nonce too low x+$/) })
  })
})
