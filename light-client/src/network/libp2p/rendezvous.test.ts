import { afterEach, beforeEach, expect, test } from 'vitest'
import { platformClock } from '../../infrastructure/clock.ts'
import { platformRandom } from '../../infrastructure/random.ts'
import { encodeFrame } from './frame.ts'
import { networkLabel } from './network-identity.ts'
import type { Connection } from './node-types.ts'
import {
  type Announcement,
  attendRendezvous,
  BridgeSilent,
  hostRendezvous,
  RENDEZVOUS_PROTOCOL,
  type Rendezvous,
} from './rendezvous.ts'
import { MAX_NEIGHBOURS } from './ring.ts'
import { NETWORK, startNode, type TestNode, until } from './test-nodes.ts'

const LABEL = networkLabel(NETWORK)
/** Milliseconds. */
let ahead = 0
const clock = { ...platformClock, now: () => platformClock.now() + ahead }
const HOSTED = { label: LABEL, clock, random: platformRandom }
const nodes: TestNode[] = []
let bridge: TestNode
let rendezvous: Rendezvous

beforeEach(async () => {
  bridge = await startNode(['/ip4/127.0.0.1/tcp/0/ws'])
  nodes.push(bridge)
  rendezvous = await hostRendezvous(bridge.node, HOSTED)
})
afterEach(async () => {
  await rendezvous.close()
  for (const { node } of nodes.splice(0)) await node.stop()
  ahead = 0
})

async function connect(): Promise<{ id: string; connection: Connection }> {
  const started = await startNode()
  nodes.push(started)
  return { id: started.node.peerId.toString(), connection: await started.node.dial(bridge.node.getMultiaddrs()) }
}

function attend(connection: Connection, label = LABEL) {
  const lists: string[][] = []
  const controller = new AbortController()
  const stun: (number | null)[] = []
  const onAnnouncement = (announcement: Announcement) => {
    lists.push([...announcement.peers])
    stun.push(announcement.stun)
  }
  const ended = attendRendezvous(connection, label, onAnnouncement, controller.signal, platformClock)
  ended.catch(() => {})
  return { lists, stun, ended, leave: () => controller.abort(new Error('leaving')) }
}

test('members hear of each other, also of those who come and go later', async () => {
  const [one, two, three] = [await connect(), await connect(), await connect()]
  const first = attend(one.connection)
  const second = attend(two.connection)
  await until(() => first.lists.at(-1)?.join() === two.id && second.lists.at(-1)?.join() === one.id)
  const third = attend(three.connection)
  await until(() => first.lists.at(-1)?.length === 2 && third.lists.at(-1)?.length === 2)
  expect(rendezvous.members()).toHaveLength(3)
  second.leave()
  await until(() => first.lists.at(-1)?.join() === three.id)
  await expect(second.ended).rejects.toThrow('leaving')
  await two.connection.close()
  three.connection.abort(new Error('cable cut'))
  await until(() => first.lists.at(-1)?.length === 0)
  expect(rendezvous.members()).toEqual([one.id])
})

test('members hear where STUN is answered, if it is', async () => {
  const without = attend((await connect()).connection)
  await until(() => without.lists.length > 0)
  expect(without.stun[0]).toBeNull()
  const other = await startNode(['/ip4/127.0.0.1/tcp/0/ws'])
  nodes.push(other)
  await hostRendezvous(other.node, { ...HOSTED, stun: 3478 })
  const member = attend(await nodes[1]!.node.dial(other.node.getMultiaddrs()))
  await until(() => member.lists.length > 0)
  expect(member.stun[0]).toBe(3478)
})

test.each(['"3478"', '0', '65536', '1.5', '{}'])('a STUN port of %s ends the stream', async (port) => {
  const liar = await startNode(['/ip4/127.0.0.1/tcp/0/ws'])
  nodes.push(liar)
  await liar.node.handle(RENDEZVOUS_PROTOCOL, (stream) => {
    stream.addEventListener('message', () => {
      stream.send(encodeFrame(new TextEncoder().encode(`{"peers":[],"stun":${port}}`)))
    })
  })
  const member = attend(await (await startNode()).node.dial(liar.node.getMultiaddrs()))
  await expect(member.ended).rejects.toThrow('STUN port')
  expect(member.lists).toEqual([])
})

test('a peer of another network, and one that talks too much, is sent away', async () => {
  const stranger = await connect()
  await expect(attend(stranger.connection, 'mainnet-1/4b363db9').ended).rejects.toThrow()
  const chatty = await connect()
  const stream = await chatty.connection.newStream(RENDEZVOUS_PROTOCOL)
  const hello = encodeFrame(new TextEncoder().encode(JSON.stringify({ network: LABEL })))
  stream.send(hello)
  stream.send(hello)
  await until(() => stream.status !== 'open')
  expect(rendezvous.members()).toEqual([])
})

test('names that are all at one address take half of the places, and come back to their own', async () => {
  await rendezvous.close()
  rendezvous = await hostRendezvous(bridge.node, { ...HOSTED, most: 4 })
  const [one, two, three] = [await connect(), await connect(), await connect()]
  const first = attend(one.connection)
  attend(two.connection)
  await until(() => rendezvous.members().length === 2)
  await expect(attend(three.connection).ended).rejects.toThrow()
  const again = attend(one.connection)
  await expect(first.ended).rejects.toThrow()
  await until(() => again.lists.at(-1)?.join() === two.id)
  expect(rendezvous.members()).toHaveLength(2)
  again.leave()
  await until(() => rendezvous.members().length === 1)
  attend(three.connection)
  await until(() => rendezvous.members().includes(three.id))
})

test('a bridge without a rendezvous is told apart from one that is gone', async () => {
  const { connection } = await connect()
  await rendezvous.close()
  await expect(attend(connection).ended).rejects.not.toBeInstanceOf(BridgeSilent)
  connection.abort(new Error('cable cut'))
  await expect(attend(connection).ended).rejects.toBeInstanceOf(BridgeSilent)
})

test.each([
  [
    'a list that is too long',
    { peers: Array(MAX_NEIGHBOURS + 1).fill('12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo') },
  ],
  ['something that is no peer id', { peers: ['<script>'] }],
  ['no list', {}],
])('%s from a bridge ends the attendance', async (_what, frame) => {
  await bridge.node.unhandle(RENDEZVOUS_PROTOCOL)
  await bridge.node.handle(RENDEZVOUS_PROTOCOL, (stream) => {
    stream.addEventListener('message', () => stream.send(encodeFrame(new TextEncoder().encode(JSON.stringify(frame)))))
  })
  const { connection } = await connect()
  const { ended, lists } = attend(connection)
  await expect(ended).rejects.toThrow(/the frame has no/)
  expect(lists).toEqual([])
})

test('a list is sent when it has changed, not when others have', async () => {
  const one = await connect()
  const first = attend(one.connection)
  await until(() => first.lists.length === 1)
  // comes twice: the same member, whose neighbours stay the same
  const two = await connect()
  const before = attend(two.connection)
  await until(() => before.lists.length === 1)
  const after = attend(two.connection)
  await until(() => after.lists.length === 1)
  expect(first.lists).toEqual([[], [two.id]])
})

test('who comes again and again keeps nobody from hearing an old list again in time', async () => {
  const [one, two] = [await connect(), await connect()]
  const first = attend(one.connection)
  attend(two.connection)
  await until(() => first.lists.at(-1)?.join() === two.id)
  const told = first.lists.length
  const again = attend(two.connection)
  await until(() => again.lists.length > 0)
  expect(first.lists).toHaveLength(told)
  ahead = 30_000
  const oncemore = attend(two.connection)
  await until(() => oncemore.lists.length > 0 && first.lists.length > told)
  expect(first.lists.at(-1)).toEqual([two.id])
})
