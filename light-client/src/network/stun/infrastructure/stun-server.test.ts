import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { platformClock } from '../../../infrastructure/clock.ts'
import { xorAddress } from '../stun-message.ts'
import { ipBytes } from './ip-bytes.ts'
import { startStunServer } from './stun-server.ts'

const ID = Array.from({ length: 12 }, (_, i) => i + 1)
const REQUEST = Uint8Array.from([0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, ...ID])

it('tells a client its address, is not disturbed by garbage, and gives its port back', async () => {
  const server = await startStunServer('127.0.0.1', 0, platformClock)
  const client = createSocket('udp4')
  client.bind(0, '127.0.0.1')
  await once(client, 'listening')
  client.send('garbage', server.port, '127.0.0.1')
  client.send(new Uint8Array(0), server.port, '127.0.0.1')
  client.send(REQUEST, server.port, '127.0.0.1')
  const [answer] = (await once(client, 'message')) as [Buffer]
  expect(answer.readUInt16BE(26) ^ 0x2112).toBe(client.address().port)
  expect([...xorAddress(answer.subarray(28), Uint8Array.from(ID))]).toEqual([127, 0, 0, 1])
  expect(server.counts).toMatchObject({ answered: 1, malformed: 2 })
  client.close()
  await expect(startStunServer('127.0.0.1', server.port, platformClock)).rejects.toThrow('EADDRINUSE')
  await server.close()
  await (await startStunServer('127.0.0.1', server.port, platformClock)).close()
})

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8::11:2233', '32.1.13.184.0.0.0.0.0.0.0.0.0.17.34.51'],
  ['fe80::1%eth0', '254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.1'],
  ['::', '0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0'],
  ['::1', '0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1'],
  ['1:2:3:4:5:6:7:8', '0.1.0.2.0.3.0.4.0.5.0.6.0.7.0.8'],
])('reads %s', (text, bytes) => expect(ipBytes(text)?.join('.')).toBe(bytes))

it('what is no address is none', () => expect(ipBytes('localhost')).toBeNull())
