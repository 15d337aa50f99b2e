import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../../data/hex.ts'
import { bindingSuccess, readBindingRequest, unknownAttributes, xorAddress } from './stun-message.ts'

const bytes = (hex: string) => fromHex(`0x${hex.replaceAll(/\s/g, '')}`, 'vector')
const ID = bytes('b7e7a701bc34d686fa87dfae')

/** RFC 5769, section 2.1: a request as ICE makes it. */
const SAMPLE_REQUEST = bytes(`
  00010058 2112a442 b7e7a701 bc34d686 fa87dfae
  80220010 5354554e 20746573 7420636c 69656e74
  00240004 6e0001ff
  80290008 932ff9b1 51263b36
  00060009 6576746a 3a683676 59202020
  00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2
  80280004 e57a3bcf`)
/** Section 2.2 and 2.3: the XOR-MAPPED-ADDRESS of the sample responses. */
const IPV4 = { ip: Uint8Array.of(192, 0, 2, 1), port: 32853, mapped: '00200008 0001a147 e112a643' }
const IPV6 = {
  ip: bytes('20010db8123456780011223344556677'),
  port: 32853,
  mapped: '00200014 0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9',
}

const plain = (attributes = ''): Uint8Array => {
  const body = bytes(attributes)
  return bytes(`0001${body.length.toString(16).padStart(4, '0')}2112a442${toHex(ID).slice(2)}${attributes}`)
}

describe('the vectors of RFC 5769', () => {
  it('the sample request is read; PRIORITY, which only ICE knows, is not understood', () => {
    expect(readBindingRequest(SAMPLE_REQUEST)).toEqual({ transactionId: ID, fingerprint: true, unknown: [0x0024] })
  })
  it.each([IPV4, IPV6])('the mapped address of $ip is written as in the sample response', ({ ip, port, mapped }) => {
    const response = bindingSuccess({ transactionId: ID, fingerprint: false, unknown: [] }, { ip, port })
    const attribute = bytes(mapped)
    expect(response.slice(20)).toEqual(attribute)
    expect(response.slice(0, 8)).toEqual(bytes(`0101 00${attribute.length.toString(16).padStart(2, '0')} 2112a442`))
    expect(response.slice(8, 20)).toEqual(ID)
    expect(xorAddress(xorAddress(ip, ID), ID)).toEqual(ip)
  })
  it('no bit of the sample request can change and the fingerprint still hold', () => {
    for (let bit = 0; bit < SAMPLE_REQUEST.length * 8; bit++) {
      const changed = SAMPLE_REQUEST.slice()
      changed[bit >> 3]! ^= 1 << (bit & 7)
      // a length that changed may hide the fingerprint; it is never taken for a right one
      expect(readBindingRequest(changed)?.fingerprint ?? false).toBe(false)
    }
  })
})

describe('requests', () => {
  it('without attributes are answered with the address alone', () => {
    const request = readBindingRequest(plain())!
    expect(request).toEqual({ transactionId: ID, fingerprint: false, unknown: [] })
    expect(bindingSuccess(request, IPV4).length).toBe(20 + 12)
  })
  it('with a fingerprint are answered with one that holds', () => {
    const response = bindingSuccess({ transactionId: ID, fingerprint: true, unknown: [] }, IPV4)
    expect(response.length).toBe(20 + 12 + 8)
    const printed = new DataView(response.buffer).getUint32(36)
    expect(printed).toBe((crc32(response.subarray(0, 32)) ^ 0x5354554e) >>> 0)
  })
  it('name each unknown attribute once, in order, and get 420', () => {
    const request = readBindingRequest(plain('00240004 00000000 00030000 00240000 80290000'.replaceAll(' ', '')))!
    expect(request.unknown).toEqual([0x0024, 0x0003])
    const response = unknownAttributes(request)
    expect(toHex(response.slice(0, 2))).toBe('0x0111')
    expect(toHex(response.slice(20))).toBe('0x0009000400000414000a000400240003')
  })
  it('ignore what follows the integrity, which nobody vouches for', () => {
    expect(readBindingRequest(plain(`00080014${'00'.repeat(20)}00240000`))!.unknown).toEqual([])
  })
  it.each([
    ['nothing', ''],
    ['too short a header', '000100002112a442b7e7a701bc34d686fa87df'],
    ['no cookie', `00010000deadbeef${'00'.repeat(12)}`],
    ['another length', `000100042112a442${'00'.repeat(12)}`],
    ['bytes after the end', `000100002112a442${'00'.repeat(12)}00000000`],
    ['an attribute beyond the end', `000100042112a442${'00'.repeat(12)}80220004`],
    ['an odd length', `000100022112a442${'00'.repeat(12)}8022`],
    ['an indication', `001100002112a442${'00'.repeat(12)}`],
    ['a response', `010100002112a442${'00'.repeat(12)}`],
    ['another method (TURN Allocate)', `000300002112a442${'00'.repeat(12)}`],
    ['a wrong fingerprint', `000100082112a442${'00'.repeat(12)}8028000400000000`],
    ['far too much', `000102142112a442${'00'.repeat(12)}${'80220000'.repeat(133)}`],
  ])('%s is dropped', (_, hex) => {
    expect(readBindingRequest(bytes(hex))).toBeNull()
  })
})

it('whatever comes, nothing throws, and no response is more than 2.2 times its request', () => {
  const attribute = fc
    .tuple(fc.integer({ min: 0, max: 0xffff }), fc.uint8Array({ maxLength: 12 }))
    .map(([type, value]) => {
      const head = Uint8Array.of(type >> 8, type & 0xff, 0, value.length)
      return [...head, ...value, ...new Uint8Array((4 - (value.length % 4)) % 4)]
    })
  const message = fc.array(attribute, { maxLength: 20 }).map((attributes) => {
    const body = attributes.flat()
    return Uint8Array.from([0, 1, body.length >> 8, body.length & 0xff, 0x21, 0x12, 0xa4, 0x42, ...ID, ...body])
  })
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), message), (datagram) => {
      const request = readBindingRequest(datagram)
      if (!request) return
      const response = request.unknown.length > 0 ? unknownAttributes(request) : bindingSuccess(request, IPV6)
      expect(response.length).toBeLessThanOrEqual(datagram.length * 2.2)
    }),
  )
})
