import { afterEach, expect, test } from 'vitest'
import { platformClock } from '../infrastructure/clock.ts'
import { type EvidenceSource, NotAvailable, SourceUnreachable } from './evidence-source.ts'
import type { BrowserNode, BrowserNodeOptions } from './libp2p/browser-node.ts'
import { LocalNetworkDenied } from './local-network.ts'
import { clonedChannel } from './message-channel.ts'
import { carryPeers, commandPeers } from './peer-carriage.ts'
import type { TurnServer } from './turn-address.ts'

const NETWORK = { name: 'test', chainId: 1337, genesis: { validatorsRoot: `0x${'5a'.repeat(32)}` } }
const BRIDGES = ['/ip4/127.0.0.1/tcp/1/ws/p2p/12D3KooWa']
const settle = () => new Promise((resolve) => setTimeout(resolve, 30))

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup()
})

const source = (id: string): EvidenceSource => ({
  description: { id, carrier: 'webrtc', words: id },
  serves: () => true,
  request: async () => ({ bytes: Uint8Array.of(1), from: { id, carrier: 'webrtc', words: id } }),
  close: async () => {},
})

/** A document with a node that connects to nobody, and a worker that can come back. */
function setUp() {
  const { port1, port2 } = new MessageChannel()
  cleanups.push(() => port1.close())
  const log: string[] = []
  const nodes: BrowserNodeOptions[] = []
  let loseWorker = () => {}
  const onLost = (handler: () => void) => {
    loseWorker = handler
    return () => {}
  }
  const carrier = carryPeers(
    { ...clonedChannel(port1), onLost },
    {
      clock: platformClock,
      loadPairing: () => Promise.reject(new Error('nobody pairs here')),
      loadNode: async () => ({
        async createBrowserNode(options) {
          const name = `node ${nodes.push(options)}`
          log.push(`${name} starts`)
          options.onSource(source(`peer of ${name}`))
          const close = async () => {
            await settle()
            log.push(`${name} closed`)
            options.onSourceGone(`peer of ${name}`)
          }
          const bar = (id: string) => log.push(`${name} bars ${id}`)
          return { close, bar, wake: () => log.push(`${name} woken`) } as unknown as BrowserNode
        },
      }),
    },
  )
  const known = new Set<string>()
  const command = (bridges = BRIDGES, turn: readonly TurnServer[] = [], served = source('served')) =>
    commandPeers(
      clonedChannel(port2),
      { bridges, network: NETWORK, turn },
      {
        clock: platformClock,
        onSource: ({ description }) => known.add(description.id),
        onSourceGone: (id) => known.delete(id),
        validate: async () => 'ignore',
        served,
      },
    )
  return { carrier, log, known, nodes, command, loseWorker: () => loseWorker() }
}

test('nothing runs before it is commanded; then its peers are the worker’s sources', async () => {
  const { log, known, nodes, command } = setUp()
  await settle()
  expect(log).toEqual([])
  command()
  await settle()
  expect(log).toEqual(['node 1 starts'])
  expect(nodes[0]?.bridges).toEqual(BRIDGES)
  expect([...known]).toEqual(['peer of node 1'])
})

test('a worker that comes back finds its node and its peers as they were', async () => {
  const { log, known, command } = setUp()
  command()
  await settle()
  known.clear()
  for (let life = 2; life < 4; life++) command()
  await settle()
  expect(log).toEqual(['node 1 starts'])
  expect([...known]).toEqual(['peer of node 1'])
})

test('peers are refused at once while there is no worker, and answered by the next one', async () => {
  const { log, nodes, command, loseWorker } = setUp()
  const silent: EvidenceSource = { ...source('served'), request: () => new Promise(() => {}) }
  command(BRIDGES, [], silent)
  await settle()
  const { serve } = nodes[0]!
  const ask = () => serve!.request({ type: 'finality_update' }, new AbortController().signal)
  const underWay = ask()
  await settle()
  loseWorker()
  await expect(underWay).rejects.toBeInstanceOf(SourceUnreachable)
  // It is not said that such evidence is never to be had here.
  expect(serve!.serves('finality_update')).toBe(true)
  await expect(ask()).rejects.toBeInstanceOf(NotAvailable)
  command()
  await settle()
  expect((await ask()).bytes).toEqual(Uint8Array.of(1))
  expect(log).toEqual(['node 1 starts'])
})

test('other bridges mean another node, after the first has closed; no bridges mean none', async () => {
  const { log, known, command } = setUp()
  command()
  await settle()
  const second = command(['/ip4/127.0.0.1/tcp/2/ws/p2p/12D3KooWb'])
  await settle()
  await settle()
  expect(log).toEqual(['node 1 starts', 'node 1 closed', 'node 2 starts'])
  expect([...known]).toEqual(['peer of node 2'])
  second.close()
  await settle()
  await settle()
  expect(log.at(-1)).toBe('node 2 closed')
})

test('a bridge the browser keeps the page from stands among the sources, saying why, until it is reached', async () => {
  const { known, nodes, command } = setUp()
  const commanded = command()
  await settle()
  const denial = new LocalNetworkDenied('/ip4/192.168.1.5/tcp/1/ws')
  const state = (cause: Error) => ({ state: 'waiting', cause, until: 0 }) as const
  nodes[0]?.onBridgeState?.('12D3KooWa', state(new Error('refused')))
  await settle()
  expect(known).toEqual(new Set(['peer of node 1']))
  nodes[0]?.onBridgeState?.('12D3KooWa', state(denial))
  await settle()
  expect(known).toEqual(new Set(['peer of node 1', '12D3KooWa denied']))
  nodes[0]?.onBridgeState?.('12D3KooWa', { state: 'connected', reachable: false })
  await settle()
  expect(known).toEqual(new Set(['peer of node 1']))
  nodes[0]?.onBridgeState?.('12D3KooWa', state(denial))
  commanded.close()
  await settle()
  expect(known.has('12D3KooWa denied')).toBe(false)
})

test('the user’s TURN servers reach the node, and other ones mean another node', async () => {
  const { nodes, command } = setUp()
  const turn = { urls: 'turn:turn.example', username: 'me', credential: 'secret' }
  command(BRIDGES, [turn])
  await settle()
  expect(nodes[0]?.iceServers).toEqual([turn])
  command(BRIDGES)
  await settle()
  await settle()
  expect(nodes[1]?.iceServers).toEqual([])
})

test('a liar the worker names is barred, by the next node too', async () => {
  const { log, command } = setUp()
  const first = command()
  await settle()
  first.bar('liar')
  await settle()
  expect(log).toEqual(['node 1 starts', 'node 1 bars liar'])
  command(['/ip4/127.0.0.1/tcp/2/ws/p2p/12D3KooWb'])
  await settle()
  await settle()
  expect(log.slice(2)).toEqual(['node 1 closed', 'node 2 starts', 'node 2 bars liar'])
})

test('the document that closes takes its node along', async () => {
  const { carrier, log, command } = setUp()
  command()
  await settle()
  carrier.wake()
  await settle()
  await carrier.close()
  expect(log).toEqual(['node 1 starts', 'node 1 woken', 'node 1 closed'])
})
