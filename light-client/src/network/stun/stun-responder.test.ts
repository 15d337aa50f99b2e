import { expect, it } from 'vitest'
import { manualClock } from '../libp2p/test-nodes.ts'
import { stunResponder } from './stun-responder.ts'

const REQUEST = Uint8Array.from([0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, ...Array(12).fill(7)])
const v4 = (last: number) => ({ ip: Uint8Array.of(192, 0, 2, last), port: 1000 + last })
const v6 = (subnet: number, host: number) => ({
  ip: Uint8Array.from([0x20, 1, 0xd, 0xb8, 0, 0, 0, subnet, 0, 0, 0, 0, 0, 0, 0, host]),
  port: 9,
})

it('limits each address and lets it come back; others are not touched', () => {
  const clock = manualClock()
  const stun = stunResponder(clock)
  const ask = (from: { ip: Uint8Array; port: number }, times: number) =>
    Array.from({ length: times }, () => stun.respond(REQUEST, from)).filter((answer) => answer !== null).length
  expect(ask(v4(1), 150)).toBe(100)
  expect(ask({ ...v4(1), port: 77 }, 10)).toBe(0) // another port is no other host
  expect(ask(v4(2), 10)).toBe(10)
  clock.advance(1000)
  expect(ask(v4(1), 30)).toBe(20)
  expect(stun.counts).toEqual({ answered: 130, refused: 0, malformed: 0, limited: 70 })
})

it('counts an IPv6 network of 64 bits as one host', () => {
  const stun = stunResponder(manualClock())
  let answered = 0
  for (let host = 0; host < 150; host++) if (stun.respond(REQUEST, v6(1, host))) answered++
  expect(answered).toBe(100)
  expect(stun.respond(REQUEST, v6(2, 1))).not.toBeNull()
})

it('bounds what many forged addresses can have it send', () => {
  const clock = manualClock()
  const stun = stunResponder(clock)
  let answered = 0
  for (let i = 0; i < 5000; i++)
    if (stun.respond(REQUEST, { ip: Uint8Array.of(10, 0, i >> 8, i & 255), port: 1 })) answered++
  expect(answered).toBe(2000)
  clock.advance(1000)
  expect(stun.respond(REQUEST, v4(1))).not.toBeNull()
})

it('forgets addresses when there are too many, however each was used', () => {
  const clock = manualClock()
  const stun = stunResponder(clock)
  for (let i = 0; i < 100; i++) expect(stun.respond(REQUEST, v4(1))).not.toBeNull()
  expect(stun.respond(REQUEST, v4(1))).toBeNull()
  for (let i = 0; i < 4200; i++) stun.respond(REQUEST, { ip: Uint8Array.of(10, 0, i >> 8, i & 255), port: 1 })
  clock.advance(2)
  expect(stun.respond(REQUEST, v4(1))).not.toBeNull()
})

it('malformed datagrams get nothing and cost their share', () => {
  const stun = stunResponder(manualClock())
  for (let i = 0; i < 100; i++) expect(stun.respond(Uint8Array.of(1, 2, 3), v4(3))).toBeNull()
  expect(stun.respond(REQUEST, v4(3))).toBeNull()
  expect(stun.counts).toEqual({ answered: 0, refused: 0, malformed: 100, limited: 1 })
})

it('answers 420 to what it does not know', () => {
  const stun = stunResponder(manualClock())
  const asked = Uint8Array.from([...REQUEST, 0x00, 0x24, 0, 0])
  asked[3] = 4
  expect(stun.respond(asked, v4(4))?.slice(0, 2)).toEqual(Uint8Array.of(0x01, 0x11))
  expect(stun.counts.refused).toBe(1)
})
