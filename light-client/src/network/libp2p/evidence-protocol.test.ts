import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EthereumRequest } from '../../ledgers/ethereum/evidence.ts'
import {
  answerReader,
  encodeHeader,
  encodeRefusal,
  encodeRequest,
  HEADER_BYTES,
  InvalidAnswerFrame,
  MAX_REASON_BYTES,
  MAX_REQUEST_BYTES,
  requestReader,
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

const frame = (json: string) => encodeFrame(new TextEncoder().encode(json))

describe('requests', () => {
  test('every type survives the wire, in pieces of any size', () => {
    for (const type of REQUEST_TYPES)
      for (const size of [1, 7, 100_000]) {
        const bytes = encodeRequest(EXAMPLES[type])
        const reader = requestReader()
        let read: EthereumRequest | null = null
        for (let i = 0; i < bytes.length; i += size) {
          expect(read).toBeNull()
          read = reader.push(bytes.subarray(i, i + size))
        }
        expect(read).toEqual(EXAMPLES[type])
      }
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
    expect(() => requestReader().push(frame(json))).toThrow(InvalidRequest)
  })

  test('invalid UTF-8 is refused', () => {
    expect(() => requestReader().push(encodeFrame(Uint8Array.of(0x22, 0xff, 0x22)))).toThrow(InvalidRequest)
  })

  test('a length over the limit is refused before the content comes', () => {
    const tooLong = encodeFrame(new Uint8Array(MAX_REQUEST_BYTES + 1)).subarray(0, 2)
    expect(() => requestReader().push(tooLong)).toThrow(InvalidRequest)
    expect(() => requestReader().push(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0x01))).toThrow(InvalidRequest)
  })

  test('bytes after the request are refused', () => {
    const bytes = encodeRequest(EXAMPLES.fee_hint)
    expect(() => requestReader().push(Uint8Array.of(...bytes, 0))).toThrow(InvalidRequest)
    expect(() => requestReader().push(Uint8Array.of(...bytes, ...bytes))).toThrow(InvalidRequest)
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
  const answer = (bytes: Uint8Array) => Uint8Array.of(...encodeHeader('ok', bytes.length), ...bytes)

  test('arrive whole in pieces of any size', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.integer({ min: 1, max: 60 }), (content, size) => {
        const reader = answerReader(500)
        const all = answer(content)
        for (let i = 0; i < all.length; i += size) {
          expect(reader.finished()).toBeNull()
          reader.push(all.subarray(i, i + size))
        }
        expect(reader.finished()).toEqual({ status: 'ok', bytes: content })
      }),
    )
  })

  test('a length over the limit is refused with the header alone', () => {
    expect(() => answerReader(10).push(encodeHeader('ok', 11))).toThrow(InvalidAnswerFrame)
    expect(() => answerReader(1 << 20).push(encodeHeader('busy', MAX_REASON_BYTES + 1))).toThrow(InvalidAnswerFrame)
    expect(() => answerReader(1 << 20).push(Uint8Array.of(STATUS.ok, 0xff, 0xff, 0xff, 0xff))).toThrow(
      InvalidAnswerFrame,
    )
  })

  test('surplus bytes are refused, at once and later', () => {
    expect(() => answerReader(10).push(Uint8Array.of(...answer(Uint8Array.of(1, 2)), 3))).toThrow(InvalidAnswerFrame)
    const reader = answerReader(10)
    reader.push(answer(Uint8Array.of(1, 2)))
    expect(() => reader.push(Uint8Array.of(3))).toThrow(InvalidAnswerFrame)
  })

  test('an unknown status is refused', () => {
    expect(() => answerReader(10).push(Uint8Array.of(9, 0, 0, 0, 0))).toThrow(/unknown status 9/)
  })

  test('a refusal carries a reason without control characters, within its limit', () => {
    const long = encodeRefusal('rejected', `nonce\u0000\u202e too\nlow ${'x'.repeat(2000)}`)
    expect(long.length).toBe(HEADER_BYTES + MAX_REASON_BYTES)
    const reader = answerReader(0)
    reader.push(long)
    expect(reader.finished()).toMatchObject({ status: 'rejected', reason: expect.stringMatching(/^nonce too low x+$/) })
  })
})
